"""What every registry value must be, whoever sends it."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from hsh.core.money import PLACES
from hsh.core.refusals import Invalid
from hsh.db import db

_CODE = re.compile(r"[A-Z0-9][A-Z0-9./-]*")
_EMAIL = re.compile(r"[^@\s,;:<>()\[\]\"]+@[^@\s,;:<>()\[\]\"]+")
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_DEGREES = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,20})?")
_SINGAPORE = {
    "latitude": (Decimal("1.1"), Decimal("1.5")),
    "longitude": (Decimal("103.5"), Decimal("104.5")),
}
_POSTAL_CODE = re.compile(r"(?!00)[0-9]{6}")
_JOINERS = "\u200c\u200d"
"""They shape Tamil and other scripts, so a name may hold them; all else unseen is refused."""
CODE_LENGTH = 40
NAME_LENGTH = 200
NOTE_LENGTH = 1000


def code(value: str, *, field: str = "code") -> str:
    """Return a code: capitals, digits, point, slash and hyphen, at most 40."""
    if not _CODE.fullmatch(value) or len(value) > CODE_LENGTH:
        raise Invalid(field=field, reason="not_a_code", most=CODE_LENGTH)
    return value


def name(value: str, *, field: str = "name", most: int = NAME_LENGTH) -> str:
    """Return a text of one line that says something."""
    if not value.strip():
        raise Invalid(field=field, reason="missing")
    return _short_enough(value, field, most)


def optional(value: str | None, *, field: str, most: int = NAME_LENGTH) -> str | None:
    """Return a text of one line; nothing written is None."""
    return name(value, field=field, most=most) if value else None


def plain(value: str | None, *, field: str) -> str | None:
    """Return ASCII text, at most 40 characters, as codes are kept; nothing written is None."""
    if value and not value.isascii():
        raise Invalid(field=field, reason="not_plain")
    return optional(value, field=field, most=CODE_LENGTH)


def email(value: str | None, *, field: str = "email") -> str | None:
    """Return one e-mail address; a comma would make it two recipients."""
    if value and not _EMAIL.fullmatch(value):
        raise Invalid(field=field, reason="not_an_email")
    return optional(value, field=field)


def lines(value: str, *, field: str) -> str:
    """Return a text of one or more lines, at most 1000 characters: a postal address."""
    for line in value.split("\n"):
        name(line, field=field)
    return _length(value, field, NOTE_LENGTH)


def amount(value: Decimal, *, field: str = "amount") -> Decimal:
    """Return a price, weight or share: not below zero, at most four places."""
    if not value.is_finite() or value < 0:
        raise Invalid(field=field, reason="below_zero")
    if value != round(value, PLACES):
        raise Invalid(field=field, reason="too_many_places", most=PLACES)
    return value


def position(value: str, *, field: str) -> str:
    """Return a ``latitude`` or ``longitude`` in degrees, as written, that lies in Singapore."""
    text = value.strip()
    if not _DEGREES.fullmatch(text):
        raise Invalid(field=field, reason="position_no_number")
    least, most = _SINGAPORE[field]
    if not least <= Decimal(text) <= most:
        raise Invalid(field=field, reason="position_elsewhere")
    return text


def postal_code(value: str, *, field: str = "postal_code") -> str:
    """Return a postal code: six digits."""
    if not _POSTAL_CODE.fullmatch(value):
        raise Invalid(field=field, reason="postal_code")
    return value


def free(
    column: InstrumentedAttribute[str], value: str, *, field: str = "code", reason: str = "taken"
) -> str:
    """Return ``value`` when no other record has it."""
    if db.session.scalar(select(column).where(column == value)) is not None:
        raise Invalid(field=field, reason=reason)
    return value


def has_unseen(text: str) -> bool:
    """Tell whether ``text`` holds a control, formatting or broken character."""
    return any(unicodedata.category(c) in _UNSEEN and c not in _JOINERS for c in text)


def _short_enough(value: str, field: str, most: int) -> str:
    if has_unseen(value):
        raise Invalid(field=field, reason="control_characters")
    return _length(value, field, most)


def _length(value: str, field: str, most: int) -> str:
    if len(value) > most:
        raise Invalid(field=field, reason="too_long", most=most)
    return value
