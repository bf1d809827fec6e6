"""What a tablet's queue holds: one form as it was sent, read into the command that it asks for."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import current_app
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from hsh.blueprints.device import ops
from hsh.blueprints.fields import instant
from hsh.core.command import Actor, Command
from hsh.core.refusals import Refusal

SCHEMA = 1
"""The version of an item's shape. A tablet that is not up to date yet may send an older one."""
MOST_FIELDS, MOST_REFS, MOST_SIGNS = 2_000, 50, 5_000
NOTE_LENGTH = 1_000
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)


class Malformed(Refusal):
    """The item is not one that our pages make."""

    code = "malformed"
    status = 422


class MustNotWait(Refusal):
    """This form has to be sent from its page, with a network."""

    code = "must_not_wait"
    status = 422


@dataclass(frozen=True, kw_only=True)
class Item:
    """One form as a tablet kept it. ``captured_at`` is by the tablet's own clock.

    ``refs`` are the forms that must be done before. ``report``: a word to the supervisor, to whom
    the driver hands the form. ``user`` made it.
    """

    form: UUID
    op: str
    path: str
    seq: int
    fields: Mapping[str, Sequence[str]]
    refs: tuple[UUID, ...]
    captured_at: datetime | None
    user: UUID | None
    replaces: UUID | None
    report: str | None


@dataclass(frozen=True, kw_only=True)
class Sender:
    """Whose items they are, from which tablet, and how far its clock is ahead of ours.

    ``approved_by`` is who brings them to the office in their maker's place.
    """

    actor: Actor
    user: UUID
    device: str
    ahead: timedelta = timedelta()
    approved_by: Actor | None = None


def form_id(raw: object) -> UUID | None:
    """Return the UUID under which an item came, None when it has none."""
    text = raw.get("client_temp_id") if isinstance(raw, dict) else None
    return UUID(text) if isinstance(text, str) and _UUID.fullmatch(text) else None


def read(raw: object) -> Item:
    """Return the item that ``raw`` is, as parsed from JSON.

    Raises:
        Malformed: it is none.

    """
    form = form_id(raw)
    if form is None or not isinstance(raw, dict) or not 0 < _whole(raw.get("schema")) <= SCHEMA:
        raise Malformed
    return Item(
        form=form,
        op=_text(raw.get("op"), 40),
        path=_text(raw.get("path"), 300),
        seq=_whole(raw.get("seq")),
        fields=_fields(raw.get("fields")),
        refs=tuple(_ref(ref) for ref in _list(raw.get("refs"), MOST_REFS)),
        captured_at=_instant(raw.get("captured_at")),
        user=_optional(_ref, raw.get("user")),
        replaces=_optional(_ref, raw.get("replaces")),
        report=_optional(_note, raw.get("report")),
    )


def kept(item: Item, sender: Sender) -> str:
    """Return the item as it is written down for a supervisor: its time is by our clock."""
    at = _corrected(item, sender)
    return json.dumps(
        {
            "client_temp_id": str(item.form),
            "schema": SCHEMA,
            "seq": item.seq,
            "user": str(sender.user),
            "op": item.op,
            "path": item.path,
            "fields": {name: list(values) for name, values in item.fields.items()},
            "captured_at": at.isoformat() if at else None,
            "device_id": sender.device,
        }
    )


def command(item: Item, sender: Sender, instead: Mapping[UUID, UUID]) -> Command:
    """Return what ``item`` asks for, through the same form as on its page.

    ``instead`` leads from a form that ``item`` needs to the record that came of it, where that has
    another ref because the form was put right.

    Raises:
        Malformed: its address is none of a form, or not that of its op.
        MustNotWait: the op is not one that may wait.
        Refusal: as on the page.

    """
    op, parts = _addressed(item)
    known = {ref: instead[ref] for ref in item.refs if ref in instead}
    parts = {name: known.get(value, value) for name, value in parts.items()}
    envelope = {
        "client_temp_id": str(item.form),
        "captured_at": at.isoformat() if (at := _corrected(item, sender)) else "",
        "device_id": sender.device,
        "replaces": str(item.replaces or ""),
    }
    fields = {name: [_resolved(v, known) for v in values] for name, values in item.fields.items()}
    form = op.form(MultiDict(fields | {name: [value] for name, value in envelope.items()}))
    form.approved_by = sender.approved_by
    return ops.command_of(op.name, form, sender.actor, op.record(parts))


def _addressed(item: Item) -> tuple[ops.Op, dict[str, Any]]:
    op = ops.OPS.get(item.op)
    if op is None:
        raise Malformed
    if not op.may_wait:
        raise MustNotWait
    try:
        endpoint, parts = current_app.url_map.bind("").match(item.path, method="POST")
    except (HTTPException, RequestRedirect, ValueError):
        raise Malformed from None
    if endpoint != op.endpoint:
        raise Malformed
    return op, dict(parts)


def _corrected(item: Item, sender: Sender) -> datetime | None:
    """Return when the form was taken down by our clock (law 10)."""
    return item.captured_at - sender.ahead if item.captured_at else None


def _resolved(value: str, known: Mapping[UUID, UUID]) -> str:
    if not known or not _UUID.fullmatch(value):
        return value
    ref = UUID(value)
    return str(known.get(ref, ref))


def _fields(raw: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(raw, dict) or len(raw) > MOST_FIELDS:
        raise Malformed
    return {
        _text(name, 200): tuple(
            _text(value, MOST_SIGNS)
            for value in (_list(values, MOST_REFS) if isinstance(values, list) else [values])
        )
        for name, values in raw.items()
    }


def _list(raw: object, most: int) -> list[object]:
    if raw is None:
        return []
    if not isinstance(raw, list) or len(raw) > most:
        raise Malformed
    return raw


def _text(raw: object, most: int) -> str:
    if not isinstance(raw, str) or len(raw) > most:
        raise Malformed
    return raw


def _note(raw: object) -> str:
    text = _text(raw, NOTE_LENGTH)
    if not text.isprintable() and not text.replace("\n", " ").isprintable():
        raise Malformed
    return text.strip()


def _whole(raw: object) -> int:
    if not isinstance(raw, int) or isinstance(raw, bool) or not 0 <= raw < 2**53:
        raise Malformed
    return raw


def _ref(raw: object) -> UUID:
    if not isinstance(raw, str) or not _UUID.fullmatch(raw):
        raise Malformed
    return UUID(raw)


def _instant(raw: object) -> datetime | None:
    if raw is None or raw == "":
        return None
    try:
        return instant(_text(raw, 40))
    except ValueError:
        raise Malformed from None


def _optional[T](read_it: Any, raw: object) -> T | None:
    return None if raw is None or raw == "" else read_it(raw)


def owner(raw: object) -> UUID | None:
    """Return who made an item as parsed from JSON, None when it does not say."""
    text = raw.get("user") if isinstance(raw, dict) else None
    return UUID(text) if isinstance(text, str) and _UUID.fullmatch(text) else None
