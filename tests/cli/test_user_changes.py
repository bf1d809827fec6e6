import pytest

from hsh.db import db
from hsh.models.people import User, UserSession
from hsh.services.registry import passwords
from tests import given

NEW = "teh tarik kurang manis"


@pytest.fixture
def user(app):
    def run(*args, typed=""):
        return app.test_cli_runner().invoke(args=["user", *args], input=typed)

    return run


def test_a_new_password_is_the_one_that_counts_and_signs_out_every_browser(user, signed_in):
    person = given.a_driver()
    visitor = signed_in(person)
    done = user("password", person.username, "--password-stdin", typed=f"{NEW}\n")
    assert done.exit_code == 0, done.output
    kept = db.session.get_one(User, person.id, populate_existing=True)
    assert passwords.agrees(NEW, kept.password_hash)
    assert not passwords.agrees(given.PASSWORD, kept.password_hash)
    assert visitor.get("/").status_code == 303


@pytest.mark.parametrize("command", ["off", "sign-out"])
def test_a_person_is_out_at_once(user, signed_in, command):
    person = given.a_driver()
    visitor = signed_in(person)
    assert visitor.get("/").status_code == 200
    assert user(command, person.username).exit_code == 0
    assert visitor.get("/").status_code == 303
    assert all(s.revoked_at for s in db.session.query(UserSession).populate_existing())


@pytest.mark.parametrize("command", ["off", "sign-out"])
def test_a_name_that_nobody_has_is_told(user, command):
    done = user(command, "nobody")
    assert done.exit_code == 1
    assert "There is no user nobody." in done.output


def test_a_weak_password_changes_nothing(user):
    person = given.a_driver()
    done = user("password", person.username, "--password-stdin", typed="short\n")
    assert done.exit_code == 1
    kept = db.session.get_one(User, person.id, populate_existing=True)
    assert passwords.agrees(given.PASSWORD, kept.password_hash)
