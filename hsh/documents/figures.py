"""Numbers and dates as a reader in Singapore expects them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache

from babel.dates import format_date

MINUS = "\N{MINUS SIGN}"


def amount(cents: int) -> str:
    """Return 123450 as "1,234.50", with a true minus sign when negative."""
    dollars, rest = divmod(abs(cents), 100)
    return f"{MINUS if cents < 0 else ''}{dollars:,}.{rest:02}"


def money(cents: int) -> str:
    """Return 123450 as "S$ 1,234.50", with a no-break space."""
    sign = MINUS if cents < 0 else ""
    return f"{sign}S$\N{NO-BREAK SPACE}{amount(abs(cents))}"


def decimal(value: str) -> str:
    """Return "1234.5000" as "1,234.5": every digit that counts and no other."""
    return _grouped(Decimal(value), places=0)


def price(value: str) -> str:
    """Return a unit price with cents at least and up to four places: "36.00", "1.2345"."""
    return _grouped(Decimal(value), places=2)


def percent(rate: str) -> str:
    """Return the rate "0.09" as "9%"."""
    return f"{_grouped(Decimal(rate) * 100, places=0)}%"


@lru_cache(maxsize=1000)  # the same few days all day long
def day(iso: str, locale: str) -> str:
    """Return "2026-11-20" as "20 Nov 2026" in the words of ``locale``."""
    return format_date(date.fromisoformat(iso), "d MMM y", locale=locale)


def _grouped(value: Decimal, *, places: int) -> str:
    whole, _, fraction = f"{abs(value):f}".partition(".")
    fraction = fraction.rstrip("0").ljust(places, "0")
    sign = MINUS if value < 0 else ""
    return f"{sign}{int(whole):,}" + (f".{fraction}" if fraction else "")
