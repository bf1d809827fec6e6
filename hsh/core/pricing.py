"""The arithmetic of a document: lines to totals (law 9)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from hsh.core.money import cash_rounding, line_amount, tax_on, tax_within
from hsh.core.words import LineKind, TaxCode

DEPOSITS = {LineKind.DEPOSIT, LineKind.DEPOSIT_REFUND}
"""Outside the taxable totals (rulings, deposits)."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line: what, how many, at which price in dollars; the amount follows from them."""

    kind: LineKind
    name: str
    code: str
    unit: str
    quantity: Decimal
    unit_price: Decimal
    tax_code: TaxCode
    tax_rate: Decimal
    equipment: int | None = None
    service: int | None = None
    meter: int | None = None
    agreement: UUID | None = None
    """What was agreed for this one sale, where that is its price."""

    @property
    def amount(self) -> int:
        """Return quantity times price in cents, rounded half up."""
        return line_amount(self.quantity, self.unit_price)

    def negated(self) -> Line:
        """Return the line that takes this one back."""
        return replace(self, quantity=-self.quantity, agreement=None)


@dataclass(frozen=True, kw_only=True)
class TaxTotal:
    """GST of one category and rate, in cents."""

    code: TaxCode
    rate: Decimal
    net: int
    tax: int


@dataclass(frozen=True, kw_only=True)
class Totals:
    """What a document adds up to, in cents. ``payable`` is what changes hands."""

    taxes: tuple[TaxTotal, ...]
    net: int
    tax: int
    deposits: int
    rounding: int

    @property
    def gross(self) -> int:
        """Return the total with GST, before deposits and rounding."""
        return self.net + self.tax

    @property
    def payable(self) -> int:
        """Return what the customer pays, or is paid back when negative."""
        return self.gross + self.deposits + self.rounding


def total(lines: Iterable[Line], *, inclusive: bool, registered: bool, cash: bool) -> Totals:
    """Add up ``lines``: GST once for each category and rate, then cash rounding.

    ``inclusive``: the prices have GST inside. ``registered``: the company charges GST.
    ``cash``: the payable is rounded to 5 cents, as a line of its own.
    """
    sums: defaultdict[tuple[TaxCode, Decimal], int] = defaultdict(int)
    plain = deposits = 0
    for line in lines:
        if line.kind in DEPOSITS:
            deposits += line.amount
        elif registered and line.tax_code != TaxCode.OUT_OF_SCOPE:
            sums[line.tax_code, line.tax_rate] += line.amount
        else:
            plain += line.amount
    taxes = tuple(
        _category(key, amount, inclusive=inclusive) for key, amount in sorted(sums.items())
    )
    net = plain + sum(t.net for t in taxes)
    tax = sum(t.tax for t in taxes)
    rounding = cash_rounding(net + tax + deposits) if cash else 0
    return Totals(taxes=taxes, net=net, tax=tax, deposits=deposits, rounding=rounding)


def other_basis(price: Decimal, rate: Decimal, *, to_inclusive: bool) -> Decimal:
    """Return ``price`` with GST put in or taken out, to four places."""
    factor = 1 + rate
    return round(price * factor if to_inclusive else price / factor, 4)


def _category(key: tuple[TaxCode, Decimal], amount: int, *, inclusive: bool) -> TaxTotal:
    code, rate = key
    tax = tax_within(amount, rate) if inclusive else tax_on(amount, rate)
    return TaxTotal(code=code, rate=rate, net=amount - tax if inclusive else amount, tax=tax)
