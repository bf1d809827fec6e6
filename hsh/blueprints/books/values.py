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
from hsh.blueprints import names as registry_names
from hsh.blueprints.books import acts
from hsh.core.words import LineKind, PaymentMethod, PlaceKind, RateSubject
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
    "serial": _l("Serial number"),
    "plate": _l("Plate"),
    "home_depot": _l("Home depot"),
    "home_depot_id": _l("Home depot"),
    "depot_id": _l("Depot"),
    "truck_id": _l("Truck"),
    "driver_id": _l("Driver"),
    "customer_id": _l("Customer"),
    "site_id": _l("Site"),
    "cash_sale_site_id": _l("Site for walk-in customers"),
    "equipment_id": _l("Size"),
    "service_id": _l("Service"),
    "price_list_id": _l("Price list"),
    "owner": _l("Belongs to"),
    "net_kg": _l("Net kg"),
    "tare_kg": _l("Tare kg"),
    "gross_kg": _l("Gross kg"),
    "part_credit": _l("Part credit"),
    "tax_code": _l("GST"),
    "tax_inclusive": _l("GST is inside these prices"),
    "licence_expires_on": _l("Licence ends on"),
    "max_gross_kg": _l("Most cylinders, in kg gross"),
    "expires_on": _l("Ends"),
    "billing_address": _l("Invoice to"),
    "buyer_reference": _l("Buyer's reference"),
    "terms_days": _l("Days of credit"),
    "uen": _l("UEN"),
    "email": _l("E-mail"),
    "phone": _l("Phone"),
    "contact": _l("Contact"),
    "street": _l("Street"),
    "unit": _l("Unit"),
    "building": _l("Building"),
    "postal_code": _l("Postal code"),
    "latitude": _l("Latitude"),
    "longitude": _l("Longitude"),
    "kg_limit": _l("Most gas, in kg"),
    "household": _l("Home"),
    "through_meter": _l("Paid for by the meter"),
    "cash_rounding": _l("Cash is rounded to 5 cents"),
    "digits": _l("Digits before the point"),
    "decimals": _l("Digits behind the point"),
    "opening_reading": _l("It showed when it was put up"),
    "opening_on": _l("Put up"),
    "last_reading": _l("Last reading"),
    "last_read_on": _l("Read on"),
    "estimated": _l("Billed by estimates since"),
    "final_reading": _l("It showed at the end"),
    "ended_on": _l("Taken down"),
    "unbilled": _l("Not billed"),
    "subject": _l("What"),
    "scope": _l("Whose price"),
    "withdrawn": _l("Withdrawn"),
    "adjust": _l("Adjustments and counts"),
    "transfer": _l("Transfers"),
    "dump": _l("Emptied in place"),
    "write_off": _l("Write-offs"),
    "counted": _l("Counted"),
    "expected": _l("In the books then"),
    "variance": _l("Difference"),
    "counted_at": _l("Counted at"),
    "opened_at": _l("Opened"),
    "closed_at": _l("Closed"),
    "link_until": _l("The link ends"),
    "sessions": _l("Sessions"),
    "sender": _l("Asked or sent by"),
    "op": _l("What"),
    "act": _l("What"),
    "file": _l("File"),
    "file_name": _l("File"),
    "rows": _l("Rows"),
    "batch": _l("Part"),
    "columns": _l("Columns"),
    "list": _l("List"),
    "device": _l("Device"),
}
"""What fields are called, in the order in which a reader looks for them."""
_PLACES = {name: place for place, name in enumerate(_FIELDS)}
_WORDS: Mapping[str, Any] = {
    **{kind.value: said for kind, said in registry_names.EQUIPMENT.items()},
    **{kind.value: said for kind, said in registry_names.SERVICES.items()},
    **{kind.value: said for kind, said in registry_names.PERMITS.items()},
    **{owner.value: said for owner, said in registry_names.OWNERS.items()},
    **{code.value: said for code, said in registry_names.TAXES.items()},
    PlaceKind.DEPOT: _l("depot"),
    PlaceKind.TRUCK: _l("truck"),
    PlaceKind.SITE: _l("site"),
    RateSubject.USAGE: _l("metered gas, 1 m³"),
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
_WORDED = frozenset({"condition", "direction", "kind", "payment", "owner", "tax_code", "subject"})
_INNER = frozenset(
    {"id", "ref", "version", "place_id", "natural_key", "subject_id", "withdrawn_by", "is_demo"}
    | {"about", "wish", "asked", "content", "created_by", "opened_by", "closed_by", "successor_id"}
    | {"meter_id"}
)
"""What only the books need; an entry's own page tells it all."""
_CENTS = frozenset({"net", "tax", "deposits", "rounding", "payable", "paid", "amount"})
_DECIMALS = {
    **dict.fromkeys(("unit_price", "amount"), formats.price),
    **dict.fromkeys(("rate", "part_credit"), formats.percent),
    **dict.fromkeys(("quantity", "net_kg", "tare_kg", "gross_kg", "max_gross_kg"), formats.exact),
    **dict.fromkeys(("kg_limit", "opening_reading", "last_reading", "estimated"), formats.exact),
    **dict.fromkeys(("final_reading", "unbilled"), formats.exact),
}
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
    return names.of(field, str(value)) or _text(field, str(value))


def ordered[T: Change | Rows](things: Iterable[T]) -> list[T]:
    """Put fields in the order in which a reader looks for them; unknown ones come last."""
    return sorted(things, key=lambda thing: _PLACES.get(thing.field, len(_PLACES)))


def is_number(field: str) -> bool:
    """Tell whether a column of that name holds numbers, to be set flush right."""
    return field in _CENTS or field in {"quantity", "unit_price"}


def is_inner(field: str) -> bool:
    """Tell whether a field is kept for the books alone."""
    return field in _INNER


def is_hash(value: Any) -> bool:
    """Tell whether a value is a hash, that nobody reads but by its digits."""
    return isinstance(value, str) and bool(_HASH.fullmatch(value))


def _number(field: str, value: int, names: Names) -> str:
    if field in _CENTS:
        return formats.money(value)
    if field == "withdrawn":
        return str(_("yes") if value else _("no"))
    return names.of(field, value) or str(value)


def _text(field: str, text: str) -> str:
    if field in {"op", "act"}:
        return acts.action(text)
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
