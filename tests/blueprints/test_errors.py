import logging
import sqlite3

import pytest
from flask import abort
from sqlalchemy.exc import OperationalError

from hsh.blueprints.access import public
from hsh.core.refusals import NotEnoughStock, StaleVersion
from tests import given
from tests.visitor import Visitor, is_page, words

PROGRAM = {"Accept": "application/json"}


def failing(status):
    return public(lambda: abort(status))


@pytest.fixture
def broken(make_app):
    """An app with a page for every way to fail."""
    app = make_app()
    for status in (400, 403, 404, 405, 409, 413, 422, 429, 500, 503):
        app.add_url_rule(f"/fail/{status}", f"fail{status}", failing(status))

    @app.get("/stale")
    @public
    def stale():
        raise StaleVersion

    @app.get("/short")
    @public
    def short():
        shortage = {"place": "Truck T1", "equipment": "CYL 9 kg", "condition": "full"}
        raise NotEnoughStock(shortages=[shortage | {"there": 2, "wanted": 3}])

    @app.get("/down")
    @public
    def down():
        raise OperationalError("SELECT 1", {}, sqlite3.OperationalError("no disk"))

    @app.get("/bug")
    @public
    def bug():
        raise ZeroDivisionError

    return app


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 422, 429, 500, 503])
def test_every_failure_has_a_page_a_fragment_and_json(broken, status):
    visitor = Visitor(broken)
    page, fragment = visitor.get(f"/fail/{status}"), visitor.get(f"/fail/{status}", htmx=True)
    data = visitor.get(f"/fail/{status}", headers=PROGRAM)
    assert {page.status_code, fragment.status_code, data.status_code} == {status}
    assert is_page(page)
    assert not is_page(fragment)
    assert fragment.headers["HX-Retarget"] == "#notices"
    assert data.json["message"] in page.text


def test_a_refusal_is_said_in_words_with_its_status(broken):
    answer = Visitor(broken).get("/stale")
    assert answer.status_code == 409
    assert "Someone changed this while you had it open" in words(answer)


def test_a_shortage_says_how_many_there_are(broken):
    assert "Truck T1 has 2 full CYL 9 kg; you asked for 3." in words(Visitor(broken).get("/short"))


def test_a_database_that_is_down_is_a_503(broken, caplog):
    broken.logger.propagate = True
    with caplog.at_level(logging.CRITICAL, logger="hsh"):
        answer = Visitor(broken).get("/down")
    assert answer.status_code == 503
    assert "Nothing was changed" in words(answer)


def test_nobody_gets_a_500_when_the_database_goes_away(make_app, tmp_path):
    app = make_app()
    with app.app_context():
        person = given.a_driver()
    visitor = Visitor(app).enter(person)
    with app.app_context():
        from hsh.db import db

        db.session.remove()
        db.engine.dispose()
        db.engine.url = db.engine.url.set(database="/nowhere/hsh.sqlite3")
        db.engine.pool._creator = refuse_connection
    assert [visitor.get(path).status_code for path in ("/", "/account/", "/readyz")] == [503] * 3
    assert [visitor.get(path).status_code for path in ("/healthz", "/login")] == [200, 503]


def refuse_connection(*_):
    raise OperationalError("connect", {}, sqlite3.OperationalError("unable to open database file"))


def test_a_bug_shows_the_number_to_tell_the_office(broken):
    broken.config["PROPAGATE_EXCEPTIONS"] = False
    answer = Visitor(broken).get("/bug", headers={"X-Request-ID": "abcdef0123456789"})
    assert answer.status_code == 500
    assert "abcdef0123456789" in words(answer)
    assert "ZeroDivisionError" not in answer.text


def test_a_wrong_method_says_which_are_right(signed_in):
    answer = signed_in(given.a_driver()).get("/logout")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_too_much_at_once_is_a_413(visitor):
    answer = visitor.post("/login", {"username": "x" * 2_000_000})
    assert answer.status_code == 413
    assert is_page(answer)


@pytest.mark.parametrize("host", ["a" * 64, "a..b"])
@pytest.mark.parametrize("headers", [{}, PROGRAM, {"HX-Request": "true"}])
def test_a_host_that_no_link_can_name_is_not_understood(app, host, headers):
    visitor = app.test_client()
    for method in ("GET", "POST"):
        answer = visitor.open("/login", method=method, headers={"Host": host, **headers})
        assert answer.status_code == 400
        assert answer.mimetype == "text/plain"
        assert "Nothing was changed" in answer.text
