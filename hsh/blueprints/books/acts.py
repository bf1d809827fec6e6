"""What the audit book's acts and records are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

ACTIONS: Mapping[str, Any] = {
    "sale.confirm": _l("Sale confirmed"),
    "sale.void": _l("Sale voided"),
    "distribution.plan": _l("Distribution planned"),
    "distribution.edit": _l("Distribution edited"),
    "distribution.drop": _l("Draft dropped"),
    "distribution.confirm": _l("Distribution confirmed"),
    "distribution.reverse": _l("Distribution reversed"),
    "stock.open": _l("Opening stock counted in"),
    "stock.adjust": _l("Stock adjusted"),
    "stock.transfer": _l("Stock transferred"),
    "stock.dump": _l("Cylinders emptied"),
    "stock.write_off": _l("Stock written off"),
    "stock.reverse": _l("Stock change reversed"),
    "request.ask": _l("Approval asked for"),
    "request.approve": _l("Request approved"),
    "request.refuse": _l("Request refused"),
    "rate.override": _l("Price of a site agreed"),
    "limits.set": _l("Limits for approval set"),
    "document.store": _l("PDF stored"),
    "document.regenerate": _l("PDF compared"),
    "receipt.print": _l("Receipt printed"),
    "company.set": _l("Company details set"),
    "customer.add": _l("Customer added"),
    "customer.edit": _l("Customer changed"),
    "customer.close": _l("Customer closed"),
    "customer.reopen": _l("Customer reopened"),
    "customer.import": _l("Customers imported"),
    "import.bring": _l("File brought"),
    "import.map": _l("File's columns named"),
    "import.commit": _l("Rows of a file taken in"),
    "site.add": _l("Site added"),
    "site.edit": _l("Site changed"),
    "site.close": _l("Site closed"),
    "site.reopen": _l("Site reopened"),
    "site.through_meter": _l("Size charged by meter"),
    "depot.add": _l("Depot added"),
    "depot.edit": _l("Depot changed"),
    "truck.add": _l("Truck added"),
    "truck.edit": _l("Truck changed"),
    "truck.assign": _l("Truck assigned"),
    "assignment.edit": _l("End of an assignment changed"),
    "permit.add": _l("Permit added"),
    "permit.edit": _l("Permit changed"),
    "place.add": _l("Place added"),
    "equipment.add": _l("Equipment added"),
    "equipment.edit": _l("Equipment changed"),
    "service.add": _l("Service added"),
    "service.edit": _l("Service changed"),
    "registry.close": _l("Closed"),
    "registry.reopen": _l("Opened again"),
    "meter.add": _l("Meter added"),
    "meter.replace": _l("Meter replaced"),
    "meter.close": _l("Meter closed"),
    "meter.down": _l("Meter taken down"),
    "price_list.add": _l("Price list added"),
    "rate.set": _l("Price set"),
    "rate.withdraw": _l("Price withdrawn"),
    "price.change": _l("Prices changed"),
    "tax_rate.set": _l("GST rate set"),
    "user.add": _l("User added"),
    "user.edit": _l("User changed"),
    "user.invite": _l("User invited"),
    "user.off": _l("User switched off"),
    "user.on": _l("User switched on"),
    "user.password": _l("Password changed"),
    "session.open": _l("Signed in"),
    "session.close": _l("Signed out"),
    "session.refuse": _l("Sign-in refused"),
    "session.revoke": _l("Sessions ended"),
    "device.revoke": _l("Tablet signed out"),
    "export.request": _l("Export asked for"),
    "discrepancy.close": _l("Discrepancy closed"),
    "refusal.accept": _l("Parked form accepted"),
    "refusal.refuse": _l("Parked form refused for good"),
}
"""Every act that the audit book can hold, in the order in which the filter offers them."""

_RECORDS: Mapping[str, Any] = {
    "transaction": _l("Sale"),
    "distribution": _l("Distribution"),
    "correction": _l("Change of stock"),
    "refusal": _l("Parked form"),
    "request": _l("Request"),
    "approval_limits": _l("Limits for approval"),
    "override": _l("Price of a site"),
    "export": _l("Export"),
    "user": _l("User"),
    "company": _l("Company"),
    "customers": _l("Customer"),
    "customer_file": _l("Customer file"),
    "sites": _l("Site"),
    "site_equipment": _l("Size at a site"),
    "depots": _l("Depot"),
    "vehicles": _l("Truck"),
    "assignments": _l("Truck assignment"),
    "permits": _l("Permit"),
    "places": _l("Place"),
    "equipment": _l("Equipment"),
    "services": _l("Service"),
    "meters": _l("Meter"),
    "meter_ends": _l("End of a meter"),
    "price_lists": _l("Price list"),
    "rates": _l("Price"),
    "import": _l("File"),
    "import_batch": _l("Rows of a file"),
    "price_change": _l("Change of prices"),
    "tax_rates": _l("GST rate"),
}


def action(code: str) -> str:
    """Return what was done, in words; the code itself where there are none."""
    return str(ACTIONS.get(code, code))


def record(kind: str) -> str:
    """Return the kind of a record, in words."""
    return str(_RECORDS.get(kind, kind))
