"""Distributions in one line, and what the books say afterwards."""

import json
from dataclasses import fields
from uuid import uuid4

from sqlalchemy import select

from hsh.core import clock
from hsh.core.words import Condition, Direction
from hsh.db import db
from hsh.models.books import AuditEntry, StockLevel, StockMove
from hsh.models.logistics import Distribution
from hsh.services.logistics.distributions import (
    ConfirmDistribution,
    ReverseDistribution,
    confirm_distribution,
    reverse_distribution,
)
from hsh.services.logistics.drafts import (
    DropDistribution,
    EditDistribution,
    PlanDistribution,
    PlannedLine,
    drop_distribution,
    edit_distribution,
    plan_distribution,
)
from tests.selling import level

WAYS = {
    "out": (Direction.OUT, Condition.FULL),
    "empty": (Direction.IN, Condition.EMPTY),
    "full": (Direction.IN, Condition.FULL),
    "part": (Direction.IN, Condition.PART),
}


def lines(**counts):
    """Planned lines by way and size: lines(out={"C127": 5}, empty={"C50": 2})."""
    return tuple(
        PlannedLine(
            direction=WAYS[way][0], equipment=code, condition=WAYS[way][1], quantity=quantity
        )
        for way, sizes in counts.items()
        for code, quantity in sizes.items()
    )


def plan_order(world, *, planned=None, **changes):
    """What the world's driver plans with the world's truck for today."""
    return PlanDistribution(
        **{
            "actor": world.driver.actor,
            "submission": uuid4(),
            "depot": world.depot.ref,
            "truck": world.truck.ref,
            "driver": world.driver.ref,
            "planned_on": clock.today(),
            "remarks": "",
            "lines": lines(**(planned or {"out": {"C127": 5}})),
        }
        | changes
    )


def plan(world, **counts):
    """Plan so many: plan(world, out={"C127": 5}); return the draft's ref."""
    return plan_distribution(plan_order(world, planned=counts)).ref


def edit_order(world, ref, *, planned=None, version=1, **changes):
    order = plan_order(world, planned=planned, **changes)
    wanted = {field.name: getattr(order, field.name) for field in fields(order)}
    return EditDistribution(**wanted, distribution=ref, version=version)


def edit(world, ref, **changes):
    return edit_distribution(edit_order(world, ref, **changes))


def drop(world, ref, **changes):
    order = {"actor": world.driver.actor, "submission": uuid4(), "distribution": ref}
    return drop_distribution(DropDistribution(**order | changes))


def confirm_order(world, ref, **changes):
    order = {"actor": world.driver.actor, "submission": uuid4(), "distribution": ref}
    return ConfirmDistribution(**order | changes)


def confirm(world, ref, **changes):
    return confirm_distribution(confirm_order(world, ref, **changes))


def load(world, **counts):
    """Plan and confirm: load(world, out={"C127": 5})."""
    return confirm(world, plan(world, **counts))


def reverse(world, ref, **changes):
    order = {
        "actor": world.supervisor.actor,
        "submission": uuid4(),
        "distribution": ref,
        "reason": "Wrong truck",
    }
    return reverse_distribution(ReverseDistribution(**order | changes))


def row(ref):
    """The distribution as the database has it now."""
    return db.session.scalars(
        select(Distribution)
        .where(Distribution.ref == ref)
        .execution_options(populate_existing=True)
    ).one()


def planned(ref):
    """The lines of a distribution: {(direction, condition, equipment id): quantity}."""
    return {
        (line.direction, line.condition, line.equipment_id): line.quantity
        for line in row(ref).lines
    }


def moves(ref):
    """What a distribution moved: [(kind, from, to, condition, quantity)], by the places' ids."""
    found = db.session.scalars(
        select(StockMove)
        .where(StockMove.source_type == "distribution", StockMove.source_id == row(ref).id)
        .order_by(StockMove.id)
    )
    return [(m.kind, m.from_place_id, m.to_place_id, m.from_condition, m.quantity) for m in found]


def both(world, code="C127", condition=Condition.FULL):
    """How many depot and truck hold."""
    item = world.sizes[code]
    return level(world.depot, item, condition), level(world.truck, item, condition)


def entries(ref):
    """The audit bodies of a record, oldest first."""
    bodies = db.session.scalars(
        select(AuditEntry.body).where(AuditEntry.record_ref == ref).order_by(AuditEntry.sequence)
    )
    return [json.loads(body) for body in bodies]


def levels_in(body, when, place):
    """The levels of ``place`` that an audit body tells: {(equipment, condition): quantity}."""
    return {
        (told["equipment"], told["condition"]): told["quantity"]
        for told in body[when]["levels"]
        if told["place"] == place.id
    }


def total_stock():
    """The sum of all levels of everything, outside too: always zero."""
    return sum(db.session.scalars(select(StockLevel.quantity)))
