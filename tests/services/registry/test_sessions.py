from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from hsh.core import clock
from hsh.db import db
from hsh.models.people import User, UserSession
from hsh.queries.registry import people
from hsh.services.registry import passwords, sessions, throttle
from hsh.services.registry.sessions import DemoPasswordRefused, SignIn, WrongSignIn
from hsh.services.registry.throttle import TooManyTries
from tests import given

DEPOT = "203.0.113.7"


@pytest.fixture(autouse=True)
def _books(app):
    """Each test has books of its own, and stays in one window of the throttle."""
    now = clock.now()
    with clock.running(lambda: now):
        yield


def sign_in(username, password=given.PASSWORD, *, address=DEPOT, device=None, production=False):
    attempt = SignIn(
        username=username, password=password, address=address, device=device, agent="Chrome/156"
    )
    return sessions.sign_in(attempt, key="the server's own", production=production)


def fail(username, times, **kwargs):
    for _ in range(times):
        with pytest.raises(WrongSignIn):
            sign_in(username, "wrong", **kwargs)


def test_the_database_knows_only_the_hash_of_the_token():
    driver = given.a_driver()
    opened = sign_in(driver.username)
    kept = db.session.query(UserSession).one()
    assert opened.token not in kept.token_hash
    assert people.signed_in(sessions.token_hash(opened.token), clock.now()).actor == driver.actor


def test_a_session_ends_by_itself():
    opened = sign_in(given.a_driver().username)
    hashed = sessions.token_hash(opened.token)
    assert people.signed_in(hashed, opened.expires_at - timedelta(seconds=1))
    assert people.signed_in(hashed, opened.expires_at) is None


def test_production_lets_nobody_in_with_the_demo_password():
    driver = given.a_driver()
    row = db.session.get_one(User, driver.id)
    row.password_hash = passwords.hash_of("hsh-demo", username=driver.username, demo=True)
    db.session.commit()
    assert sign_in(driver.username, "hsh-demo")
    with pytest.raises(DemoPasswordRefused):
        sign_in(driver.username, "hsh-demo", production=True)


def test_a_password_hashed_with_weaker_settings_is_hashed_anew():
    driver = given.a_driver()
    assert passwords.is_outdated(given.PASSWORD_HASH)
    sign_in(driver.username)
    kept = people.credentials(driver.username).password_hash
    assert not passwords.is_outdated(kept)
    assert passwords.agrees(given.PASSWORD, kept)


def test_guessing_ends_after_a_few_tries():
    driver = given.a_driver()
    fail(driver.username, throttle.FROM_ONE_ADDRESS)
    with pytest.raises(TooManyTries) as no:
        sign_in(driver.username)
    assert no.value.params["until"] - clock.now() <= throttle.WINDOW


def test_one_persons_errors_do_not_lock_the_depot():
    clumsy, mate = given.a_driver(), given.a_driver()
    fail(clumsy.username, throttle.FROM_ONE_ADDRESS)
    assert sign_in(mate.username)


def test_a_strangers_guesses_do_not_lock_someone_out_of_their_tablet():
    driver = given.a_driver()
    for number in range(throttle.FROM_ANYWHERE // throttle.FROM_ONE_ADDRESS):
        fail(driver.username, throttle.FROM_ONE_ADDRESS, address=f"198.51.100.{number}")
    with pytest.raises(TooManyTries):
        sign_in(driver.username, address="192.0.2.1")
    assert sign_in(driver.username, device="tablet-7")


def test_a_known_device_is_no_place_to_guess_for_ever():
    driver = given.a_driver()
    fail(driver.username, throttle.FROM_KNOWN_DEVICE, device="tablet-7")
    with pytest.raises(TooManyTries):
        sign_in(driver.username, device="tablet-7")


def test_getting_in_forgives_the_errors_before():
    driver = given.a_driver()
    fail(driver.username, throttle.FROM_ONE_ADDRESS - 1)
    sign_in(driver.username)
    fail(driver.username, throttle.FROM_ONE_ADDRESS - 1)
    assert sign_in(driver.username)


def test_the_next_window_begins_afresh():
    driver = given.a_driver()
    fail(driver.username, throttle.FROM_ONE_ADDRESS)
    later = clock.now() + throttle.WINDOW
    with clock.running(lambda: later):
        assert sign_in(driver.username)


def test_many_guesses_at_once_do_not_slip_through(app):
    username = given.a_driver().username

    def guess(_):
        with app.app_context():
            try:
                sign_in(username, "wrong")
            except WrongSignIn:
                return "guessed"
            except TooManyTries:
                return "stopped"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(24)))
    assert answers.count("guessed") == throttle.FROM_ONE_ADDRESS


def test_an_unknown_name_takes_a_comparison_too():
    fail("nobody", 1)
    assert not passwords.agrees("nobody signs in with this", None)
