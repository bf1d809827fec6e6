"""Errands about stock: what is where, what moved, and who holds our cylinders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import select

from hsh.core import clock
from hsh.core.words import Condition
from hsh.db import db
from hsh.models.registry import Customer, Site
from hsh.queries.registry import limits, minimums, people
from hsh.services.logistics.corrections import AdjustStock, StockLine, correct_stock
from hsh.services.logistics.counts import OpenCount, open_count
from hsh.services.registry.overrides import OverrideRate, override_rate
from hsh.services.sales.voids import VoidTransaction, ask_void
from proof.cast import side
from proof.errand import Aim, asking, get, post, submission

if TYPE_CHECKING:
    from proof.errands import Desk


def _depot(desk: Desk, person: str) -> Aim:
    depot = desk.books.world.depots[side(person)]
    query = {"since": "2026-01-01", "until": "2026-12-31", "size": "C127", "state": "", "page": ""}
    return Aim(args={"ref": depot.ref}, query=query)


def _customer(desk: Desk, person: str) -> Aim:
    site = desk.books.world.sites[side(person)]
    its = select(Customer.ref).join(Site, Site.customer_id == Customer.id)
    return Aim(args={"ref": db.session.scalars(its.where(Site.place_id == site.id)).one()})


def _as_file(make: Callable[[Desk, str], Aim]) -> Callable[[Desk, str], Aim]:
    """Ask for the list of a record as a file."""

    def made(desk: Desk, person: str) -> Aim:
        aim = make(desk, person)
        return replace(aim, query=aim.query | {"as": "csv", "only": ""})

    return made


def _change(desk: Desk, person: str) -> Aim:
    """Find one more cylinder at the depot of one's side."""
    return Aim(
        args={"kind": "adjust"},
        form=submission(
            place=desk.books.world.depots[side(person)].ref,
            other="",
            way="more",
            full__C127=1,
            part__C127=0,
            empty__C9=0,
            held__C9=0,
            reason="Counted",
        ),
    )


def _changed(**fields: str) -> Callable[[Desk, str], Aim]:
    """Have the supervisors' depot of one's side changed."""

    def make(desk: Desk, person: str) -> Aim:
        world, own = desk.books.world, side(person)
        found = StockLine(equipment="C127", condition=Condition.FULL, quantity=1)
        done = correct_stock(
            AdjustStock(
                actor=world.supervisors[own].actor,
                submission=uuid4(),
                place=world.depots[own].ref,
                reason="Counted",
                lines=(found,),
            )
        )
        return Aim(args={"ref": done.ref}, form=submission(**fields) if fields else {})

    return make


def _asked(**fields: str) -> Callable[[Desk, str], Aim]:
    """Have the driver of one's side ask for a void."""

    def make(desk: Desk, person: str) -> Aim:
        sold = desk.sale(_driver(person)).ref
        driver = desk.books.world.drivers[side(person)].actor
        wish = VoidTransaction(
            actor=driver, submission=uuid4(), transaction=sold, reason="Wrong site"
        )
        return Aim(args={"ref": ask_void(wish).ref}, form=submission(**fields) if fields else {})

    return make


def _withdrawn(desk: Desk, person: str) -> Aim:
    """Have ``person`` ask for a price themselves; who may not, the driver of their side."""
    world, own = desk.books.world, side(person)
    asker = person if person == "supervisor" else _driver(person)
    wish = OverrideRate(
        actor=people.actor(desk.cast.login(asker).id),
        submission=uuid4(),
        site=world.sites[own].ref,
        equipment="C127",
        starts_on=clock.today(),
        amount=Decimal("29.5"),
        reason=f"They buy more {uuid4()}",
    )
    return Aim(args={"ref": override_rate(wish).ref}, form=submission())


def _driver(person: str) -> str:
    return ("driver-a", "driver-b")[side(person)]


def _sold(**fields: str) -> Callable[[Desk, str], Aim]:
    return lambda desk, person: Aim(
        args={"ref": desk.sale(person).ref}, form=submission(**fields) if fields else {}
    )


def _price(desk: Desk, person: str) -> Aim:
    ref = desk.books.world.sites[side(person)].ref
    form = submission(
        equipment="C127", starts_on=clock.today(), amount="29.5", reason=f"They buy more {uuid4()}"
    )
    return Aim(args={"ref": ref}, form=form)


def _one_price(desk: Desk, person: str) -> Aim:
    ref = desk.books.world.sites[side(person)].ref
    form = submission(
        equipment="C127", valid_until=clock.today(), amount="29.5", reason=f"One lift {uuid4()}"
    )
    return Aim(args={"ref": ref}, form=form)


def _limits(_desk: Desk, _person: str) -> Aim:
    """Leave the limits as they are: no limit at all."""
    now = limits.current()
    form = dict.fromkeys(("adjust", "transfer", "dump", "write_off"), "")
    return Aim(form=submission(**form, version=now.version if now else 0))


def _count(**fields: object) -> Callable[[Desk, str], Aim]:
    """Have something counted at the depot of one's side."""

    def make(desk: Desk, person: str) -> Aim:
        world, own = desk.books.world, side(person)
        actor = world.supervisors[own].actor
        place = world.depots[own].ref
        count = open_count(OpenCount(actor=actor, submission=uuid4(), place=place)).ref
        return Aim(args={"ref": count}, form=submission(**fields) if fields else {})

    return make


def _opening(desk: Desk, person: str) -> Aim:
    return Aim(form=submission(place=desk.books.world.depots[side(person)].ref))


_SHEET = {"full__C127": 3, "part__C127": 0, "empty__C9": 1, "counted_at": "", "version": 1}


def _minimums(desk: Desk, person: str) -> Aim:
    depot = desk.books.world.depots[side(person)]
    form = submission(full__C127=0, empty__C127=0, version=minimums.version(depot.id))
    return Aim(args={"ref": depot.ref}, form=form)


ALL = (
    post("minimums.edit", _minimums, "ref", "minimum.set"),
    get("minimums.show", _minimums, "ref"),
    post("counts.begin", _opening, "place", "count.open"),
    post("counts.close", _count(reason="Counted", version=1), "ref", "count.close"),
    post("counts.save", _count(**_SHEET), "ref", "count.save"),
    get("counts.show", _count(), "ref"),
    post("approvals.approve", _asked(reason="Seen"), "ref", "request.approve"),
    post("approvals.refuse", _asked(reason="It is right"), "ref", "request.refuse"),
    get("approvals.show", _asked(), "ref"),
    post("approvals.withdraw", _withdrawn, "ref", "request.withdraw"),
    post("limits.edit", _limits, form="limits.set"),
    get("limits.show"),
    post("sites.ask_price", _price, "ref", "rate.override"),
    get("sites.price", _price, "ref"),
    post("sites.ask_one_price", _one_price, "ref", "price.agree"),
    post("transactions.ask_void_of", _sold(reason="Wrong site"), "ref", "sale.ask_void"),
    get("transactions.wish_void", _sold(), "ref"),
    post("corrections.make", _change, "place", "stock.adjust"),
    get("corrections.new", lambda _d, _p: Aim(args={"kind": "adjust"}, query={"place": ""})),
    post("corrections.reverse", _changed(reason="Wrong"), "ref", "stock.reverse"),
    get("corrections.show", _changed(), "ref"),
    get("stock.index", asking(place="", size="C127", at="2026-11-20T14:30")),
    get("statements.customer", _customer, "ref"),
    get("statements.customer_export", _as_file(_customer), "ref"),
    get("statements.place", _depot, "ref"),
    get("statements.place_export", _as_file(_depot), "ref"),
)
