"""A tablet in a driver's hand: what the offline tests do and look at."""

import time

from hsh.db import db
from tests import given

PATIENCE = 60

QUEUE = """async () => (await self.hsh.store.all()).map(({client_temp_id, op, state, seq, refs, said, path}) =>
    ({uuid: client_temp_id, op, state, seq, refs, said, path}))"""
CONTROLLED = "() => Boolean(navigator.serviceWorker.controller)"
DAY_KEPT = "async () => Boolean((await self.hsh.store.fact('day'))?.pages)"


def sign_in(page, person, password=given.PASSWORD):
    page.goto("/login")
    page.fill("[name=username]", person.username)
    page.fill("[name=password]", password)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(lambda address: "/login" not in address)


def prepare(page):
    """Wait until the worker controls the page and has kept the day."""
    page.wait_for_function(CONTROLLED)
    until(page, DAY_KEPT)


def queue(page):
    return page.evaluate(QUEUE)


def states(page):
    return [item["state"] for item in queue(page)]


def wait_for_states(page, *wanted):
    """Wait until the queue's items are so, in their order."""
    until(
        page,
        "async (wanted) => (await self.hsh.store.all()).map(i => i.state).join() === wanted",
        ",".join(wanted),
    )


def until(page, asked, arg=None):
    """Wait until ``asked``, a function that answers with a promise, says true."""
    deadline = time.monotonic() + PATIENCE
    while not page.evaluate(asked, arg):
        assert time.monotonic() < deadline, (asked, arg, queue(page))
        page.wait_for_timeout(50)


def sell_one(page, world, number=1):
    page.goto(f"/sites/{world.site.ref}/sale")
    page.fill("[name='delivery-C127']", str(number))
    page.locator("button.primary").click()


def plan_a_load(page, counts):
    page.goto("/distributions/plan?way=load")
    for code, count in counts.items():
        page.fill(f"[name=out_full-{code}]", str(count))
    page.get_by_role("button", name="Save the draft").click()


def saved(page):
    page.get_by_role("heading", name="Saved on this tablet").wait_for()


def draft_is_back(page):
    """Wait until the page has put back what was typed: it looks at the queue first."""
    page.get_by_text("What you had typed here is back.").wait_for()


def count(model):
    """How many rows the books have of it now."""
    found = db.session.query(model).count()
    db.session.rollback()
    return found
