import pytest
from sqlalchemy import text

from hsh.db import db
from tests.only import on_sqlite


def test_it_is_alive_without_the_database(visitor, monkeypatch):
    answer = visitor.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"ok": True})
    assert "Set-Cookie" not in answer.headers


def test_it_is_ready_when_migrated_and_guarded(visitor):
    answer = visitor.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"ok": True, "faults": []})


@on_sqlite
@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        ("UPDATE alembic_version SET version_num = '0000'", "migrations"),
        ("DROP TABLE alembic_version", "migrations"),
        ("DROP TRIGGER stock_moves_no_update", "triggers"),
    ],
)
def test_it_is_not_ready_when_something_is_missing(app, visitor, damage, fault):
    with db.engine.begin() as connection:
        connection.execute(text(damage))
    answer = visitor.get("/readyz")
    assert (answer.status_code, answer.json) == (503, {"ok": False, "faults": [fault]})
