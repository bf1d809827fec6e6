"""Distributions and corrections, as the model knows them."""

from __future__ import annotations

from collections import Counter
from datetime import date
from uuid import UUID

from hsh.core.command import Actor, Outcome
from hsh.core.roles import Role
from hsh.core.words import Outside
from hsh.services.logistics.corrections import AdjustStock, StockLine, TransferStock
from hsh.services.logistics.distributions import ConfirmDistribution, ReverseDistribution
from hsh.services.logistics.drafts import (
    DropDistribution,
    EditDistribution,
    Plan,
    PlanDistribution,
)
from proof.model.state import (
    ACCESSORIES,
    CYLINDERS,
    DEPOT,
    OUTSIDE,
    TRUCK,
    Key,
    Model,
    No,
    Run,
    Step,
)

MOST = 9_999
_GOES = {("out", "full"), ("in", "full"), ("in", "part"), ("in", "empty")}


def plan(model: Model, command: PlanDistribution) -> Outcome:
    """Write a draft."""
    model.runs[command.submission] = _filled(model, command)
    return model.said(command.submission, "distribution")


def edit(model: Model, command: EditDistribution) -> Outcome:
    """Change a draft that nobody has changed since."""
    draft = _draft(model, command.actor, command.distribution)
    if draft.version != command.version:
        raise No("stale_version")
    filled = _filled(model, command)
    filled.version = draft.version + 1
    model.runs[command.distribution] = filled
    return model.said(command.distribution, "distribution")


def drop(model: Model, command: DropDistribution) -> Outcome:
    """Give a draft up."""
    _draft(model, command.actor, command.distribution).dropped = True
    return model.said(command.distribution, "distribution")


def confirm(model: Model, command: ConfirmDistribution) -> Outcome:
    """Move what was planned, and number it."""
    draft = _draft(model, command.actor, command.distribution)
    model.carry(_steps(draft))
    draft.number = model.number("DIST")
    return model.said(command.distribution, "distribution", draft.number)


def reverse(model: Model, command: ReverseDistribution) -> Outcome:
    """Move it all back under a number of its own."""
    if Role.SUPERVISOR not in command.actor.roles:
        raise No("not_allowed")
    first = _seen(model, command.actor, command.distribution)
    if first.number is None:
        raise No("not_confirmed")
    if first.reverses:
        raise No("invalid")
    if first.reversed:
        raise No("already_reversed")
    model.carry(tuple(Step(s.target, s.source, s.quantity) for s in _steps(first)))
    first.reversed = True
    number = model.number("DIST")
    model.runs[command.submission] = Run(
        depot=first.depot,
        truck=first.truck,
        planned_on=model.today,
        lines=first.lines,
        number=number,
        reverses=command.distribution,
    )
    return model.said(command.submission, "distribution", number)


def adjust(model: Model, command: AdjustStock) -> Outcome:
    """Bring the levels to what was counted."""
    _must_supervise(command.actor)
    place = model.places.get(command.place)
    if place is None:
        raise No("not_found")
    _check_lines(command.lines)
    if place.kind not in {DEPOT, TRUCK} or any(line.quantity == 0 for line in command.lines):
        raise No("invalid")
    count = model.world.outside[Outside.COUNT].id
    ends = [(count, place.id) if line.quantity > 0 else (place.id, count) for line in command.lines]
    return _correct(model, command.submission, "ADJ", ends, command.lines)


def transfer(model: Model, command: TransferStock) -> Outcome:
    """Move between depots, or between a depot and outside."""
    _must_supervise(command.actor)
    source, target = (
        model.places.get(command.place),
        model.places.get(command.other or command.place),
    )
    if not source or not target:
        raise No("not_found")
    _check_lines(command.lines)
    kinds = {source.kind, target.kind}
    nothing = any(line.quantity <= 0 for line in command.lines)
    if nothing or source == target or DEPOT not in kinds or kinds - {DEPOT, OUTSIDE}:
        raise No("invalid")
    ends = [(source.id, target.id)] * len(command.lines)
    return _correct(model, command.submission, "TRF", ends, command.lines)


def _correct(
    model: Model,
    ref: UUID,
    series: str,
    ends: list[tuple[int, int]],
    lines: tuple[StockLine, ...],
) -> Outcome:
    model.carry(
        tuple(
            Step(
                Key(source, line.equipment, line.condition),
                Key(target, line.equipment, line.condition),
                abs(line.quantity),
            )
            for (source, target), line in zip(ends, lines, strict=True)
        )
    )
    return model.said(ref, "correction", model.number(series))


def _must_supervise(actor: Actor) -> None:
    if Role.SUPERVISOR not in actor.roles:
        raise No("not_allowed")


def _check_lines(lines: tuple[StockLine, ...]) -> None:
    if not lines or any(line.equipment not in CYLINDERS + ACCESSORIES for line in lines):
        raise No("invalid")


def _seen(model: Model, actor: Actor, ref: UUID) -> Run:
    run = model.runs.get(ref)
    if run is None or not _is_theirs(model, actor, run.truck, run.planned_on):
        raise No("not_found")
    return run


def _is_theirs(model: Model, actor: Actor, truck: int, on: date) -> bool:
    return Role.SUPERVISOR in actor.roles or model.has_truck(actor.id, truck, on)


def _draft(model: Model, actor: Actor, ref: UUID) -> Run:
    run = _seen(model, actor, ref)
    if run.number:
        raise No("already_confirmed")
    if run.dropped:
        raise No("draft_dropped")
    return run


def _filled(model: Model, command: Plan) -> Run:
    on = command.planned_on
    depot, truck = model.places.get(command.depot), model.places.get(command.truck)
    if not depot or not truck or (depot.kind, truck.kind) != (DEPOT, TRUCK):
        raise No("not_found")
    if not model.may_use(command.actor, truck, on):
        raise No("not_found")
    drivers = {driver.ref: driver.actor.id for driver in model.world.drivers}
    if not model.has_truck(drivers.get(command.driver, 0), truck.id, on):
        raise No("invalid")
    return Run(depot=depot.id, truck=truck.id, planned_on=on, lines=_lines(command))


def _lines(command: Plan) -> Counter[tuple[str, str, str]]:
    """Sum the lines of a size, direction and condition."""
    lines: Counter[tuple[str, str, str]] = Counter()
    for line in command.lines:
        if line.quantity < 0 or (line.direction, line.condition) not in _GOES:
            raise No("invalid")
        lines[line.direction, line.equipment, line.condition] += line.quantity
    lines = +lines
    if not lines or max(lines.values()) > MOST or not all(map(_exists, lines)):
        raise No("invalid")
    return lines


def _exists(line: tuple[str, str, str]) -> bool:
    """Tell whether there is such a thing: an accessory is full, or it is sold."""
    _, code, condition = line
    return code in CYLINDERS or (code in ACCESSORIES and condition == "full")


def _steps(run: Run) -> tuple[Step, ...]:
    steps = []
    for (direction, code, condition), quantity in run.lines.items():
        depot, truck = Key(run.depot, code, condition), Key(run.truck, code, condition)
        ends = (depot, truck) if direction == "out" else (truck, depot)
        steps.append(Step(*ends, quantity))
    return tuple(steps)
