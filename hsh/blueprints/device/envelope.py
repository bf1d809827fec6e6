"""What surrounds the items of a tablet's queue: which tablet it is, and what time it has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import request
from werkzeug.exceptions import BadRequest

from hsh.blueprints.fields import instant
from hsh.core import clock
from hsh.core.refusals import Refusal
from hsh.services.registry.devices import Report

MOST_ITEMS = 500
_DEVICE = re.compile(r"[A-Za-z0-9-]{1,40}", re.ASCII)
_VERSION = re.compile(r"[\x21-\x7e]{0,40}", re.ASCII)
_NAME_LENGTH, _MOST_WAITING = 200, 1_000_000


class BadEnvelope(Refusal):
    """The request is not one of a tablet's queue. Params: ``what`` is wrong."""

    code = "bad_envelope"
    status = 422


class TooManyItems(Refusal):
    """More at once than is taken. Params: ``most``."""

    code = "too_many_items"
    status = 413


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """A request of a tablet's queue; ``items`` are as parsed from JSON, not looked at yet."""

    report: Report
    items: list[object]


def parsed() -> dict[str, Any]:
    """Return the JSON object that was sent.

    Raises:
        BadEnvelope: it was none.

    """
    try:
        body = request.get_json()
    except (BadRequest, RecursionError):
        raise BadEnvelope(what="json") from None
    return checked(body)


def checked(body: object) -> dict[str, Any]:
    """Return ``body`` when it is an object.

    Raises:
        BadEnvelope: it is none.

    """
    if not isinstance(body, dict):
        raise BadEnvelope(what="object")
    return body


def opened(body: Mapping[str, Any]) -> Envelope:
    """Return what ``body`` holds.

    Raises:
        BadEnvelope: it is not what a tablet sends.
        TooManyItems: it holds more than ``MOST_ITEMS``.

    """
    held = body.get("items")
    if not isinstance(held, list):
        raise BadEnvelope(what="items")
    if len(held) > MOST_ITEMS:
        raise TooManyItems(most=MOST_ITEMS)
    return Envelope(report=report(body), items=held)


def report(said: Mapping[str, Any]) -> Report:
    """Return what a tablet says of itself, in a body or a query.

    Raises:
        BadEnvelope: names the part that will not do.

    """
    now, device_now = clock.now(), _instant(said, "device_now")
    ahead = device_now - now if device_now else timedelta()
    oldest = _instant(said, "oldest_at")
    return Report(
        device=_matching(said, "device_id", _DEVICE),
        name=_name(said),
        app_version=_matching(said, "app_version", _VERSION, default=""),
        waiting=_waiting(said),
        oldest_at=(oldest - ahead).astimezone(UTC) if oldest else None,
        ahead=ahead,
    )


def _matching(
    said: Mapping[str, Any], what: str, pattern: re.Pattern[str], default: str | None = None
) -> str:
    text = said.get(what, default)
    if not isinstance(text, str) or not pattern.fullmatch(text):
        raise BadEnvelope(what=what)
    return text


def _name(said: Mapping[str, Any]) -> str:
    text = said.get("name", "")
    if not isinstance(text, str) or len(text) > _NAME_LENGTH or not text.isprintable():
        raise BadEnvelope(what="name")
    return text


def _waiting(said: Mapping[str, Any]) -> int:
    text = str(said.get("waiting", 0))
    if not re.fullmatch("[0-9]{1,7}", text, re.ASCII) or int(text) > _MOST_WAITING:
        raise BadEnvelope(what="waiting")
    return int(text)


def _instant(said: Mapping[str, Any], what: str) -> datetime | None:
    text = said.get(what)
    if text is None or text == "":
        return None
    try:
        return instant(text if isinstance(text, str) else "")
    except ValueError:
        raise BadEnvelope(what=what) from None
