"""Sentences for the terminal: translated, and refusals put into words."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from hsh.core.refusals import Refusal

_SENTENCES = {
    "file_unreadable": _l("The file cannot be read: %(why)s."),
    "file_empty": _l("The file is empty."),
    "file_too_big": _l("The file is larger than %(most)s MB."),
    "file_not_csv": _l("The file is not CSV: a quote is wrong on line %(line)s."),
    "file_not_text": _l("The file is neither CSV nor XLSX."),
    "file_not_xlsx": _l("The workbook cannot be read."),
    "file_too_long": _l("The file has more than %(most)s rows."),
    "file_too_wide": _l("Line %(line)s has more than %(most)s columns."),
    "cell_too_long": _l("Line %(line)s has a cell of more than %(most)s characters."),
    "file_columns": _l("The file's first line must be these columns: %(columns)s."),
    "file_without_rows": _l("The file has a first line but no customers."),
    "row_cells": _l("there are %(there)s columns where there should be %(wanted)s"),
    "row_again": _l("the same customer at the same address stands on line %(first)s"),
    "not_utf8": _l("%(field)s: not in UTF-8"),
    "taken": _l("%(field)s: something else has it already"),
    "missing": _l("%(field)s: missing"),
    "too_long": _l("%(field)s: longer than %(most)s characters"),
    "control_characters": _l("%(field)s: control characters"),
    "position_no_number": _l("%(field)s: not a number of degrees"),
    "position_elsewhere": _l("%(field)s: not in Singapore"),
    "address_no_postal_code": _l("address: no postal code of six digits at the end"),
    "address_two_postal_codes": _l("address: two postal codes that differ"),
    "address_no_street": _l("address: no street"),
    "username_unfit": _l(
        "The username must be 1 to 40 small letters, digits, dots, dashes or underscores."
    ),
    "username_taken": _l("There is a user %(username)s already."),
    "name_unfit": _l("The name must be 1 to 200 characters that can be seen."),
    "roles_missing": _l("Give at least one --role."),
    "password_short": _l("The password must have at least %(least)s characters."),
    "password_long": _l("The password must have at most %(most)s characters."),
    "password_obvious": _l("The password is too easy to guess: choose another."),
    "not_found": _l("There is no user %(username)s."),
    "no_such_depot": _l("There is no depot with the code %(code)s."),
}


def _(sentence: str, **params: object) -> str:
    """Return ``sentence`` in the operator's language."""
    return str(gettext(sentence, **params))


def say(refusal: Refusal) -> str:
    """Put ``refusal`` into words."""
    known = _SENTENCES.get(str(refusal.params.get("reason", refusal.code)))
    if known is None:
        raise refusal
    return str(known) % (refusal.params | {"field": refusal.field})
