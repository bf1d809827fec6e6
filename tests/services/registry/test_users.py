import pytest

from hsh.core import clock
from hsh.core.refusals import Invalid, NotFound
from hsh.core.roles import Role
from hsh.db import db
from hsh.models.books import AuditEntry
from hsh.models.people import User
from hsh.queries.registry import people
from hsh.services.registry import passwords, users
from hsh.services.registry.users import NewUser
from tests import given

GOOD = "correct horse battery"


@pytest.fixture(autouse=True)
def _books(app):
    """Each test has books of its own."""


def add(*, demo=False, by=None, **changes):
    fields = {"username": "ahseng", "name": "Tan Ah Seng", "roles": frozenset({Role.DRIVER})}
    return users.add_user(NewUser(**fields | {"password": GOOD} | changes), by=by, demo=demo)


def actions():
    return db.session.scalars(db.select(AuditEntry.action).order_by(AuditEntry.sequence)).all()


def test_it_adds_someone_who_can_be_recognised():
    ref = add()
    person = people.credentials("ahseng")
    assert (person.ref, person.actor.name, person.active) == (ref, "Tan Ah Seng", True)
    assert person.actor.roles == {Role.DRIVER}
    assert passwords.agrees(GOOD, person.password_hash)
    assert GOOD not in person.password_hash


def test_adding_is_audited_without_the_password():
    admin = given.an_admin()
    add(by=admin.actor)
    entry = db.session.query(AuditEntry).one()
    assert (entry.action, entry.actor_id) == ("user.add", admin.id)
    assert '"username":"ahseng"' in entry.body
    assert "password" not in entry.body


def test_a_name_is_kept_in_small_letters_and_once():
    add(username=" AhSeng ")
    with pytest.raises(Invalid) as no:
        add(username="ahseng")
    assert no.value.params["reason"] == "username_taken"


def test_a_supervisor_oversees_depots():
    depot = given.a_depot("JURONG")
    add(roles=frozenset({Role.SUPERVISOR}), depots=frozenset({"JURONG"}))
    assert db.session.query(given.people.UserDepot).one().depot_id == depot.id


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"username": ""}, "username_unfit"),
        ({"username": "a b"}, "username_unfit"),
        ({"username": "x" * 41}, "username_unfit"),
        ({"username": "tan\0"}, "username_unfit"),
        ({"name": "  "}, "name_unfit"),
        ({"name": "x" * 201}, "name_unfit"),
        ({"name": "Tan\x1b"}, "name_unfit"),
        ({"roles": frozenset()}, "roles_missing"),
        ({"depots": frozenset({"NOWHERE"})}, "no_such_depot"),
        ({"password": "short"}, "password_short"),
        ({"password": "x" * 201}, "password_long"),
        ({"password": "hsh-demo"}, "password_short"),
        ({"password": "i am AHSENG"}, "password_obvious"),
    ],
)
def test_what_will_not_do_changes_nothing(changes, reason):
    with pytest.raises(Invalid) as no:
        add(**changes)
    assert no.value.params["reason"] == reason
    assert db.session.query(User).count() == 0
    assert actions() == []


def test_the_demo_password_is_for_demos_alone():
    add(password="hsh-demo", demo=True)
    assert passwords.agrees("hsh-demo", people.credentials("ahseng").password_hash)


def test_a_new_password_signs_out_everywhere(signed_in):
    driver = given.a_driver()
    tablet = signed_in(driver)
    users.set_password(driver.username, GOOD, by=None, demo=False)
    assert passwords.agrees(GOOD, people.credentials(driver.username).password_hash)
    assert tablet.get("/").status_code == 303
    assert actions() == ["user.password"]


def test_someone_switched_off_is_signed_out_everywhere(signed_in):
    driver = given.a_driver()
    tablet = signed_in(driver)
    users.switch_off(driver.username, by=None)
    assert people.open_sessions(driver.actor, clock.now()) == []
    assert tablet.get("/").status_code == 303
    assert actions() == ["user.off"]


def test_an_admin_ends_all_sessions_of_a_lost_tablet(signed_in):
    driver = given.a_driver()
    tablet = signed_in(driver)
    users.sign_out_everywhere(driver.username, by=given.an_admin().actor)
    assert tablet.get("/").status_code == 303
    assert people.credentials(driver.username).active


@pytest.mark.parametrize("act", [users.switch_off, users.sign_out_everywhere])
def test_nobody_is_a_404(act):
    with pytest.raises(NotFound):
        act("nobody", by=None)


def test_each_change_counts_the_version():
    add()
    users.switch_off("ahseng", by=None)
    assert db.session.query(User).one().version == 2
