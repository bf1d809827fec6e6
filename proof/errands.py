"""What a person does at each address: the record it is about, and a form that will do.

The goals of roles, fields and hostile input all begin with these. A route that is not here makes
them fail, so that nobody forgets one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from hsh.blueprints.books.refusals import AcceptForm
from hsh.blueprints.device import items
from hsh.blueprints.device.batch import Batch
from hsh.blueprints.registry.account import PasswordForm
from hsh.blueprints.registry.sessions import LoginForm
from hsh.blueprints.registry.welcome import ChooseForm
from hsh.blueprints.sales.documents import RegenerateForm
from hsh.core import clock
from hsh.core.canonical import plain_decimal
from hsh.core.command import Outcome
from hsh.core.roles import Role
from hsh.db import db
from hsh.models.books import AuditEntry
from hsh.models.device import Device
from hsh.models.registry import Meter
from hsh.models.sales import Document, Transaction
from hsh.queries.registry import people
from hsh.services.books.work import work_once
from hsh.services.logistics.drafts import DropDistribution, drop_distribution
from hsh.services.registry import devices, invitations, sessions, users
from hsh.services.sales import papers
from hsh.services.sales.papers import Press
from proof import customer_errands, factor_errands, listed, office, staff, stockroom
from proof.acts import PLANNED_ON, Seller, do
from proof.books import Books
from proof.cast import SIGNED_OUT, Cast, side
from proof.day import printed
from proof.errand import Aim, Errand, asking, get, post, submission
from proof.staff import PASSWORD
from proof.world import stock_up
from tests.visitor import Visitor, a_session

NEW_PASSWORD = "gas in every kitchen"  # noqa: S105 - nobody signs in here


class Desk:
    """Makes records for the people of a company, a fresh one each time."""

    def __init__(self, books: Books) -> None:
        """Begin with ample stock everywhere."""
        self.books, self.cast = books, Cast(books)
        self._next = count(1)
        self._changed: set[str] = set()
        self._aims: dict[tuple[Errand, str], Aim] = {}
        with books.app.app_context():
            for place in (*books.world.depots, *books.world.trucks):
                stock_up(books.world, place)

    def aim(self, errand: Errand, person: str) -> Aim:
        """Return what ``errand`` is when it is about a record of ``person``."""
        key = errand, person
        if key not in self._aims:
            with self.books.app.app_context():
                self._aims[key] = errand.make(self, person)
        return self._aims[key]

    def forget(self, errand: Errand) -> None:
        """Make a fresh record the next time: this one is not what it was."""
        for key in [key for key in self._aims if key[0] == errand]:
            del self._aims[key]

    def begin_again(self) -> None:
        """Put the books back to how they were kept."""
        self.books.again()
        self.cast.forget_sessions()
        self._aims.clear()
        self._changed.clear()

    def draft(self, person: str) -> UUID:
        """Plan a distribution with the truck of ``person``."""
        return do(self._seller(person).plan(next(self._next))).ref

    def done(self, person: str) -> UUID:
        """Plan and confirm one."""
        return do(self._seller(person).confirm(next(self._next), self.draft(person))).ref

    def sale(self, person: str) -> Outcome:
        """Sell from the truck of ``person``; the PDF is stored."""
        sold = do(self._seller(person).visit(next(self._next)))
        while work_once(papers.work(Press(render=printed, directory=self.books.home))):
            pass
        return sold

    def odd(self, person: str) -> Outcome:
        """Sell from the truck of ``person`` what its tablet had worked out to another total."""
        return do(self._seller(person).odd(next(self._next)))

    def old_password(self, person: str) -> str:
        """Return the password of ``person``, put back if it may have been changed."""
        if person in self._changed:
            name = self.cast.login(person).username
            users.set_password(name, PASSWORD, by=None, demo=False)
            self._changed.remove(person)
        return PASSWORD

    def may_change_password(self, person: str) -> None:
        """Know that the password of ``person`` is about to be another."""
        if person not in SIGNED_OUT:
            self._changed.add(person)

    def _seller(self, person: str) -> Seller:
        return Seller(world=self.books.world, number=side(person), seed=0)


def send(visitor: Visitor, path: str, aim: Aim) -> TestResponse:
    """Post what ``aim`` says, as a page's form or as a tablet's JSON."""
    answer: TestResponse
    if aim.body is None:
        answer = visitor.post(path, aim.form)
    else:
        headers = {"X-CSRFToken": visitor.csrf_token()}
        answer = visitor.client.post(path, json=aim.json(), headers=headers)
    return answer


def address(app: Flask, endpoint: str, aim: Aim) -> str:
    """Return the path of ``endpoint`` for what ``aim`` is about."""
    return app.url_map.bind("localhost").build(endpoint, {**aim.args, **aim.query})


def missing(app: Flask) -> set[str]:
    """Return the routes of ``app`` that nobody has an errand at."""
    return {
        f"{method} {rule.endpoint}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if (rule.endpoint, method) not in ERRANDS
    }


def _plan(desk: Desk, person: str) -> dict[str, str]:
    world, own = desk.books.world, side(person)
    return submission(
        way="both",
        depot=world.depots[own].ref,
        truck=world.trucks[own].ref,
        driver=world.drivers[own].ref,
        planned_on=PLANNED_ON,
        remarks="Ring twice",
        out_full__C127=3,
        in_empty__C9=1,
        in_full__C50=0,
        in_part__C50=0,
    )


def _sale(desk: Desk, person: str) -> Aim:
    world, own = desk.books.world, side(person)
    meter = world.meters[own].ref
    last = db.session.scalars(select(Meter.last_reading).where(Meter.ref == meter)).one()
    fields = submission(
        source=world.trucks[own].ref,
        delivery__C127=2,
        collection__C127=1,
        return_full__C50=1,
        accessory__REG=1,
        service__DELIVERY=1,
        payment_method="card",
        purchase_order="PO 12",
        note="Back door",
        accept_shortfall="y",
        claimed=100,
    )
    reading = {
        "kind": "normal",
        "previous": plain_decimal(last),
        "current": plain_decimal(last + 1),
    }
    return Aim(
        args={"site": world.sites[own].ref},
        form=fields | {f"meter-{meter}-{part}": value for part, value in reading.items()},
    )


def _queue(desk: Desk, person: str) -> Aim:
    """Send a sale that waited on the tablet of ``person``."""
    return Aim(
        body={
            "device_id": "tablet-1",
            "device_now": clock.now().isoformat(),
            "name": "Tab A9",
            "app_version": "1",
            "waiting": 1,
            "oldest_at": clock.now().isoformat(),
            "items": [_item(desk, person)],
        }
    )


def _item(desk: Desk, person: str) -> dict[str, Any]:
    sale = _sale(desk, person)
    fields = {n: v for n, v in sale.form.items() if n != "client_temp_id" and "meter" not in n}
    return {
        "client_temp_id": str(uuid4()),
        "op": "sale.confirm",
        "schema": 1,
        "seq": 1,
        "captured_at": clock.now().isoformat(),
        "path": f"/sites/{sale.args['site']}/sale",
        "fields": fields,
        "refs": [],
    }


def _parked(**fields: str) -> Callable[[Desk, str], Aim]:
    """Have the driver of one's side hand a sale to the supervisor."""

    def make(desk: Desk, person: str) -> Aim:
        driver = desk.books.world.drivers[side(person)]
        item = items.read(_item(desk, person) | {"report": "They paid"})
        sender = items.Sender(actor=driver.actor, user=driver.ref, device="tablet-1")
        with desk.books.app.test_request_context():
            Batch(sender=sender).run([item])
        return Aim(args={"ref": item.form}, form=submission(**fields) if fields else {})

    return make


def _tablet(desk: Desk, person: str) -> Aim:
    """Let the tablet of one's side's driver report itself."""
    driver = desk.books.world.drivers[side(person)]
    name = uuid4().hex
    said = devices.Report(
        device=name, name="", app_version="", waiting=0, oldest_at=None, ahead=timedelta()
    )
    devices.report(driver.actor, "", said)
    number = db.session.scalars(select(Device.id).where(Device.device == name)).one()
    return Aim(args={"tablet": number})


def _session(desk: Desk, person: str) -> Aim:
    """Name another browser in which ``person`` is signed in; for who is not, somebody else's."""
    token = uuid4().hex
    login = desk.cast.login(person if person != "anonymous" else "driver-a")
    db.session.add(a_session(login, token, "Chrome"))
    db.session.commit()
    return Aim(args={"name": sessions.session_name(sessions.token_hash(token))})


def _log_in(desk: Desk, person: str) -> Aim:
    """Sign in as ``person``; who is nobody signs in as somebody."""
    person = "admin" if person == "anonymous" else person
    factor_errands.forget(desk, person)
    login, password = desk.cast.login(person), desk.old_password(person)
    return Aim(form={"username": login.username, "password": password, "next": "/stock"})


def _password(desk: Desk, person: str) -> Aim:
    current = desk.old_password(person)
    desk.may_change_password(person)
    return Aim(form={"current": current, "password": NEW_PASSWORD})


def _somebody(*, on: bool = True, **fields: str) -> Callable[[Desk, str], Aim]:
    """Add a person whom nothing else is about; ``on``: they may log in."""

    def make(_desk: Desk, _person: str) -> Aim:
        username = f"p-{uuid4().hex}"
        ref = staff.add(username, "Somebody", Role.DRIVER)
        if not on:
            users.switch_off(username, by=None)
        return Aim(args={"ref": ref}, form=submission(**fields) if fields else {})

    return make


def _invited(desk: Desk, person: str, **fields: str) -> Aim:
    ref = _somebody()(desk, person).args["ref"]
    made = invitations.invite(people.actor(desk.cast.login("admin").id), UUID(str(ref)))
    return Aim(args={"token": made.token}, form=dict(fields))


def _entry(desk: Desk, person: str) -> Aim:
    about = AuditEntry.record_ref == desk.draft(person)
    return Aim(
        args={"sequence": db.session.scalars(select(AuditEntry.sequence).where(about)).one()}
    )


def _anchor(desk: Desk, person: str) -> Aim:
    link = db.session.execute(
        select(Document.anchor_sequence, Document.anchor_hash)
        .join(Transaction, Transaction.id == Document.transaction_id)
        .where(Transaction.ref == desk.sale(person).ref)
    ).one()
    return Aim(query={"sequence": str(link.anchor_sequence), "digits": link.anchor_hash[:16]})


def _edit(desk: Desk, person: str) -> Aim:
    return Aim(args={"ref": desk.draft(person)}, form=_plan(desk, person) | {"version": "1"})


def _sold(**fields: str) -> Callable[[Desk, str], Aim]:
    return lambda desk, person: Aim(
        args={"ref": desk.sale(person).ref}, form=submission(**fields) if fields else {}
    )


def _odd(**fields: str) -> Callable[[Desk, str], Aim]:
    return lambda desk, person: Aim(
        args={"ref": desk.odd(person).ref}, form=submission(**fields) if fields else {}
    )


def _draft(desk: Desk, person: str) -> Aim:
    return Aim(args={"ref": desk.draft(person)}, form=submission())


def _dropped(desk: Desk, person: str) -> Aim:
    ref, driver = desk.draft(person), desk.books.world.drivers[side(person)].actor
    drop_distribution(DropDistribution(actor=driver, submission=uuid4(), distribution=ref))
    return Aim(args={"ref": ref}, form=submission())


def _site(desk: Desk, person: str) -> UUID:
    return desk.books.world.sites[side(person)].ref


_ALL = (
    *customer_errands.ALL,
    *factor_errands.ALL,
    *office.errands(),
    *stockroom.ALL,
    get("account.own"),
    post("account.change_password", _password, form=PasswordForm),
    post("account.revoke", _session, "name"),
    get("audit.anchor", _anchor),
    get("audit.entry", _entry, "sequence"),
    post("devices.revoke", _tablet, "tablet"),
    post("discrepancies.close", _odd(reason="Counted"), "ref", "discrepancy.close"),
    get("discrepancies.show", _odd(), "ref"),
    get("distributions.begin", asking(way="load", truck="")),
    post("distributions.confirm", _draft, "ref", "distribution.confirm"),
    post("distributions.drop", _draft, "ref", "distribution.drop"),
    post("distributions.edit", _edit, "ref", "distribution.edit"),
    post(
        "distributions.look",
        lambda desk, person: Aim(form=_plan(desk, person)),
        form="distribution.plan",
    ),
    post("distributions.look_again", _edit, "ref", "distribution.edit"),
    post(
        "distributions.plan",
        lambda desk, person: Aim(form=_plan(desk, person)),
        "truck",
        "distribution.plan",
    ),
    get("distributions.reopen", _draft, "ref"),
    post("distributions.restore", _dropped, "ref", "distribution.restore"),
    post(
        "distributions.reverse",
        lambda desk, person: Aim(args={"ref": desk.done(person)}, form=submission(reason="Wrong")),
        "ref",
        "distribution.reverse",
    ),
    get("distributions.show", _draft, "ref"),
    get("documents.download", _sold(), "ref"),
    get(
        "documents.numbered",
        lambda desk, person: Aim(args={"number": desk.sale(person).document}),
        "number",
    ),
    post("documents.regenerate", _sold(device_id="tablet-1"), "ref", RegenerateForm),
    get("health.alive"),
    get("health.ready"),
    get("home.today"),
    post(
        "people.add",
        lambda _desk, _person: Aim(
            form=submission(username=f"n-{uuid4().hex}", name="Someone", roles="driver")
        ),
        form="user.add",
    ),
    post(
        "people.edit",
        _somebody(name="Else", roles="supervisor", version="1"),
        "ref",
        "user.edit",
    ),
    post("people.link", _somebody(), "ref"),
    get("people.new"),
    get("people.show", _somebody(), "ref"),
    post("people.sign_out", _somebody(), "ref"),
    post("people.switch_off", _somebody(version="1"), "ref"),
    post("people.switch_on", _somebody(on=False, version="2"), "ref"),
    get("print.page", _sold(), "ref"),
    get("print.printer"),
    get("print.test"),
    get("print.transaction", _sold(), "ref"),
    post("queue.bring"),
    get("queue.choose"),
    post("refusals.accept", _parked(reason="Counted"), "ref", AcceptForm),
    post("refusals.refuse", _parked(reason="Twice"), "ref", "refusal.refuse"),
    get("refusals.show", _parked(), "ref"),
    post("sessions.enter", _log_in, "username", LoginForm),
    post("sessions.leave"),
    get("sessions.login", asking(next="/stock")),
    get("shell.day"),
    get("shell.manifest"),
    get("shell.offline"),
    get("shell.pending"),
    get("shell.worker"),
    post("sites.confirm", _sale, "site", "sale.confirm"),
    get("sites.one", lambda desk, person: Aim(args={"ref": _site(desk, person)}), "ref"),
    post("sites.quote", _sale, "site", "sale.confirm"),
    get(
        "sites.sale",
        lambda desk, person: Aim(args={"site": _site(desk, person)}, query={"from": "last"}),
        "site",
    ),
    get("jump.find", asking(q="12")),
    get("reports.index"),
    get("sites.search", asking(q="Site", after="")),
    get("static", lambda _desk, _person: Aim(args={"filename": "css/hsh.css"}), "filename"),
    get("sync.hello", asking(device_id="tablet-1", waiting="1")),
    post("sync.send", _queue, form="sale.confirm"),
    get("transactions.asked", _sold(), "ref"),
    get("transactions.one", _sold(), "ref"),
    get("welcome.ask", _invited, "token"),
    post(
        "welcome.choose",
        lambda desk, person: _invited(desk, person, password=NEW_PASSWORD),
        "token",
        ChooseForm,
    ),
    post("transactions.void", _sold(reason="Wrong site", goods_at=""), "ref", "sale.void"),
    *listed.ALL,
)

ERRANDS = {(errand.endpoint, errand.method): errand for errand in _ALL}
"""Every errand, by endpoint and method."""
