"""Dated prices and taxes: what holds on a day (law 6; rulings, rates)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Date, and_, bindparam, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from hsh.core.words import RateScope, RateSubject, TaxCode
from hsh.db import execute
from hsh.models.registry import Rate, TaxRate

type Subject = tuple[RateSubject, int]

_WIDEST_FIRST = (RateScope.PRICE_LIST, RateScope.CUSTOMER, RateScope.SITE)
_TAX = "tax"


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What holds on a day for a site: dollars per unit, and GST as a fraction of the net."""

    prices: dict[Subject, Decimal]
    taxes: dict[TaxCode, Decimal]


def figures(
    on: date,
    *,
    site: int,
    customer: int,
    price_list: int,
    equipment: Collection[int],
    services: Collection[int],
) -> Figures:
    """Return the prices on the day of a cubic metre, ``equipment`` and ``services``; and taxes.

    The site's own price comes before the customer's, and that before the price list's. What has
    no price is left out.
    """
    wanted = {
        "on": on,
        RateScope.SITE: site,
        RateScope.CUSTOMER: customer,
        RateScope.PRICE_LIST: price_list,
        RateSubject.EQUIPMENT: list(equipment),
        RateSubject.SERVICE: list(services),
    }
    found = execute(_FIGURES, wanted).all()
    return Figures(
        prices={
            (RateSubject(subject), subject_id): amount
            for wide in _WIDEST_FIRST
            for scope, subject, subject_id, amount in found
            if scope == wide
        },
        taxes={TaxCode(code): rate for kind, code, _, rate in found if kind == _TAX},
    )


_later_rate, _later_tax = aliased(Rate), aliased(TaxRate)
_ON = bindparam("on", type_=Date)
_PRICES = select(Rate.scope, Rate.subject, Rate.subject_id, Rate.amount).where(
    or_(*(and_(Rate.scope == scope, Rate.scope_id == bindparam(scope)) for scope in RateScope)),
    or_(
        Rate.subject == RateSubject.USAGE,
        *(
            and_(Rate.subject == subject, Rate.subject_id.in_(bindparam(subject, expanding=True)))
            for subject in (RateSubject.EQUIPMENT, RateSubject.SERVICE)
        ),
    ),
    Rate.withdrawn == 0,
    Rate.starts_on
    == select(func.max(_later_rate.starts_on))
    .where(
        _later_rate.scope == Rate.scope,
        _later_rate.scope_id == Rate.scope_id,
        _later_rate.subject == Rate.subject,
        _later_rate.subject_id == Rate.subject_id,
        _later_rate.withdrawn == 0,
        _later_rate.starts_on <= _ON,
    )
    .scalar_subquery(),
)
_TAXES = select(literal(_TAX), TaxRate.code, literal(0), TaxRate.rate).where(
    TaxRate.starts_on
    == select(func.max(_later_tax.starts_on))
    .where(_later_tax.code == TaxRate.code, _later_tax.starts_on <= _ON)
    .scalar_subquery()
)
_FIGURES = union_all(_PRICES, _TAXES)
