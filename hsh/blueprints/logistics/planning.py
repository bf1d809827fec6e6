"""What the planning page needs around its form: choices, sensible defaults, stock on both sides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import lazy_gettext as _l

from hsh.blueprints.logistics.forms import COLUMNS, WAYS, EditForm, Line, PlanForm
from hsh.core import clock
from hsh.core.command import Actor
from hsh.core.roles import Role
from hsh.core.words import Condition
from hsh.queries.logistics import choices, stock
from hsh.queries.logistics.cautions import Caution, cautions
from hsh.queries.logistics.choices import Choices, DriverChoice, TruckChoice
from hsh.queries.logistics.shown import Shown

_NOTHING: stock.Shelf = {}


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What lies around the form: the sizes, and what depot and truck hold of each."""

    sizes: Sequence[stock.Size]
    at_depot: stock.Shelf
    on_truck: stock.Shelf
    has_trucks: bool
    cautions: Sequence[Caution]

    def columns(self, size: stock.Size) -> Mapping[str, Line]:
        """Return the counts that make sense for a size: an accessory is full or it is sold."""
        if not size.is_accessory:
            return COLUMNS
        return {name: line for name, line in COLUMNS.items() if line[1] == Condition.FULL}


def begin(actor: Actor, *, way: str, truck: UUID | None) -> PlanForm:
    """Return a form with what is most likely: the own truck, its depot, today.

    A driver who comes back brings the truck's empties.
    """
    day = clock.today()
    offered = choices.on(actor, day)
    chosen = _likely_truck(actor, offered, truck)
    return PlanForm(
        data={
            "way": way if way in WAYS else "both",
            "planned_on": day,
            "truck": chosen and chosen.ref,
            "depot": _likely_depot(offered, chosen),
            "driver": _likely_driver(actor, offered, chosen),
            "in_empty": _empties(chosen) if chosen and Role.DRIVER in actor.roles else {},
        }
    )


def of_draft(draft: Shown) -> EditForm:
    """Return the form that says what ``draft`` says."""
    return EditForm(
        data={
            "way": _way(draft),
            "depot": draft.depot_ref,
            "truck": draft.truck_ref,
            "driver": draft.driver_ref,
            "planned_on": draft.planned_on,
            "remarks": draft.remarks,
            "version": draft.version,
            **counts_of(draft),
        }
    )


def furnish(form: PlanForm, actor: Actor) -> Desk:
    """Give ``form`` its choices for the day it names, and return the desk around it."""
    offered = choices.on(actor, form.planned_on.data or clock.today())
    _offer(form, offered)
    depot = next((d.id for d in offered.depots if d.ref == form.depot.data), 0)
    truck = next((t.id for t in offered.trucks if t.ref == form.truck.data), 0)
    driver = next((d.id for d in offered.drivers if d.ref == form.driver.data), 0)
    shelves = stock.shelves([depot, truck])
    return Desk(
        sizes=stock.sizes(),
        at_depot=shelves[depot],
        on_truck=shelves[truck],
        has_trucks=bool(offered.trucks),
        cautions=cautions(
            truck=truck,
            driver=driver,
            on=form.planned_on.data or clock.today(),
            load=form.load(),
        ),
    )


def follow_truck(form: PlanForm, actor: Actor) -> None:
    """After another truck or day was chosen: let the driver be one of that truck's.

    A depot that was chosen stays; without one the truck's is offered.
    """
    offered = choices.on(actor, form.planned_on.data or clock.today())
    truck = next((t for t in offered.trucks if t.ref == form.truck.data), None)
    drivers = {d.ref for d in offered.drivers if truck and d.truck == truck.id}
    if drivers and form.driver.data not in drivers:
        form.driver.data = _likely_driver(actor, offered, truck)
    form.depot.data = form.depot.data or _likely_depot(offered, truck)


def _offer(form: PlanForm, offered: Choices) -> None:
    form.depot.choices = [(depot.ref, depot.name) for depot in offered.depots]
    form.truck.choices = [(truck.ref, _truck_label(truck)) for truck in offered.trucks]
    form.driver.choices = _driver_labels(offered)
    for field in (form.depot, form.truck, form.driver):
        field.blank = None if field.chosen else _l("Choose")


def _truck_label(truck: TruckChoice) -> str:
    return truck.name if truck.plate in truck.name else f"{truck.plate} · {truck.name}"


def _driver_labels(offered: Choices) -> list[tuple[UUID, str]]:
    """Name each driver once; where there are several trucks, with the plates of theirs."""
    plates = {truck.id: truck.plate for truck in offered.trucks}
    trucks: dict[UUID, list[str]] = {}
    names: dict[UUID, str] = {}
    for driver in offered.drivers:
        names[driver.ref] = driver.name
        trucks.setdefault(driver.ref, []).append(plates[driver.truck])
    if len(plates) == 1:
        return list(names.items())
    return [(ref, f"{name} · {', '.join(trucks[ref])}") for ref, name in names.items()]


def _likely_truck(actor: Actor, offered: Choices, asked: UUID | None) -> TruckChoice | None:
    """Return the truck that was asked for, else the one that ``actor`` drives, else the only."""
    driven = {driver.truck for driver in offered.drivers if driver.id == actor.id}
    asked_for = [truck for truck in offered.trucks if truck.ref == asked]
    own = [truck for truck in offered.trucks if truck.id in driven]
    only = offered.trucks if len(offered.trucks) == 1 else []
    return next(iter([*asked_for, *own, *only]), None)


def _likely_depot(offered: Choices, truck: TruckChoice | None) -> UUID | None:
    """Return the depot that the truck went to last, else its home, else the only one."""
    refs = {depot.id: depot.ref for depot in offered.depots}
    if truck:
        last = choices.last_depot(truck.id)
        return refs.get(last or 0) or refs.get(truck.home)
    return offered.depots[0].ref if len(refs) == 1 else None


def _likely_driver(actor: Actor, offered: Choices, truck: TruckChoice | None) -> UUID | None:
    """Return ``actor`` where they drive the truck, else the first who does."""
    drivers: list[DriverChoice] = [
        driver for driver in offered.drivers if truck and driver.truck == truck.id
    ]
    drivers.sort(key=lambda driver: driver.id != actor.id)
    return drivers[0].ref if drivers else None


def _empties(truck: TruckChoice) -> dict[str, int]:
    shelf = stock.shelves([truck.id])[truck.id]
    return {code: n for (code, condition), n in shelf.items() if condition == Condition.EMPTY}


def counts_of(draft: Shown) -> dict[str, dict[str, int]]:
    """Return the lines of ``draft`` as the counts of its form: {column: {code: quantity}}."""
    names = {line: name for name, line in COLUMNS.items()}
    found: dict[str, dict[str, int]] = {name: {} for name in COLUMNS}
    for line in draft.lines:
        found[names[line.direction, line.condition]][line.code] = line.quantity
    return found


def _way(draft: Shown) -> str:
    directions = frozenset(line.direction for line in draft.lines)
    return next((way for way, found in WAYS.items() if found == directions), "both")
