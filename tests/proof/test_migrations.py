"""The walk through the migrations notices a revision that loses what it should keep."""

import os
import shutil
import textwrap

import pytest

from proof.goals.migrations import DIRECTORY, walk
from proof.runner import Where
from tests.only import on_sqlite

REVISION = """
    from alembic import op
    import sqlalchemy as sa
    from hsh.models import guards

    revision, down_revision = "9999", "{newest}"
    TABLES = ("payments",)

    def upgrade():
        unguard()
        with op.batch_alter_table("payments") as batch:
            batch.add_column(sa.Column("remark", sa.String(20)))
            {upgrade}
        guard({guards})

    def downgrade():
        unguard()
        with op.batch_alter_table("payments") as batch:
            batch.drop_column("remark")
            {downgrade}
        guard()

    def unguard():
        for statement in guards.drop_triggers(TABLES):
            op.execute(statement.replace("TRIGGER", "TRIGGER IF EXISTS"))

    def guard(first=0):
        for statement in guards.create_triggers(op.get_bind().dialect.name, TABLES)[first:]:
            op.execute(statement)
"""


@pytest.fixture
def books():
    where = Where(
        owner=os.environ.get("HSH_TEST_DATABASE"), app=os.environ.get("HSH_TEST_APP_DATABASE")
    )
    with where.books() as opened:
        yield opened


@pytest.fixture
def with_revision(tmp_path):
    """Put one more revision on top of ours, in a folder of its own."""

    def write(*, upgrade="pass", downgrade="pass", guards=""):
        folder = tmp_path / "migrations"
        shutil.copytree(DIRECTORY, folder, ignore=shutil.ignore_patterns("__pycache__"))
        newest = max(file.name for file in folder.glob("versions/*.py"))[:4]
        body = REVISION.format(newest=newest, upgrade=upgrade, downgrade=downgrade, guards=guards)
        (folder / "versions" / "9999_more.py").write_text(textwrap.dedent(body))
        return folder

    return write


def test_a_revision_that_keeps_everything_passes(books, with_revision):
    found = walk(books, with_revision(), 400)
    assert found.faults == []
    assert found.more["rows"] >= 400


def test_a_guard_that_is_not_put_back_is_missed(books, with_revision):
    found = walk(books, with_revision(guards=1), 400)
    assert "guards.in_place: payments_no_update: missing=True" in found.faults[0]


def test_rows_that_change_on_the_way_are_noticed(books, with_revision):
    spoilt = 'op.execute("UPDATE payments SET amount = 1")'
    found = walk(books, with_revision(downgrade=spoilt), 400)
    assert "payments.amount not as before" in found.faults[0]
    assert found.lost


@on_sqlite  # on a server the foreign key holds on to its index
def test_an_index_that_is_lost_is_missed(books, with_revision):
    lost = 'batch.drop_index("ix_payments_transaction_id")'
    back = 'batch.create_index("ix_payments_transaction_id", ["transaction_id"])'
    found = walk(books, with_revision(upgrade=lost, downgrade=back), 400)
    assert any("index ix_payments_transaction_id" in fault for fault in found.faults)
