import pytest
from sqlalchemy import select

from hsh.db import db
from hsh.models.people import User, UserRole

GOOD = "kopi-o kosong 2026"


@pytest.fixture
def add(app):
    def run(*args, typed=f"{GOOD}\n{GOOD}\n"):
        return app.test_cli_runner().invoke(args=["user", "add", *args], input=typed)

    return run


def users():
    return db.session.scalars(select(User)).all()


def test_a_person_added_has_the_roles_and_a_hashed_password(add):
    done = add("ah.seng", "--name", "Tan Ah Seng", "--role", "driver", "--role", "supervisor")
    assert done.exit_code == 0, done.output
    assert done.stdout.endswith("ah.seng can sign in.\n")
    assert GOOD not in done.output
    (user,) = users()
    assert user.name == "Tan Ah Seng"
    assert user.password_hash.startswith("$argon2id$")
    assert set(db.session.scalars(select(UserRole.role))) == {"driver", "supervisor"}


def test_the_password_can_come_through_a_pipe(add):
    done = add("mei", "--name", "Mei", "--role", "admin", "--password-stdin", typed=f"{GOOD}\n")
    assert (done.exit_code, done.stdout) == (0, "mei can sign in.\n")


@pytest.mark.parametrize(
    ("args", "typed", "reason"),
    [
        (("ah seng",), GOOD, "The username must be 1 to 40 small letters"),
        (("a",), "short", "The password must have at least 10 characters."),
        (("a",), "", "The password must have at least 10 characters."),
        (("a",), "x" * 201, "The password must have at most 200 characters."),
        (("ah.seng",), "my name is ah.seng", "The password is too easy to guess"),
        (("a", "--name", " "), GOOD, "The name must be 1 to 200 characters"),
        (("a", "--depot", "MOON"), GOOD, "There is no depot with the code MOON."),
    ],
)
def test_what_will_not_do_is_told_and_nobody_is_added(add, args, typed, reason):
    options = ("--name", "A", "--role", "driver", "--password-stdin")
    done = add(args[0], *options, *args[1:], typed=typed)
    assert done.exit_code == 1
    assert reason in done.stderr
    assert users() == []


def test_a_name_that_is_taken_is_told(add):
    add("mei", "--name", "Mei", "--role", "admin")
    again = add("Mei", "--name", "Another", "--role", "driver")
    assert again.exit_code == 1
    assert "There is a user mei already." in again.stderr
    assert [user.name for user in users()] == ["Mei"]


@pytest.mark.parametrize("args", [("a", "--name", "A"), ("a", "--name", "A", "--role", "king")])
def test_a_role_is_needed_and_must_be_one(add, args):
    assert add(*args).exit_code == 2
    assert users() == []
