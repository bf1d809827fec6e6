"""A parked form read again: its words, its fields, and the act that it asks for."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import RadioField

from hsh.blueprints import formats, words
from hsh.blueprints.device import items, ops
from hsh.blueprints.device.items import Item, Sender
from hsh.blueprints.sales.readings_field import ReadingsField
from hsh.blueprints.sales.sale_form import CentsField
from hsh.core.command import Actor, Command, Outcome
from hsh.core.refusals import NotEnoughStock
from hsh.core.words import ReadingKind
from hsh.db import apart
from hsh.queries.books import refusals
from hsh.queries.logistics import places
from hsh.queries.registry import people, spoken
from hsh.services.logistics.corrections import AdjustStock, StockLine, post_correction

PREFIX = "sent:"
"""What the name of a corrected field begins with, so that it is none of the page's own."""


@dataclass(frozen=True, kw_only=True)
class Input:
    """One field of a parked form as it can be corrected; of ``choices`` one, if there are any.

    ``is_fixed``: it is shown, in the words of ``value``, and stays as it was sent.
    """

    name: str
    label: str
    value: str
    choices: tuple[tuple[str, str], ...] = ()
    is_fixed: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether nothing was entered there."""
        return self.value in {"", "0"}


def says(code: str, params: str) -> str:
    """Return in words why a form was refused."""
    return words.retold(code, _plain(json.loads(params)))


def inputs(op: str, sent: Mapping[str, list[str]], typed: MultiDict[str, str]) -> Iterator[Input]:
    """Yield the fields that were sent, as corrected so far, by the names that people use."""
    form = ops.OPS[op].form() if op in ops.OPS else None
    called = _called(sent)
    for name, values in sorted(sent.items()):
        base, _dash, code = name.partition("-")
        field = form._fields.get(base) if form else None
        first = values[0] if values else ""
        value = typed.get(PREFIX + name, first)
        said = Input(name=PREFIX + name, label=_label(name, field, called), value=value)
        if _REF.fullmatch(first) and first in called:
            yield replace(said, value=called[first], is_fixed=True)
        elif isinstance(field, CentsField):
            cents = field.meant(first)
            yield replace(said, value=formats.money(cents or 0), is_fixed=True)
        else:
            yield replace(said, choices=_choices(field, code))


def _called(sent: Mapping[str, list[str]]) -> dict[str, str]:
    """Return what people call the codes and refs in the names and values of the fields."""
    texts = {text for values in sent.values() for text in values[:1]} | set(sent)
    found = {UUID(ref[0]) for text in texts if (ref := _REF.search(text))}
    codes = {name.partition("-")[2] for name in sent}
    return spoken.names(codes) | spoken.refs(found)


def _label(name: str, field: Any, called: Mapping[str, str]) -> str:
    if field is None:
        return name
    code, label = name.partition("-")[2], str(field.label.text)
    if isinstance(field, ReadingsField):
        meter, _dash, part = code.rpartition("-")
        return f"{called.get(meter, meter)} · {_PARTS.get(part, part)}"
    return f"{label} · {called.get(code, code)}" if code else label


def _choices(field: Any, code: str) -> tuple[tuple[str, str], ...]:
    if isinstance(field, ReadingsField) and code.endswith("-kind"):
        return tuple((kind, str(said)) for kind, said in _KINDS.items())
    if isinstance(field, RadioField):
        return tuple((str(value), str(said)) for value, said, *_more in field.iter_choices())
    return ()


_REF = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_KINDS = {
    ReadingKind.NORMAL: _l("Read"),
    ReadingKind.ESTIMATED: _l("Estimate"),
    ReadingKind.ROLLOVER: _l("Rolled over"),
    ReadingKind.CHANGE: _l("New meter"),
}
_PARTS = {
    "current": _l("The meter shows"),
    "kind": _l("Kind of reading"),
    "previous": _l("Last reading before"),
    "final": _l("Old meter, last reading"),
    "first": _l("New meter, first reading"),
}


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
        post_correction(
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
