import json

import pytest

from hsh.blueprints.access import public
from tests import given
from tests.visitor import Visitor


@pytest.fixture
def lines(capsys):
    """What was logged since last asked, as data: one line each."""
    return lambda: [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_each_request_is_one_line(signed_in, lines):
    driver = given.a_driver()
    person = signed_in(driver)
    lines()
    answer = person.get("/account/")
    (line,) = lines()
    assert line["request"] == answer.headers["X-Request-ID"]
    assert (line["user"], line["route"], line["status"]) == (driver.username, "account.own", 200)
    assert (line["method"], line["path"]) == ("GET", "/account/")
    assert line["ms"] >= 0


def test_it_keeps_the_id_that_a_proxy_gave(visitor, lines):
    visitor.get("/healthz", headers={"X-Request-ID": "from-the-proxy.1"})
    assert lines()[0]["request"] == "from-the-proxy.1"


@pytest.mark.parametrize("forged", ["short", "x" * 65, 'a"},{"status":200', "two words here"])
def test_it_makes_an_id_of_its_own_when_the_given_one_is_unfit(visitor, lines, forged):
    visitor.get("/healthz", headers={"X-Request-ID": forged})
    assert lines()[0]["request"] != forged


def test_no_secret_is_written_down(visitor, lines):
    driver = given.a_driver()
    visitor.post(
        "/login?next=/sites?q=secret-search",
        {"username": driver.username, "password": "secret-password", "note": "secret-note"},
    )
    assert "secret" not in json.dumps(lines())


def test_a_bug_is_logged_with_its_traceback_under_the_same_id(make_app, lines):
    app = make_app()
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/bug", "bug", public(lambda: 1 / 0))
    answer = Visitor(app).get("/bug")
    bug, request = lines()
    assert "ZeroDivisionError" in bug["exception"]
    assert bug["request"] == request["request"] == answer.headers["X-Request-ID"]
    assert (request["status"], bug["level"]) == (500, "error")
