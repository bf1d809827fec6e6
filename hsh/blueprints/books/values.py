"""How the fields and values of an audit entry are written for a reader."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from hsh.blueprints import formats, words
from hsh.core.words import LineKind, PaymentMethod
from hsh.queries.books.difference import Change, Rows
from hsh.queries.books.names import Names

_FIELDS: Mapping[str, Any] = {
    "number": _l("Number"),
    "document": _l("Document"),
    "transaction": _l("Transaction"),
    "name": _l("Name"),
    "username": _l("User name"),
    "roles": _l("Roles"),
    "active": _l("Active"),
    "second_factor": _l("Second factor"),
    "depot": _l("Depot"),
    "truck": _l("Truck"),
    "driver": _l("Driver"),
    "planned_on": _l("Planned for"),
    "confirmed_at": _l("Confirmed"),
    "dropped_at": _l("Dropped"),
    "reverses": _l("Reverses"),
    "customer": _l("Customer"),
    "site": _l("Site"),
    "source": _l("Sold from"),
    "supply_on": _l("Supplied on"),
    "from": _l("From"),
    "to": _l("To"),
    "place": _l("Place"),
    "direction": _l("Direction"),
    "equipment": _l("Equipment"),
    "kind": _l("Kind"),
    "code": _l("Code"),
    "condition": _l("Condition"),
    "quantity": _l("Quantity"),
    "unit_price": _l("Unit price"),
    "amount": _l("Amount"),
    "net": _l("Net"),
    "tax": _l("GST"),
    "deposits": _l("Deposits"),
    "rounding": _l("Rounding"),
    "payable": _l("Payable"),
    "payment": _l("Payment"),
    "paid": _l("Paid"),
    "rate": _l("Rate"),
    "starts_on": _l("From"),
    "ends_on": _l("To"),
    "reason": _l("Reason"),
    "remarks": _l("Remarks"),
    "note": _l("Note"),
    "address": _l("Address"),
    "gst_number": _l("GST number"),
    "copy": _l("Copy"),
    "session": _l("Session"),
    "path": _l("File"),
    "content_hash": _l("Content hash"),
    "sha256": _l("SHA-256"),
    "version": _l("Version"),
    "levels": _l("Stock"),
    "lines": _l("Lines"),
    "customers": _l("Customers"),
}
"""What fields are called, in the order in which a reader looks for them."""
_PLACES = {name: place for place, name in enumerate(_FIELDS)}
_WORDS: Mapping[str, Any] = {
    **{condition.value: said for condition, said in words.CONDITIONS.items()},
    **{role.value: said for role, said in words.ROLES.items()},
    "out": _l("out of the depot"),
    "in": _l("into the depot"),
    LineKind.USAGE: _l("usage"),
    LineKind.DELIVERY: _l("delivered"),
    LineKind.COLLECTION: _l("collected empty"),
    LineKind.RETURN_FULL: _l("returned full"),
    LineKind.RETURN_PART: _l("returned part used"),
    LineKind.ACCESSORY: _l("accessory"),
    LineKind.SERVICE: _l("service"),
    LineKind.DEPOSIT: _l("deposit"),
    LineKind.DEPOSIT_REFUND: _l("deposit refunded"),
    PaymentMethod.CASH: _l("cash"),
    PaymentMethod.PAYNOW: _l("PayNow"),
    PaymentMethod.CARD: _l("card"),
    PaymentMethod.CHEQUE: _l("cheque"),
    PaymentMethod.TRANSFER: _l("bank transfer"),
    PaymentMethod.ON_ACCOUNT: _l("on account"),
}
_WORDED = frozenset({"condition", "direction", "kind", "payment"})
_CENTS = frozenset({"net", "tax", "deposits", "rounding", "payable", "paid", "amount"})
_DECIMALS = {"unit_price": formats.price, "quantity": formats.exact}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?([+-]\d{2}:\d{2}|Z)", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{40,64}", re.ASCII)


def label(field: str) -> str:
    """Return what a field of a record is called; its own name where there are no words."""
    return str(_FIELDS.get(field) or field.replace("_", " ").capitalize())


def shown(field: str, value: Any, names: Names) -> str:
    """Write a value as a reader knows it; empty for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, list):
        return ", ".join(shown(field, one, names) for one in value)
    if isinstance(value, int):
        return _number(field, value, names)
    return _text(field, str(value))


def ordered[T: Change | Rows](things: Iterable[T]) -> list[T]:
    """Put fields in the order in which a reader looks for them; unknown ones come last."""
    return sorted(things, key=lambda thing: _PLACES.get(thing.field, len(_PLACES)))


def is_number(field: str) -> bool:
    """Tell whether a column of that name holds numbers, to be set flush right."""
    return field in _CENTS or field in {"quantity", "unit_price"}


def is_hash(value: Any) -> bool:
    """Tell whether a value is a hash, that nobody reads but by its digits."""
    return isinstance(value, str) and bool(_HASH.fullmatch(value))


def _number(field: str, value: int, names: Names) -> str:
    if field in _CENTS:
        return formats.money(value)
    return names.of(field, value) or str(value)


def _text(field: str, text: str) -> str:
    if field in _WORDED or field == "roles":
        return str(_WORDS.get(text, text))
    if field in _DECIMALS:
        return _decimal(field, text)
    if _INSTANT.fullmatch(text):
        return _instant(text)
    if _DAY.fullmatch(text):
        return _day(text)
    return text


def _decimal(field: str, text: str) -> str:
    try:
        return _DECIMALS[field](Decimal(text))
    except InvalidOperation:
        return text


def _instant(text: str) -> str:
    try:
        return formats.instant(datetime.fromisoformat(text))
    except (ValueError, OverflowError):  # a remark that only looks like one
        return text


def _day(text: str) -> str:
    try:
        return formats.day(date.fromisoformat(text))
    except ValueError:  # it only looks like one
        return text
