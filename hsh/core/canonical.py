"""One way to write a value as text, so that equal values have equal hashes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID


def canonical(value: object) -> str:
    """Return ``value`` as JSON with sorted keys, no spaces, and exact decimals as strings."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain
    )


def digest(text: str) -> str:
    """Return the SHA-256 of ``text`` as 64 hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def plain_decimal(value: Decimal) -> str:
    """Write ``value`` without exponent and without trailing zeros: one value, one spelling."""
    text = format(value or Decimal(0), "f")  # minus nothing is nothing
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def _plain(value: object) -> Any:
    match value:
        case Decimal():
            return plain_decimal(value)
        case UUID() | Enum():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case set() | frozenset():
            return sorted(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: getattr(value, f.name) for f in fields(value)}
    raise TypeError(f"{type(value).__name__} has no canonical form")
