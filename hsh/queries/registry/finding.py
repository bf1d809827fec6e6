"""Finding a customer by what is known of a site: the same words for drivers and the office."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, func, or_

from hsh.models.registry import Customer, Place, Site

MOST_WORDS = 6


def matches(text: str) -> ColumnElement[bool]:
    """Return the condition that every word of ``text`` occurs, or that it is their number.

    It speaks of a ``Site`` with its ``Place`` and its ``Customer``, which the query joins.
    """
    words = text.split()[:MOST_WORDS]
    every_word = and_(True, *(_has_word(word) for word in words))  # noqa: FBT003 - SQL's own
    digits = "".join(char for char in text if char.isascii() and char.isdigit())
    if not digits or any(char.isalpha() for char in text):
        return every_word
    return or_(every_word, _has_number(digits))


def _has_word(word: str) -> ColumnElement[bool]:
    columns = _NAMES + _CODES if word.isascii() else _NAMES
    return or_(*(column.icontains(word, autoescape=True) for column in columns))


def _has_number(digits: str) -> ColumnElement[bool]:
    """Match a postal code's beginning, or a phone number however it was written down."""
    phones = (func.replace(func.replace(column, " ", ""), "-", "") for column in _PHONES)
    return or_(Site.postal_code.startswith(digits), *(phone.contains(digits) for phone in phones))


_NAMES = (Place.name, Customer.name, Site.street, Site.building, Site.contact)
_CODES = (Place.code, Site.unit, Site.postal_code)
"""Kept as ASCII: MariaDB will not compare them with anything else."""

_PHONES = (Site.phone, Customer.phone)
