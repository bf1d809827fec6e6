"""A command read back from the canonical JSON of its content, as a request keeps it."""

from __future__ import annotations

import json
from dataclasses import is_dataclass
from datetime import date
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from hsh.core.command import Command


def restored[C: Command](kind: type[C], content: str, **envelope: Any) -> C:
    """Return the command whose ``content()`` was written as ``content``; ``envelope``: who asks."""
    return kind(**_fields(kind, json.loads(content)), **envelope)


def _fields(kind: type[Any], told: dict[str, Any]) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {name: _value(hints[name], value) for name, value in told.items()}


def _value(hint: Any, value: Any) -> Any:
    """Return ``value``, as JSON has it, as the type ``hint`` wants it."""
    arguments = get_args(hint)
    if value is None:
        return None
    if get_origin(hint) is UnionType:
        [hint] = (one for one in arguments if one is not NoneType)
        return _value(hint, value)
    if get_origin(hint) is tuple:
        return tuple(_value(arguments[0], one) for one in value)
    if isinstance(hint, type) and is_dataclass(hint):
        return hint(**_fields(hint, value))
    return date.fromisoformat(value) if hint is date else hint(value)
