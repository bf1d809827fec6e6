"""What was just done, told above the next page, with the way to it and the way back."""

import re
from datetime import timedelta

import pytest

from hsh.blueprints.device.ops import OPS
from hsh.core import clock
from hsh.db import db
from hsh.models.logistics import Correction, Distribution
from hsh.models.people import User
from hsh.models.registry import Customer, Place, Rate
from tests import given
from tests.distributing import plan
from tests.visitor import location, words

TOLD_BY_THEIR_PAGES = {
    *("depot.edit", "truck.edit", "equipment.edit", "service.edit", "permit.edit"),
    *("assignment.edit", "registry.close", "registry.reopen"),  # Shelf.told
    "import.commit",  # its page shows how far it is
}


@pytest.fixture
def admin(signed_in):
    given.a_company()
    given.a_depot("JURONG", "Jurong depot")
    return signed_in(given.an_admin())


@pytest.fixture
def world(app):
    return given.a_world()


def toast(answer):
    """Return what the toast says, its link and its way back, if there is one."""
    found = re.search(r'<div class="alert ok toast">(.*?)\n</div>', answer.text, re.DOTALL)
    return found[1] if found else ""


def said(answer):
    plain = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", toast(answer)))
    return plain.replace(" .", ".").replace("&#39;", "'").strip()


def undo(visitor, answer):
    """Press Undo, as a browser without JavaScript does."""
    form = toast(answer)
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    address = re.search(r'<form method="post" action="([^"]+)"', form)[1]
    return visitor.post(address, fields)


def depot(admin):
    fields = {
        "code": "tuas",
        "name": "Tuas <b>depot",
        "address": "12 Tuas Avenue\nSingapore 639212",
    }
    admin.submit("/registry/depots/new", fields)
    return db.session.query(Place).filter_by(code="TUAS").one()


def test_every_act_says_what_it_made():
    assert {name for name, op in OPS.items() if op.says is None} == TOLD_BY_THEIR_PAGES


def test_it_is_said_once_with_a_link_and_escaped(admin):
    new = depot(admin)
    seen = admin.get("/registry/depots")
    assert said(seen).startswith("Tuas &lt;b&gt;depot is added.")
    assert f'<a href="/registry/depots/{new.ref}">Tuas &lt;b&gt;depot</a>' in toast(seen)
    assert not toast(admin.get("/registry/depots"))


def test_htmx_gets_it_beside_the_fragment_and_a_redirect_does_not_lose_it(admin):
    new = depot(admin)
    admin.get("/registry/depots")
    fields = {"name": "Tuas", "address": "12 Tuas Avenue\nSingapore 639212", "version": "1"}
    answer = admin.submit(f"/registry/depots/{new.ref}", fields, htmx=True)
    assert answer.text.lstrip().startswith('<section id="record">')
    assert '<hx-partial hx-target="#toasts" hx-swap="innerHTML">' in answer.text
    assert said(answer).startswith("Tuas is changed.")
    sent = given_truck(admin, htmx=True)
    assert sent.headers["HX-Redirect"]
    assert said(admin.get("/registry/vehicles", htmx=True)).startswith("Truck GBA1 is added.")


def given_truck(admin, **kwargs):
    fields = {"plate": "GBA 1", "name": "Truck", "home_depot": "JURONG"}
    return admin.submit("/registry/vehicles/new", fields, **kwargs)


def test_what_a_script_fetches_beside_the_page_neither_takes_nor_keeps_it(admin):
    depot(admin)
    beside = admin.get("/registry/depots", headers={"Sec-Fetch-Mode": "cors"})
    assert not toast(beside)
    assert "X-HSH-Once" not in beside.headers
    looked_at = admin.get("/registry/depots", headers={"Sec-Fetch-Mode": "navigate"})
    assert toast(looked_at)
    assert looked_at.headers["X-HSH-Once"] == "1"


def test_a_refused_form_says_nothing(admin):
    assert admin.submit("/registry/depots/new", {"code": ""}).status_code == 422
    assert not toast(admin.get("/registry/depots"))


def test_a_driver_is_not_told_what_the_page_says_by_itself(world, signed_in):
    driver, draft = signed_in(world.driver), plan(world, out={"C127": 1})
    answer = driver.submit(f"/distributions/{draft}/drop", htmx=True)
    assert "Dropped" in words(answer)
    assert "toast" not in answer.text


# --- the way back ----------------------------------------------------------------------------


def test_closing_is_undone_and_undoing_too(admin):
    new = depot(admin)
    admin.submit(f"/registry/depots/{new.ref}/close", {"version": "1"})
    seen = admin.get("/registry/depots")
    assert "is closed. Undo" in said(seen)
    assert undo(admin, seen).status_code == 303
    assert db.session.get(Place, new.id).active
    assert undo(admin, admin.get("/registry/depots")).status_code == 303
    assert not db.session.get(Place, new.id).active


def test_it_is_undone_only_while_it_is_the_last_act(admin):
    new = depot(admin)
    admin.submit(f"/registry/depots/{new.ref}/close", {"version": "1"})
    seen = admin.get("/registry/depots")
    fields = {"name": "Another", "address": "12 Tuas Avenue\nSingapore 639212", "version": "2"}
    admin.submit(f"/registry/depots/{new.ref}", fields)
    assert undo(admin, seen).status_code == 409
    assert not db.session.get(Place, new.id).active


@pytest.mark.parametrize("what", ["customer", "site"])
def test_a_closed_customer_or_site_is_open_again(world, signed_in, what):
    admin, thing = signed_in(given.an_admin()), getattr(world, what)
    page = f"/customers/{thing.ref}" if what == "customer" else f"/customers/sites/{thing.ref}"
    table = Customer if what == "customer" else Place
    assert admin.post(f"{page}/close").status_code == 303
    seen = admin.get(page)
    assert f"{thing.name} is closed. Undo" in said(seen)
    assert undo(admin, seen).status_code == 303
    assert db.session.get(table, thing.id).active
    assert undo(admin, seen).status_code == 409, "someone else acted since"


def test_a_person_who_was_switched_off_is_switched_on(admin):
    person = given.a_supervisor()
    admin.post(f"/people/{person.ref}/off")
    seen = admin.get(f"/people/{person.ref}")
    assert undo(admin, seen).status_code == 303
    assert db.session.get(User, person.id).active
    assert undo(admin, seen).status_code == 409


def test_a_correction_is_taken_back_by_another(world, signed_in):
    supervisor = signed_in(world.supervisor)
    fields = {"place": str(world.depot.ref), "full-C127": "2", "reason": "Found two"}
    made = supervisor.submit("/stock/changes/new/adjust", fields)
    seen = supervisor.get(location(made))
    first = db.session.query(Correction).order_by(Correction.id.desc()).first()
    assert f"Adjustment {first.number} is in the books. Undo" in said(seen)
    assert undo(supervisor, seen).status_code == 303
    second = db.session.query(Correction).filter_by(reverses_id=first.id).one()
    assert second.reason == "Undone at once."
    assert said(supervisor.get("/stock")) == f"{second.number} takes everything back."
    assert undo(supervisor, seen).status_code == 409


def test_what_was_asked_for_is_withdrawn_while_nobody_decided(world, signed_in):
    signed_in(given.an_admin()).submit("/stock/limits", {"adjust": "1", "version": "0"})
    supervisor = signed_in(world.supervisor)
    fields = {"place": str(world.depot.ref), "full-C127": "2", "reason": "Found two"}
    asked = location(supervisor.submit("/stock/changes/new/adjust", fields))
    seen = supervisor.get(asked)
    assert said(seen) == "Your request waits for another person's approval. Undo"
    assert undo(supervisor, seen).status_code == 303
    assert said(supervisor.get(asked)) == "The request is withdrawn."


def test_a_dropped_draft_is_a_draft_again(world, signed_in):
    supervisor, draft = signed_in(world.supervisor), plan(world, out={"C127": 1})
    supervisor.submit(f"/distributions/{draft}/drop")
    seen = supervisor.get(f"/distributions/{draft}")
    assert undo(supervisor, seen).status_code == 303
    assert db.session.query(Distribution).filter_by(ref=draft).one().dropped_at is None


def test_a_price_that_has_not_begun_is_withdrawn_and_set_again(world, signed_in):
    admin = signed_in(given.an_admin())
    page = f"/prices/customer/{world.customer.ref}"
    later = clock.today() + timedelta(days=10)
    fields = {"item": "equipment-C127", "amount": "31.50", "starts_on": later.isoformat()}
    admin.submit(f"{page}/set", fields)
    seen = admin.get(page)
    assert "The price of" in said(seen)
    assert "Undo" in said(seen)
    assert undo(admin, seen).status_code == 303
    assert undo(admin, admin.get(page)).status_code == 303
    rows = db.session.query(Rate).filter_by(starts_on=later).order_by(Rate.id).all()
    assert [(str(row.amount.normalize()), bool(row.withdrawn)) for row in rows] == [
        ("31.5", True),
        ("31.5", False),
    ]


def test_a_price_that_holds_has_no_way_back(world, signed_in):
    admin = signed_in(given.an_admin())
    page = f"/prices/customer/{world.customer.ref}"
    fields = {"item": "equipment-C127", "amount": "31.50", "starts_on": clock.today().isoformat()}
    admin.submit(f"{page}/set", fields)
    assert "Undo" not in said(admin.get(page))
