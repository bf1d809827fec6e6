import pytest

from hsh.core import clock
from hsh.core.refusals import NotFound
from hsh.db import db
from hsh.models.books import AuditEntry
from hsh.queries.registry import people
from hsh.services.registry import users
from tests import given
from tests.visitor import is_page, location, words


def log_in(visitor, person, password=given.PASSWORD, **kwargs):
    fields = {"username": person.username, "password": password}
    return visitor.post("/login", fields | kwargs.pop("fields", {}), **kwargs)


def test_a_stranger_is_sent_to_log_in(visitor):
    answer = visitor.get("/")
    assert (answer.status_code, location(answer)) == (303, "/login")


def test_the_right_password_opens_today(visitor):
    answer = log_in(visitor, given.a_driver(name="Tan Ah Seng"))
    assert (answer.status_code, location(answer)) == (303, "/")
    assert "Tan Ah Seng" in words(visitor.get("/"))


def test_the_name_may_be_typed_in_capitals(visitor):
    given.a_driver(username="ahseng")
    fields = {"username": " AhSeng ", "password": given.PASSWORD}
    assert visitor.post("/login", fields).status_code == 303


@pytest.mark.parametrize("password", ["wrong", "", "\0", "x" * 5000])
def test_a_wrong_password_is_told_beside_the_field(visitor, password):
    driver = given.a_driver()
    answer = log_in(visitor, driver, password)
    assert answer.status_code == 422
    assert 'id="password-problem"' in answer.text
    assert f'value="{driver.username}"' in answer.text
    assert visitor.get("/").status_code == 303


def test_an_unknown_name_gets_the_same_words_as_a_wrong_password(visitor):
    wrong = visitor.post("/login", {"username": given.a_driver().username, "password": "wrong"})
    unknown = visitor.post("/login", {"username": "nobody", "password": "wrong"})
    assert words(wrong) == words(unknown)


@pytest.mark.parametrize("name", ["", "x" * 5000, "a\0b", "'; DROP TABLE users; --", "\u202eevil"])
def test_hostile_names_change_nothing(visitor, name):
    answer = visitor.post("/login", {"username": name, "password": "wrong"})
    assert answer.status_code == 422


def test_someone_switched_off_cannot_log_in(visitor):
    assert log_in(visitor, given.a_user(active=False)).status_code == 422


def test_logging_in_and_out_is_audited(visitor):
    driver = given.a_driver()
    log_in(visitor, driver, "wrong")
    log_in(visitor, driver)
    visitor.post("/logout")
    actions = db.session.scalars(db.select(AuditEntry.action).order_by(AuditEntry.sequence)).all()
    assert actions == ["session.refuse", "session.open", "session.close"]


def test_an_unknown_name_writes_nothing(visitor):
    visitor.post("/login", {"username": "nobody", "password": "wrong"})
    assert db.session.query(AuditEntry).count() == 0


@pytest.mark.parametrize(
    ("target", "leads_to"),
    [
        ("/account/", "/account/"),
        ("/logistics?truck=T1", "/logistics?truck=T1"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("/login", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nX-Evil: 1", "/"),
    ],
)
def test_it_leads_on_to_own_pages_only(visitor, target, leads_to):
    answer = log_in(visitor, given.a_driver(), fields={"next": target})
    assert location(answer) == leads_to


def test_it_remembers_where_one_wanted_to_go(visitor):
    answer = visitor.get("/account/?tab=1")
    assert location(answer) == "/login?next=/account/?tab%3D1"
    assert 'value="/account/?tab=1"' in visitor.get(location(answer)).text


def test_logging_out_needs_a_post(signed_in):
    person = signed_in(given.a_driver())
    assert person.get("/logout").status_code == 405
    assert person.get("/").status_code == 200


def test_after_logging_out_the_old_cookie_opens_nothing(signed_in):
    person = signed_in(given.a_driver())
    with person.client.session_transaction() as session:
        kept = dict(session)
    person.post("/logout")
    with person.client.session_transaction() as session:
        session.update(kept)
    assert person.get("/").status_code == 303


def test_a_session_ends_at_once_when_its_person_is_switched_off(signed_in):
    driver = given.a_driver()
    person = signed_in(driver)
    users.switch_off(driver.username, by=None)
    assert person.get("/").status_code == 303


def test_one_logs_out_another_of_ones_own_browsers(app, signed_in):
    driver = given.a_driver()
    tablet, phone = signed_in(driver), signed_in(driver)
    name = next(
        line.split('"')[3].split("/")[3]
        for line in tablet.get("/account/").text.splitlines()
        if "/revoke" in line
    )
    answer = tablet.post(f"/account/sessions/{name}/revoke", htmx=True)
    assert not is_page(answer)
    assert answer.text.count("<li>") == 1
    assert (tablet.get("/").status_code, phone.get("/").status_code) == (200, 303)


def test_nobody_ends_the_session_of_another(signed_in):
    driver, stranger = given.a_driver(), given.a_driver()
    person, other = signed_in(driver), signed_in(stranger)
    one = people.open_sessions(driver.actor, clock.now())[0].token_hash
    assert other.post(f"/account/sessions/{one[:12]}/revoke").status_code == NotFound.status
    assert person.get("/").status_code == 200


def test_htmx_is_led_to_log_in_when_the_session_is_over(visitor):
    answer = visitor.get("/", htmx=True, headers={"HX-Current-URL": "http://localhost/account/"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/login?next=/account/"


def test_a_program_gets_json_when_the_session_is_over(visitor):
    answer = visitor.get("/", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json) == (401, {"error": "signed_out"})
