"""How money, quantities and times are written for a reader: templates use these as filters."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from flask_babel import format_date, format_datetime, format_time
from flask_babel import gettext as _

from hsh.core.clock import SINGAPORE
from hsh.core.money import to_dollars

# The first sign found wins: Edge and Opera call themselves Chrome too, and Chrome Safari.
_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Chrome/", "Chrome"),
    ("Firefox/", "Firefox"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)
_MINUS = "\N{MINUS SIGN}"


def money(cents: int) -> str:
    """Write cents as dollars: $1,234.50; a minus before the sign is owed to the customer."""
    return f"{_MINUS if cents < 0 else ''}${abs(to_dollars(cents)):,.2f}"


def price(dollars: Decimal) -> str:
    """Write a rate, which may have up to four places: $1.2345."""
    return f"${_places(dollars, 2, 4)}"


def exact(value: Decimal | int) -> str:
    """Write a quantity or reading with the places that it has, without trailing zeros."""
    return _places(Decimal(value), 0, 4).replace("-", _MINUS)


def percent(fraction: Decimal) -> str:
    """Write a fraction as a reader says it: 0.09 is 9%."""
    return f"{_places(fraction * 100, 0, 2)}%"


def _places(value: Decimal, least: int, most: int) -> str:
    """Write a number as Singapore does; Babel takes ten times as long, and lists are full of it."""
    whole, _point, fraction = f"{value:,.{most}f}".partition(".")
    fraction = fraction.rstrip("0").ljust(least, "0")
    return f"{whole}.{fraction}" if fraction else whole


def day(value: date) -> str:
    """Write a date: 20 Nov 2026."""
    return str(format_date(value, format="d MMM y"))


def weekday(value: date) -> str:
    """Write a date with its day: Friday, 20 November."""
    return str(format_date(value, format="EEEE, d MMMM"))


def instant(value: datetime) -> str:
    """Write an instant in Singapore: 20 Nov 2026, 14:03."""
    return str(format_datetime(value.astimezone(SINGAPORE), format="d MMM y, HH:mm", rebase=False))


def clock_time(value: datetime) -> str:
    """Write the time of day in Singapore: 14:03."""
    return str(format_time(value.astimezone(SINGAPORE), format="HH:mm", rebase=False))


def device(agent: str) -> str:
    """Name the browser and machine of a session so that its owner knows it again."""
    browser = next((name for sign, name in _BROWSERS if sign in agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    if browser and system:
        return str(_("%(browser)s on %(system)s", browser=browser, system=system))
    return browser or system or str(_("Unknown device"))


FILTERS = {
    "device": device,
    "money": money,
    "price": price,
    "exact": exact,
    "percent": percent,
    "day": day,
    "weekday": weekday,
    "instant": instant,
    "clock_time": clock_time,
}
