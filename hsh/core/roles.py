"""Who may do what: the one table (law 11). A route or an op that is not in it does not start."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from hsh.core.refusals import NotAllowed


class Role(StrEnum):
    """What a person is to the company; one may be several."""

    DRIVER = "driver"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"
    ACCOUNTANT = "accountant"


_FIELD = {Role.DRIVER, Role.SUPERVISOR}
_OFFICE = {Role.SUPERVISOR, Role.ADMIN, Role.ACCOUNTANT}
_ALL = set(Role)

ACTIONS: dict[str, frozenset[Role]] = {
    action: frozenset(roles)
    for action, roles in {
        "home": _ALL,
        "stock.view": _ALL,
        "statement.view": _OFFICE,
        "holder.view": _OFFICE,
        "stock.correct": {Role.SUPERVISOR},
        "stock.adjust": {Role.SUPERVISOR},
        "stock.transfer": {Role.SUPERVISOR},
        "stock.dump": {Role.SUPERVISOR},
        "stock.write_off": {Role.SUPERVISOR},
        "stock.reverse": {Role.SUPERVISOR},
        "correction.view": _OFFICE,
        "count.view": _OFFICE,
        "count.open": {Role.SUPERVISOR},
        "count.save": {Role.SUPERVISOR},
        "count.close": {Role.SUPERVISOR},
        "minimum.set": {Role.SUPERVISOR, Role.ADMIN},
        "limits.set": {Role.ADMIN},
        "request.view": _FIELD | {Role.ADMIN},
        "request.ask": _FIELD,
        "request.approve": {Role.SUPERVISOR},
        "request.refuse": {Role.SUPERVISOR},
        "request.withdraw": _FIELD,
        "sale.ask_void": _FIELD,
        "rate.override": _FIELD,
        "price.agree": _FIELD,
        "stock.open": {Role.ADMIN},
        "distribution.view": _ALL - {Role.ACCOUNTANT},
        "distribution.plan": _FIELD,
        "distribution.edit": _FIELD,
        "distribution.drop": _FIELD,
        "distribution.restore": _FIELD,
        "distribution.confirm": _FIELD,
        "distribution.reverse": {Role.SUPERVISOR},
        "sync": _ALL,
        "device.view": {Role.SUPERVISOR, Role.ADMIN},
        "device.revoke": {Role.SUPERVISOR, Role.ADMIN},
        "refusal.view": {Role.SUPERVISOR, Role.ADMIN},
        "refusal.accept": {Role.SUPERVISOR},
        "refusal.refuse": {Role.SUPERVISOR},
        "queue.import": {Role.SUPERVISOR},
        "site.view": _FIELD,
        "sale.confirm": _FIELD,
        "sale.view": _ALL,
        "sale.void": {Role.SUPERVISOR},
        "discrepancy.view": {Role.SUPERVISOR, Role.ADMIN},
        "discrepancy.close": {Role.SUPERVISOR},
        "document.view": _OFFICE,
        "document.download": _ALL,
        "document.regenerate": {Role.ADMIN, Role.ACCOUNTANT},
        "receipt.print": _FIELD,
        "audit.view": _OFFICE,
        "report.view": _OFFICE,
        "jump": _OFFICE,
        "export.request": _OFFICE,
        "people.view": {Role.ADMIN},
        "user.add": {Role.ADMIN},
        "user.edit": {Role.ADMIN},
        "people.edit": {Role.ADMIN},
        "factor.own": _ALL,
        "factor.reset": {Role.ADMIN},
        "login_rules.set": {Role.ADMIN},
        "registry.view": {Role.ADMIN},
        "registry.edit": {Role.ADMIN},
        "customer.view": _OFFICE,
        "customer.add": {Role.ADMIN},
        "customer.edit": {Role.ADMIN},
        "site.edit": {Role.ADMIN},
        "site.add": {Role.ADMIN},
        "import.bring": {Role.ADMIN, Role.SUPERVISOR},
        "import.map": {Role.ADMIN, Role.SUPERVISOR},
        "import.commit": {Role.ADMIN, Role.SUPERVISOR},
        "meter.add": {Role.ADMIN},
        "meter.replace": {Role.ADMIN},
        "meter.close": {Role.ADMIN},
        "price.view": _OFFICE,
        "price.change": {Role.ADMIN},
        "price_list.add": {Role.ADMIN},
        "rate.set": {Role.ADMIN},
        "rate.withdraw": {Role.ADMIN},
        "registry.close": {Role.ADMIN},
        "registry.reopen": {Role.ADMIN},
        "company.set": {Role.ADMIN},
        "tax_rate.set": {Role.ADMIN},
        "depot.add": {Role.ADMIN},
        "depot.edit": {Role.ADMIN},
        "truck.add": {Role.ADMIN},
        "truck.edit": {Role.ADMIN},
        "truck.assign": {Role.ADMIN},
        "assignment.edit": {Role.ADMIN},
        "permit.add": {Role.ADMIN},
        "permit.edit": {Role.ADMIN},
        "equipment.add": {Role.ADMIN},
        "equipment.edit": {Role.ADMIN},
        "service.add": {Role.ADMIN},
        "service.edit": {Role.ADMIN},
    }.items()
}


def may(roles: Iterable[Role], action: str) -> bool:
    """Tell whether someone with ``roles`` may do ``action``."""
    return not ACTIONS[action].isdisjoint(roles)


def require(roles: Iterable[Role], action: str) -> None:
    """Raise ``NotAllowed`` unless someone with ``roles`` may do ``action``."""
    if not may(roles, action):
        raise NotAllowed(action=action)
