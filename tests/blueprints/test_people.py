"""Who signs in: added, invited, changed and switched off by an admin in the browser."""

import re
from uuid import uuid4

import pytest

from hsh.core import clock
from hsh.core.roles import Role
from hsh.db import db
from hsh.models.books import AuditEntry
from hsh.models.people import User
from hsh.queries.registry import staff
from hsh.queries.verify import verify
from hsh.services.registry import invitations
from tests import given
from tests.visitor import Visitor, words

CHOSEN = "kopi siew dai gao"


@pytest.fixture
def admin(signed_in):
    given.a_company()
    return signed_in(given.an_admin())


def person_of(username):
    return next(one for one in staff.everyone(clock.now()) if one.username == username)


def add(admin, **changes):
    sent = {
        "client_temp_id": str(uuid4()),
        "username": "mei",
        "name": "Lim Mei Mei",
        "roles": "driver",
    } | changes
    return admin.post("/people/new", sent)


def link_to(admin, username):
    page = admin.post(f"/people/{person_of(username).ref}/link")
    return re.search(r'value="http://[^/]+(/welcome/[^"]+)"', page.text)[1]


def test_an_invited_person_chooses_a_password_and_logs_in(app, admin):
    assert add(admin).status_code == 303
    address = link_to(admin, "mei")
    stranger = Visitor(app)
    assert "Welcome, Lim Mei Mei" in words(stranger.get(address))
    assert "You log in as mei." in words(stranger.post(address, {"password": CHOSEN}))
    done = stranger.post("/login", {"username": "mei", "password": CHOSEN})
    assert done.status_code == 303
    assert "Lim Mei Mei" in words(stranger.get("/account/"))


def test_a_link_works_once_and_the_newer_one_alone(app, admin):
    add(admin)
    old, new = link_to(admin, "mei"), link_to(admin, "mei")
    stranger = Visitor(app)
    assert stranger.get(old).status_code == 404
    assert stranger.post(new, {"password": CHOSEN}).status_code == 200
    again = stranger.get(new)
    assert again.status_code == 404
    assert "used before, or is too old" in words(again)


def test_a_link_is_too_old_after_three_days(app, admin):
    add(admin)
    address = link_to(admin, "mei")
    late = clock.now() + invitations.LIFETIME
    with clock.running(lambda: late):
        assert Visitor(app).get(address).status_code == 404


def test_a_weak_password_is_refused_and_the_link_stays_good(app, admin):
    add(admin)
    address = link_to(admin, "mei")
    stranger = Visitor(app)
    for weak in ("", "short", "lim mei mei mei"[:9], "my name is mei"):
        assert stranger.post(address, {"password": weak}).status_code == 422
    assert stranger.post(address, {"password": CHOSEN}).status_code == 200


def test_nobody_logs_in_before_a_password_is_chosen(app, admin):
    add(admin)
    for guess in ("", "nobody signs in with this", "hsh-demo"):
        answer = Visitor(app).post("/login", {"username": "mei", "password": guess})
        assert answer.status_code == 422


def test_the_secret_of_a_link_is_not_in_the_log_nor_in_the_books(app, admin, capsys):
    add(admin)
    address = link_to(admin, "mei")
    secret = address.rpartition("/")[2]
    Visitor(app).get(address)
    assert secret not in capsys.readouterr().out
    kept = db.session.query(AuditEntry.body).filter_by(action="user.invite").one()
    assert secret not in kept.body


def test_a_name_that_is_taken_and_a_person_without_a_role_are_refused(admin):
    add(admin)
    taken = add(admin, name="Someone Else")
    assert taken.status_code == 422
    assert "Someone has this name already." in words(taken)
    assert "Someone Else" in taken.text
    assert add(admin, username="new", roles=[]).status_code == 422
    assert add(admin, username="new", roles="queen").status_code == 422
    assert add(admin, username="new", depots="NOWHERE").status_code == 422
    assert db.session.query(User).filter_by(username="new").count() == 0


def test_a_form_that_comes_twice_adds_one_person(admin):
    form = str(uuid4())
    first, second = (add(admin, client_temp_id=form) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert db.session.query(User).filter_by(username="mei").count() == 1


def test_other_roles_count_at_the_next_click(admin, signed_in):
    person = given.a_driver()
    visitor = signed_in(person)
    assert visitor.get("/documents").status_code == 403
    edited = edit(admin, person, name="Tan Ah Kow", roles="accountant")
    assert edited.status_code == 303
    assert visitor.get("/documents").status_code == 200
    assert "Tan Ah Kow" in words(visitor.get("/account/"))


def test_who_comes_second_sees_both_versions_and_can_go_on(admin):
    person = given.a_driver(name="Tan")
    assert edit(admin, person, name="First", roles="driver").status_code == 303
    second = edit(admin, person, name="Second", roles="driver", version="1")
    assert second.status_code == 409
    assert 'value="Second"' in second.text
    assert "Name First Second" in words(second)  # the field, what stands there, what was typed
    version = re.search(r'name="version" value="(\d+)"', second.text)[1]
    assert edit(admin, person, name="Second", roles="driver", version=version).status_code == 303
    assert person_of(person.username).name == "Second"


def test_the_last_admin_stays_admin(app, signed_in):
    alone = given.an_admin()
    visitor = signed_in(alone)
    for answer in (
        edit(visitor, alone, name="Boss", roles="driver"),
        visitor.post(f"/people/{alone.ref}/off"),
    ):
        assert answer.status_code == 422
        assert "Make someone else admin first." in words(answer)
    given.an_admin()
    assert visitor.post(f"/people/{alone.ref}/off").status_code == 303
    assert visitor.get("/").status_code == 303


def test_who_is_switched_off_is_out_at_once_and_in_again_when_switched_on(admin, signed_in):
    person = given.a_driver()
    visitor = signed_in(person)
    assert admin.post(f"/people/{person.ref}/off").status_code == 303
    assert visitor.get("/").status_code == 303
    assert admin.post(f"/people/{person.ref}/link").status_code == 422
    assert admin.post(f"/people/{person.ref}/on").status_code == 303
    assert visitor.enter(person).get("/").status_code == 200
    assert admin.post(f"/people/{person.ref}/sign-out").status_code == 303
    assert visitor.get("/").status_code == 303


def test_the_books_stay_provable(admin, tmp_path):
    add(admin, roles=["driver", "supervisor"])
    link_to(admin, "mei")
    edit(admin, person_of("mei"), name="Mei", roles="accountant")
    admin.post(f"/people/{person_of('mei').ref}/off")
    admin.post(f"/people/{person_of('mei').ref}/on")
    checks = {one.name: one for one in verify(db.engine, data_dir=tmp_path)}
    said = checks["registry.people_as_audited"].detail
    assert "user admin" in said  # whom the test put there without a word
    assert "mei" not in said
    assert checks["submissions.kept"].ok


@pytest.mark.parametrize("role", [Role.DRIVER, Role.SUPERVISOR, Role.ACCOUNTANT])
def test_only_an_admin_looks_after_people(signed_in, role):
    visitor = signed_in(given.a_user(role))
    assert visitor.get("/people").status_code == 403
    assert visitor.post("/people/new", {"username": "x", "name": "X"}).status_code == 403


def edit(visitor, person, **changes):
    sent = {"version": "1"} | changes
    return visitor.submit(f"/people/{person.ref}", sent)
