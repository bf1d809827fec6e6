"""Everything that is known about one visit at one site: who, what may be sold, at which price.

The page of a visit asks for everything; a sale asks for what it sells, in the same number of
statements however many lines it has.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Row, Select, and_, bindparam, or_, select
from sqlalchemy.orm import aliased, defer, load_only

from hsh.core.command import Actor
from hsh.core.refusals import NotFound
from hsh.core.words import EquipmentKind, PlaceKind, RateSubject, ServiceKind, TaxCode
from hsh.db import db, execute, remembered
from hsh.models.registry import (
    Company,
    Customer,
    Equipment,
    Meter,
    Place,
    PriceList,
    Service,
    Site,
    SiteEquipment,
    Vehicle,
)
from hsh.queries import scope
from hsh.queries.registry import rates
from hsh.queries.sales import agreements
from hsh.queries.sales.agreements import Agreed

USAGE = (RateSubject.USAGE, 0)
"""The key of the price of a cubic metre."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """A cylinder size or accessory at this site. ``price`` in dollars, None when none is set."""

    id: int
    code: str
    name: str
    kind: EquipmentKind
    part_credit: Decimal
    tax_code: TaxCode
    price: Decimal | None
    through_meter: bool
    agreement: UUID | None = None
    """What was agreed for one sale, where that is the price."""


@dataclass(frozen=True, kw_only=True)
class Fee:
    """A service or deposit at this site."""

    id: int
    code: str
    name: str
    kind: ServiceKind
    equipment: int | None
    tax_code: TaxCode
    price: Decimal | None


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a sale asks about: codes of items and fees, refs of meters."""

    items: Collection[str]
    fees: Collection[str]
    meters: Collection[UUID]
    agreed: Collection[UUID] = ()
    """Refs of the prices agreed for one sale that the page had shown."""


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One visit at one site, on a day, from a truck or a depot."""

    on: date
    company: Company
    customer: Customer
    site: Site
    site_place: Place
    source: Place
    depot_id: int
    """The depot that the source belongs to."""
    inclusive: bool
    items: dict[str, Item]
    fees: dict[str, Fee]
    meters: dict[UUID, Meter]
    usage_price: Decimal | None
    taxes: dict[TaxCode, Decimal]

    def tax_rate(self, code: TaxCode) -> Decimal:
        """Return the GST rate of ``code`` on the day; 0 for a company without registration."""
        if not self.company.gst_number:
            return Decimal(0)
        return self.taxes.get(code, Decimal(0))


def visit(
    actor: Actor, *, site: UUID, source: UUID, on: date, wanted: Wanted | None = None
) -> Visit:
    """Return what is known about a visit on the day ``on``; everything when ``wanted`` is None.

    Raises:
        NotFound: no such site, or the truck or depot is not theirs.

    """
    parties, meters = _parties_and_meters(actor, site, source, on, wanted)
    customer, site_row, site_place, source_place, price_list, depot_id = parties
    goods = remembered(
        ("goods", site_place.id, _asked(wanted)), lambda: _goods(site_place.id, wanted)
    )
    items, fees = goods
    figures = remembered(
        ("figures", on, site_place.id, customer.id, price_list.id, _asked(wanted)),
        lambda: rates.figures(
            on,
            site=site_place.id,
            customer=customer.id,
            price_list=price_list.id,
            equipment=[row.id for row in items],
            services=[row.id for row in fees],
        ),
    )
    agreed = agreements.waiting(site_place.id, on, None if wanted is None else wanted.agreed)
    return Visit(
        on=on,
        company=remembered("company", lambda: db.session.execute(_COMPANY).scalar_one()),
        customer=customer,
        site=site_row,
        site_place=site_place,
        source=source_place,
        depot_id=depot_id or source_place.id,
        inclusive=price_list.tax_inclusive,
        items={row.code: _item(row, figures, agreed.get(row.id)) for row in items},
        fees={row.code: _fee(row, figures) for row in fees},
        meters={meter.ref: meter for meter in meters},
        usage_price=figures.prices.get(USAGE),
        taxes=figures.taxes,
    )


_NEEDED = (
    load_only(
        Customer.name,
        Customer.uen,
        Customer.gst_number,
        Customer.billing_address,
        Customer.email,
        Customer.terms_days,
        Customer.buyer_reference,
    ),
    load_only(Site.street, Site.unit, Site.building, Site.postal_code),
    load_only(PriceList.tax_inclusive),
    defer(Meter.opening_reading),
    defer(Meter.opening_on),
)
"""What a sale reads of the parties: each column takes time; another is loaded when asked for."""

_COMPANY = select(Company).execution_options(populate_existing=True)

type _Who = tuple[Customer, Site, Place, Place, PriceList, int | None]
type _Parties = tuple[*_Who, Meter | None]

_METERS = (
    select(Meter)
    .where(
        Meter.site_id == bindparam("at_site"),
        Meter.active,
        Meter.ref.in_(bindparam("refs", expanding=True)),
    )
    .order_by(Meter.serial)
    .options(defer(Meter.opening_reading), defer(Meter.opening_on))
    .execution_options(populate_existing=True)
)


def _parties_and_meters(
    actor: Actor, site: UUID, source: UUID, on: date, wanted: Wanted | None
) -> tuple[_Who, Sequence[Meter]]:
    """Return the parties and the meters of a visit; meters as they are now, whatever is known."""
    read: list[Meter] = []

    def both() -> _Who:
        rows = _parties(actor, site, source, on, wanted)
        read.extend(row.Meter for row in rows if row.Meter)
        return rows[0][:-1]

    if wanted is None:
        return both(), read
    who = remembered(("parties", actor, site, source, on), both)
    if read or not wanted.meters:
        return who, read
    keys = {"at_site": who[1].place_id, "refs": list(wanted.meters)}
    return who, db.session.scalars(_METERS, keys).all()


def _asked(wanted: Wanted | None) -> object:
    return wanted and (frozenset(wanted.items), frozenset(wanted.fees))


def _goods(site: int, wanted: Wanted | None) -> tuple[list[Row[Any]], list[Row[Any]]]:
    return _items(site, wanted), _fees(wanted)


def _parties(
    actor: Actor, site: UUID, source: UUID, on: date, wanted: Wanted | None
) -> Sequence[Row[*_Parties]]:
    """Return the parties of a visit, once for each meter that is asked about."""
    keys: dict[str, object] = {"at_site": site, "from_source": source, "on_day": on}
    if wanted is not None:
        keys["refs"] = list(wanted.meters)
    statement = _parties_statement(actor, every_meter=wanted is None)
    found = db.session.execute(statement, keys).all()
    if not found:
        raise NotFound(what="site")
    return found


@lru_cache(maxsize=256)
def _parties_statement(actor: Actor, *, every_meter: bool) -> Select[*_Parties]:
    """Return the statement that finds the parties of a visit; built once for each actor."""
    at, origin, on = aliased(Place), aliased(Place), bindparam("on_day", type_=Date)
    read = and_(Meter.site_id == Site.place_id, Meter.active)
    if not every_meter:
        read = and_(read, Meter.ref.in_(bindparam("refs", expanding=True)))
    return (
        select(Customer, Site, at, origin, PriceList, Vehicle.home_depot_id, Meter)
        .select_from(Site)
        .join(at, and_(at.id == Site.place_id, at.ref == bindparam("at_site"), at.active))
        .join(Customer, and_(Customer.id == Site.customer_id, Customer.active))
        .join(PriceList, PriceList.id == Customer.price_list_id)
        .join(origin, and_(origin.ref == bindparam("from_source"), origin.id != at.id))
        .outerjoin(Vehicle, Vehicle.place_id == origin.id)
        .outerjoin(Meter, read)
        .where(
            or_(
                origin.id.in_(scope.trucks(actor, on)),
                and_(
                    origin.kind == PlaceKind.DEPOT,
                    origin.id.in_(scope.counters(actor)),
                ),
            )
        )
        .order_by(Meter.serial)
        .options(*_NEEDED, *(load_only(p.ref, p.kind, p.code, p.name) for p in (at, origin)))
        .execution_options(populate_existing=True)
    )


def _items(site: int, wanted: Wanted | None) -> list[Row[*tuple[Any, ...]]]:
    if wanted is None:
        return list(execute(_ITEMS, {"at_site": site}))
    if not wanted.items:
        return []
    return list(execute(_ITEMS_OF, {"at_site": site, "codes": list(wanted.items)}))


_ITEMS = (
    select(
        Equipment.id,
        Equipment.code,
        Equipment.name,
        Equipment.kind,
        Equipment.part_credit,
        Equipment.tax_code,
        SiteEquipment.through_meter,
    )
    .outerjoin(
        SiteEquipment,
        and_(
            SiteEquipment.equipment_id == Equipment.id,
            SiteEquipment.site_id == bindparam("at_site"),
        ),
    )
    .where(Equipment.active)
    .order_by(Equipment.kind.desc(), Equipment.net_kg, Equipment.code)
)
_ITEMS_OF = _ITEMS.where(Equipment.code.in_(bindparam("codes", expanding=True)))


def _fees(wanted: Wanted | None) -> list[Row[*tuple[Any, ...]]]:
    if wanted is None:
        return list(execute(_FEES))
    if not wanted.fees:
        return []
    return list(execute(_FEES_OF, {"codes": list(wanted.fees)}))


_FEES = (
    select(
        Service.id,
        Service.code,
        Service.name,
        Service.kind,
        Service.equipment_id,
        Service.tax_code,
    )
    .where(Service.active)
    .order_by(Service.kind.desc(), Service.id)
)
_FEES_OF = _FEES.where(Service.code.in_(bindparam("codes", expanding=True)))


def _item(row: Row[*tuple[Any, ...]], figures: rates.Figures, agreed: Agreed | None) -> Item:
    """Return what may be sold; what the meter bills has no other price."""
    through_meter = bool(row.through_meter)
    agreed = None if through_meter else agreed
    price = agreed.amount if agreed else figures.prices.get((RateSubject.EQUIPMENT, row.id))
    return Item(
        id=row.id,
        code=row.code,
        name=row.name,
        kind=EquipmentKind(row.kind),
        part_credit=row.part_credit,
        tax_code=TaxCode(row.tax_code),
        price=Decimal(0) if through_meter else price,
        through_meter=through_meter,
        agreement=agreed.ref if agreed else None,
    )


def _fee(row: Row[*tuple[Any, ...]], figures: rates.Figures) -> Fee:
    return Fee(
        id=row.id,
        code=row.code,
        name=row.name,
        kind=ServiceKind(row.kind),
        equipment=row.equipment_id,
        tax_code=TaxCode(row.tax_code),
        price=figures.prices.get((RateSubject.SERVICE, row.id)),
    )
