"""The arithmetic of a document in whole numbers (law 9)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

UNIT = 10_000
"""Ten-thousandths in one."""
STANDARD, NONE = "SR", "OS"


def units(value: Decimal) -> int:
    """Return ``value`` in ten-thousandths."""
    return int(value * UNIT)


def half_up(numerator: int, denominator: int) -> int:
    """Divide and round to the nearest, a half away from zero."""
    nearest = (2 * abs(numerator) + denominator) // (2 * denominator)
    return nearest if numerator >= 0 else -nearest


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a sale; quantity, price and rate in ten-thousandths."""

    kind: str
    code: str
    quantity: int
    price: int
    tax_code: str
    rate: int

    @property
    def cents(self) -> int:
        """Return the amount."""
        return half_up(self.quantity * self.price, UNIT * UNIT // 100)

    @property
    def is_deposit(self) -> bool:
        """Tell whether the line stands outside the taxable totals."""
        return self.kind.startswith("deposit")


@dataclass(frozen=True, kw_only=True)
class Sum:
    """What a document comes to, in cents."""

    net: int
    tax: int
    deposits: int
    rounding: int

    @property
    def payable(self) -> int:
        """Return what changes hands."""
        return self.net + self.tax + self.deposits + self.rounding

    def negated(self) -> Sum:
        """Return the sum that takes this one back."""
        return Sum(net=-self.net, tax=-self.tax, deposits=-self.deposits, rounding=-self.rounding)


def add_up(lines: Iterable[Line], *, inclusive: bool, cash: bool) -> Sum:
    """Add up: GST once for each category and rate, cash to the nearest five cents."""
    groups: defaultdict[int, int] = defaultdict(int)
    plain = deposits = 0
    for line in lines:
        if line.is_deposit:
            deposits += line.cents
        elif line.tax_code == NONE:
            plain += line.cents
        else:
            groups[line.rate] += line.cents
    taxes = {rate: _tax(cents, rate, inclusive=inclusive) for rate, cents in groups.items()}
    tax = sum(taxes.values())
    net = plain + sum(groups.values()) - (tax if inclusive else 0)
    due = net + tax + deposits
    return Sum(net=net, tax=tax, deposits=deposits, rounding=_to_five(due) if cash else 0)


def _tax(cents: int, rate: int, *, inclusive: bool) -> int:
    return half_up(cents * rate, UNIT + rate if inclusive else UNIT)


def _to_five(cents: int) -> int:
    nearest = (abs(cents) + 2) // 5 * 5
    return (nearest - abs(cents)) * (1 if cents >= 0 else -1)
