"""Whole cents and exact decimals; no float ever touches money (law 9)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
PLACES = 4
"""Decimal places of rates and readings."""


def to_cents(amount: Decimal) -> int:
    """Round dollars half up (away from zero) to whole cents."""
    return int(amount.quantize(CENT, rounding=ROUND_HALF_UP).scaleb(2))


def to_dollars(cents: int) -> Decimal:
    """Return ``cents`` as dollars with two places."""
    return Decimal(cents).scaleb(-2)


def line_amount(quantity: Decimal, unit_price: Decimal) -> int:
    """Return a line's amount in cents, rounded half up (law 9)."""
    return to_cents(quantity * unit_price)


def cash_rounding(payable: int, *, step: int = 5) -> int:
    """Return the cents to add so that ``payable`` is a multiple of ``step``, to the nearest."""
    magnitude = abs(payable)
    nearest = (magnitude + step // 2) // step * step
    return (nearest - magnitude) * (1 if payable >= 0 else -1)


def tax_on(net: int, rate: Decimal) -> int:
    """Return the GST in cents on a GST-exclusive total."""
    return to_cents(to_dollars(net) * rate)


def tax_within(gross: int, rate: Decimal) -> int:
    """Return the GST in cents contained in a GST-inclusive total."""
    return to_cents(to_dollars(gross) * rate / (1 + rate))
