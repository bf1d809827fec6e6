"""The second factor: a code from the phone, asked for after the password."""

import re
from datetime import timedelta

import pytest

from hsh.core import clock, onetime
from hsh.core.roles import Role
from hsh.db import db
from hsh.models.books import AuditEntry
from hsh.models.people import LoginRules, RecoveryCode, SecondFactor
from hsh.queries.verify import verify
from hsh.services.registry import factors, users
from tests import given
from tests.visitor import Visitor, location, words


@pytest.fixture(autouse=True)
def middle_of_a_step():
    """Let no step of codes end while a test runs."""
    now = clock.now()
    still = now - timedelta(seconds=now.timestamp() % onetime.STEP - onetime.STEP / 2)
    with clock.running(lambda: still):
        yield


@pytest.fixture
def phone(app):
    """An app on a phone: it shows the code of a person's secret, ``late`` steps ago."""
    given.a_company()

    def show(person, late=0):
        salt = db.session.get_one(SecondFactor, person.id).salt
        at = clock.now() - timedelta(seconds=late * onetime.STEP)
        return onetime.code(onetime.secret(app.config["SECRET_KEY"], person.ref, salt), at)

    return show


@pytest.fixture
def protected(app, phone):
    """An admin whose second factor is on, and whose codes of now are all still good."""
    person = given.an_admin()
    switch_on(app, person)
    return person


def switch_on(app, person):
    owner = factors.Owner(actor=person.actor, ref=person.ref, key=app.config["SECRET_KEY"])
    salt = factors.new_salt()
    codes = factors.switch_on(owner, salt, onetime.code(owner.secret(salt), clock.now()))
    db.session.get_one(SecondFactor, person.id).last_step = 0
    db.session.commit()
    return codes


def password(visitor, person, **fields):
    sent = {"username": person.username, "password": given.PASSWORD} | fields
    return visitor.post("/login", sent)


def hidden(answer, name):
    return re.search(rf'name="{name}"[^>]* value="([^"]*)"', answer.text)[1]


def code(visitor, person, typed, **kwargs):
    """Give the right password, and then the code."""
    step = hidden(password(visitor, person), "step")
    return visitor.post("/login/code", {"step": step, "code": typed}, **kwargs)


def set_up(browser, person, app):
    page = browser.get("/account/factor")
    salt = hidden(page, "salt")
    kept = onetime.secret(app.config["SECRET_KEY"], person.ref, salt)
    assert kept in words(page).replace(" ", "")
    return browser.post("/account/factor", {"salt": salt, "code": onetime.code(kept, clock.now())})


def shown_codes(answer):
    return re.findall(r'class="code">([A-Z2-7-]{19})<', answer.text)


def actions():
    return [entry.action for entry in db.session.query(AuditEntry).order_by(AuditEntry.sequence)]


def test_it_is_set_up_by_the_secret_and_a_code(signed_in, app, phone, visitor):
    person = given.a_supervisor()
    browser = signed_in(person)
    made = set_up(browser, person, app)
    codes = shown_codes(made)
    assert (made.status_code, len(set(codes))) == (200, 10)
    assert shown_codes(browser.get("/account/factor")) == []
    assert "10 are left" in words(browser.get("/account/factor"))
    assert actions() == ["factor.on"]
    assert "after the password. On Change it" in words(browser.get("/account/"))
    assert password(visitor, person).status_code == 200
    assert visitor.get("/").status_code == 303


def test_a_wrong_code_switches_nothing_on(signed_in, phone):
    browser = signed_in(given.an_admin())
    salt = hidden(browser.get("/account/factor"), "salt")
    answer = browser.post("/account/factor", {"salt": salt, "code": "000000x"})
    assert answer.status_code == 422
    assert hidden(answer, "salt") == salt
    assert db.session.query(SecondFactor).count() == 0


def test_the_right_code_lets_in(visitor, protected, phone):
    answer = code(visitor, protected, phone(protected))
    assert (answer.status_code, location(answer)) == (303, "/")
    assert visitor.get("/").status_code == 200
    assert actions() == ["factor.on", "session.open"]


def test_the_way_on_is_kept_over_the_code(visitor, protected, phone):
    asked = password(visitor, protected, next="/people/")
    fields = {name: hidden(asked, name) for name in ("step", "next")}
    answer = visitor.post("/login/code", fields | {"code": phone(protected)})
    assert location(answer) == "/people/"


@pytest.mark.parametrize(
    "typed", ["000000", "", "\0", "x" * 5000, "12345\u0666", "AAAA-AAAA-AAAA-AAAA"]
)
def test_a_wrong_code_lets_nobody_in(visitor, protected, typed):
    answer = code(visitor, protected, typed)
    assert answer.status_code == 422
    assert 'id="code-problem"' in answer.text
    assert visitor.get("/").status_code == 303


def test_a_code_works_once(app, protected, phone):
    now = phone(protected)
    assert code(Visitor(app), protected, now).status_code == 303
    second = Visitor(app)
    again, wrong = code(second, protected, now), code(second, protected, "000000")
    assert (again.status_code, second.get("/").status_code) == (422, 303)
    assert words(again) == words(wrong)


@pytest.mark.parametrize(("late", "status"), [(-2, 422), (-1, 303), (1, 303), (2, 422)])
def test_a_phone_may_be_one_step_ahead_or_behind(visitor, protected, phone, late, status):
    assert code(visitor, protected, phone(protected, late)).status_code == status


def test_a_code_before_the_last_used_is_not_good(app, protected, phone):
    older = phone(protected, late=1)
    assert code(Visitor(app), protected, phone(protected)).status_code == 303
    assert code(Visitor(app), protected, older).status_code == 422


def test_a_recovery_code_works_once_however_it_is_typed(app, phone):
    person = given.an_admin()
    kept = switch_on(app, person)[0]
    typed = kept.lower().replace("-", " ")
    assert code(Visitor(app), person, typed).status_code == 303
    assert code(Visitor(app), person, kept).status_code == 422
    assert db.session.query(RecoveryCode).count() == 9


def test_a_recovery_code_of_someone_else_is_not_good(app, visitor, protected):
    others = switch_on(app, given.an_admin())
    assert code(visitor, protected, others[0]).status_code == 422


def test_codes_are_not_guessed_for_ever(visitor, protected, phone):
    tries = [code(visitor, protected, "000000").status_code for _ in range(6)]
    assert tries == [422] * 5 + [429]
    assert code(visitor, protected, phone(protected)).status_code == 429


def test_guesses_at_the_code_do_not_lock_the_owners_own_browser(app, protected, phone):
    own = Visitor(app)
    code(own, protected, phone(protected, late=1))
    own.post("/logout")
    stranger = Visitor(app)
    assert [code(stranger, protected, "000000").status_code for _ in range(6)][-1] == 429
    assert code(own, protected, phone(protected)).status_code == 303


@pytest.mark.parametrize("token", ["", "x", "WyJhIiwiYiJd.aaaa.bbbb"])
def test_no_code_helps_without_the_password(visitor, protected, phone, token):
    answer = visitor.post("/login/code", {"step": token, "code": phone(protected)})
    assert answer.status_code == 422
    assert "Log in again" in words(answer)
    assert visitor.get("/").status_code == 303


def test_another_password_ends_a_log_in_that_is_half_way(visitor, protected, phone):
    step = hidden(password(visitor, protected), "step")
    users.set_password(protected.username, "another long secret", by=None, demo=False)
    answer = visitor.post("/login/code", {"step": step, "code": phone(protected)})
    assert answer.status_code == 422
    assert visitor.get("/").status_code == 303


def test_it_is_switched_off_by_password_and_code(signed_in, protected, phone):
    browser = signed_in(protected)

    def off(secret, typed):
        return browser.post("/account/factor/off", {"password": secret, "code": typed}).status_code

    assert off("wrong", phone(protected)) == 422
    assert off(given.PASSWORD, "000000") == 422
    assert db.session.query(SecondFactor).count() == 1
    assert off(given.PASSWORD, phone(protected)) == 303
    assert db.session.query(SecondFactor).count() == db.session.query(RecoveryCode).count() == 0
    assert actions()[-1] == "factor.off"


def test_a_stranger_at_the_desk_cannot_guess_it_away(signed_in, protected):
    browser = signed_in(protected)
    sent = {"password": given.PASSWORD, "code": "000000"}
    tries = [browser.post("/account/factor/off", sent).status_code for _ in range(11)]
    assert tries == [422] * 10 + [429]


def test_new_recovery_codes_take_the_place_of_the_old(signed_in, app, phone):
    person = given.an_admin()
    old = switch_on(app, person)
    browser = signed_in(person)
    made = browser.post(
        "/account/factor/codes", {"password": given.PASSWORD, "code": phone(person)}
    )
    fresh = shown_codes(made)
    assert len(fresh) == 10
    assert code(Visitor(app), person, old[0]).status_code == 422
    assert code(Visitor(app), person, fresh[0]).status_code == 303


def test_an_admin_resets_what_another_lost_and_never_sees_it(signed_in, app, protected, visitor):
    supervisor = given.a_supervisor()
    switch_on(app, supervisor)
    browser = signed_in(protected)
    kept = db.session.get_one(SecondFactor, supervisor.id)
    secret = onetime.secret(app.config["SECRET_KEY"], supervisor.ref, kept.salt)
    page = browser.get(f"/people/{supervisor.ref}")
    assert "Reset the second factor" in words(page)
    assert secret not in page.text
    assert kept.salt not in page.text
    assert browser.post(f"/people/{supervisor.ref}/factor").status_code == 303
    assert location(password(visitor, supervisor)) == "/"
    told = db.session.query(AuditEntry).filter_by(action="factor.reset").one()
    assert (told.actor_id, told.record_ref) == (protected.id, supervisor.ref)


def test_nobody_resets_their_own(signed_in, protected):
    browser = signed_in(protected)
    assert "Reset the second factor" not in words(browser.get(f"/people/{protected.ref}"))
    assert browser.post(f"/people/{protected.ref}/factor").status_code == 403
    assert db.session.query(SecondFactor).count() == 1


def test_the_audit_book_knows_no_secret(app, visitor, protected, phone):
    kept = db.session.get_one(SecondFactor, protected.id).salt
    typed = phone(protected)
    code(visitor, protected, typed)
    told = " ".join(entry.body for entry in db.session.query(AuditEntry))
    assert kept not in told
    assert typed not in told


def test_a_factor_that_came_or_went_unsaid_shows(app, protected, tmp_path):
    def detail():
        checks = {one.name: one for one in verify(db.engine, data_dir=tmp_path)}
        return checks["registry.people_as_audited"].detail

    assert "second_factor" not in detail()
    db.session.query(RecoveryCode).delete()
    db.session.query(SecondFactor).delete()
    db.session.commit()
    assert "second_factor" in detail()


def the_company_asks(*, asks=True):
    given.put(LoginRules(id=1, second_factor=asks, version=1))


def test_who_must_use_one_sets_it_up_at_the_next_log_in(visitor, app, phone):
    the_company_asks()
    person = given.a_supervisor()
    assert password(visitor, person).status_code == 303
    led = visitor.get("/stock")
    assert (led.status_code, location(led)) == (303, "/account/factor")
    assert visitor.get("/sync/hello").status_code == 401
    assert visitor.get("/stock", htmx=True).headers["HX-Redirect"] == "/account/factor"
    assert "Set it up to go on" in words(visitor.get("/account/factor"))
    assert len(shown_codes(set_up(visitor, person, app))) == 10
    assert visitor.get("/stock").status_code == 200


@pytest.mark.parametrize(
    ("role", "asks", "opens"),
    [
        (Role.DRIVER, True, 200),
        (Role.ACCOUNTANT, True, 200),
        (Role.ADMIN, False, 200),
        (Role.ADMIN, True, 303),
    ],
)
def test_only_admins_and_supervisors_must(visitor, phone, role, asks, opens):
    the_company_asks(asks=asks)
    password(visitor, given.a_user(role))
    assert visitor.get("/").status_code == opens


def test_who_switches_it_off_where_it_is_needed_sets_up_another(signed_in, protected, phone):
    the_company_asks()
    browser = signed_in(protected)
    browser.post("/account/factor/off", {"password": given.PASSWORD, "code": phone(protected)})
    assert location(browser.get("/")) == "/account/factor"


def test_an_admin_says_who_must(signed_in, phone):
    browser = signed_in(given.an_admin())
    assert 'name="version" value="0"' in browser.get("/registry/login").text
    sent = {"version": "0", "second_factor": "y"}
    assert browser.submit("/registry/login", sent).status_code == 303
    assert db.session.get_one(LoginRules, 1).second_factor
    second = browser.submit("/registry/login", sent | {"second_factor": ""})
    assert second.status_code == 409
    assert "yes no" in words(second)
    assert actions() == ["login_rules.set"]
