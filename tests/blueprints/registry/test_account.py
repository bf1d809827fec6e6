import pytest

from hsh.db import db
from hsh.models.books import AuditEntry
from tests import given
from tests.visitor import location, words

NEW = "another long password"


def change(visitor, current=given.PASSWORD, password=NEW, **kwargs):
    return visitor.post("/account/password", {"current": current, "password": password}, **kwargs)


def test_a_new_password_is_logged_in_with(signed_in, visitor):
    driver = given.a_driver()
    person = signed_in(driver)
    answer = change(person)
    assert (answer.status_code, location(answer)) == (303, "/login")
    assert person.get("/").status_code == 303
    fields = {"username": driver.username, "password": NEW}
    assert location(visitor.post("/login", fields)) == "/"


def test_htmx_is_led_to_log_in_too(signed_in):
    answer = change(signed_in(given.a_driver()), htmx=True)
    assert answer.headers["HX-Redirect"] == "/login"


@pytest.mark.parametrize(
    ("current", "password", "says"),
    [
        ("wrong", NEW, "This is not your password."),
        ("", NEW, "This is needed."),
        (given.PASSWORD, "short", "At least 10 characters."),
        (given.PASSWORD, "x" * 5000, "At most 200 characters."),
        ("x" * 5000, NEW, ""),
        (given.PASSWORD, "", "This is needed."),
    ],
)
def test_what_will_not_do_changes_nothing(signed_in, current, password, says):
    person = signed_in(given.a_driver())
    answer = change(person, current, password)
    assert answer.status_code == 422
    assert says in words(answer)
    assert person.get("/").status_code == 200
    assert db.session.query(AuditEntry).count() == 0


def test_a_stranger_at_the_tablet_cannot_guess_for_ever(signed_in):
    person = signed_in(given.a_driver())
    assert [change(person, "wrong").status_code for _ in range(11)] == [422] * 10 + [429]


def test_no_password_comes_back_in_the_page(signed_in):
    answer = change(signed_in(given.a_driver()), "my wrong secret", "short")
    assert "my wrong secret" not in answer.text
