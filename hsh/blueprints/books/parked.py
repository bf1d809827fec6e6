"""A parked form read again: its words, its fields, and the act that it asks for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from werkzeug.datastructures import MultiDict

from hsh.blueprints import words
from hsh.blueprints.device import items, ops
from hsh.blueprints.device.items import Item, Sender
from hsh.core.command import Actor, Command, Outcome
from hsh.core.refusals import NotEnoughStock, Refusal
from hsh.db import apart
from hsh.queries.books import refusals
from hsh.queries.logistics import places
from hsh.queries.registry import people
from hsh.services.logistics.corrections import AdjustStock, StockLine, adjust_stock

PREFIX = "sent:"
"""What the name of a corrected field begins with, so that it is none of the page's own."""


@dataclass(frozen=True, kw_only=True)
class Input:
    """One field of a parked form as it can be corrected."""

    name: str
    label: str
    value: str


def says(code: str, params: str) -> str:
    """Return in words why a form was refused."""
    refusal = Refusal(**_plain(json.loads(params)))
    refusal.code = code  # type: ignore[misc]  # the book keeps the code, not the class
    return words.say(refusal)


def inputs(op: str, sent: Mapping[str, list[str]], typed: MultiDict[str, str]) -> Iterator[Input]:
    """Yield the fields that were sent, as corrected so far."""
    form = ops.OPS[op].form() if op in ops.OPS else None
    for name, values in sorted(sent.items()):
        base, dash, code = name.partition("-")
        field = form._fields.get(base) if form else None
        label = f"{field.label.text}{' · ' if dash else ''}{code}" if field else name
        value = typed.get(PREFIX + name, values[0] if values else "")
        yield Input(name=PREFIX + name, label=label, value=value)


def captured_at(sent: Mapping[str, Any]) -> datetime | None:
    """Return when the driver took the form down."""
    text = sent.get("captured_at")
    return datetime.fromisoformat(text) if text else None


def wish(
    by: Actor, form: UUID, typed: MultiDict[str, str], *, post_missing: bool
) -> Callable[[], Outcome]:
    """Return the act that the parked ``form`` asks for, with the fields that ``by`` corrected.

    It is done in the driver's name; ``by`` answers for it, so that the driver's seven days do not
    matter. ``post_missing``: what depot or truck lacks is counted in first, in the name of ``by``.

    Raises:
        NotFound: there is no such form for ``by``.
        Refusal: as on the page of the form.

    """
    found = refusals.one(by, form)
    item = _corrected(items.read(json.loads(found.sent)), typed)
    sender = Sender(
        actor=people.actor(found.person_id),
        user=found.person_ref,
        device=json.loads(found.sent)["device_id"],
        approved_by=by,
    )
    command = items.command(item, sender, {})
    service = ops.OPS[item.op].service

    def act() -> Outcome:
        try:
            with apart():
                return service(command)
        except NotEnoughStock as short:
            if not post_missing:
                raise
            _count_in(by, command, short)
            return service(command)

    return act


def _count_in(by: Actor, wanted: Command, short: NotEnoughStock) -> None:
    """Post what is missing: it was there, since it was handed over."""
    for place, lines in places.lacking(short.lacking).items():
        adjust_stock(
            AdjustStock(
                actor=by,
                submission=uuid5(wanted.submission, str(place)),
                place=place,
                reason=f"{wanted.op} {wanted.submission}",
                lines=tuple(
                    StockLine(equipment=code, condition=condition, quantity=quantity)
                    for code, condition, quantity in lines
                ),
            )
        )


def _corrected(item: Item, typed: MultiDict[str, str]) -> Item:
    """Return ``item`` with what was typed; a field that was not there stays out."""
    fields = {
        name: (typed[PREFIX + name],) if PREFIX + name in typed else values
        for name, values in item.fields.items()
    }
    if typed.get(f"{PREFIX}accept_shortfall"):
        fields["accept_shortfall"] = ("y",)
    return replace(item, fields=fields)


def _plain(params: object) -> dict[str, Any]:
    named = params if isinstance(params, dict) else {}
    return {name: value for name, value in named.items() if name != "field"}
