"""Every refusal in words: a code and its parameters become a sentence that a person can act on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from hsh.blueprints import formats
from hsh.core.refusals import Invalid, Refusal
from hsh.core.roles import Role
from hsh.core.words import Condition, DocumentKind, MoveKind, PaymentMethod, ReadingKind

READINGS = {
    ReadingKind.NORMAL: _l("Read"),
    ReadingKind.ESTIMATED: _l("Estimate"),
    ReadingKind.ROLLOVER: _l("Rolled over"),
    ReadingKind.CHANGE: _l("New meter"),
}

CONDITIONS = {
    Condition.FULL: _l("full"),
    Condition.PART: _l("partly used"),
    Condition.EMPTY: _l("empty"),
    Condition.HELD: _l("at the site"),
}

MOVES = {
    MoveKind.LOAD: _l("Loaded"),
    MoveKind.UNLOAD: _l("Unloaded"),
    MoveKind.DELIVERY: _l("Delivered"),
    MoveKind.COLLECTION: _l("Collected"),
    MoveKind.RETURN: _l("Returned"),
    MoveKind.TRANSFER: _l("Transferred"),
    MoveKind.DUMP: _l("Emptied"),
    MoveKind.WRITE_OFF: _l("Written off"),
    MoveKind.ADJUSTMENT: _l("Adjusted"),
}

ROLES = {
    Role.DRIVER: _l("Driver"),
    Role.SUPERVISOR: _l("Supervisor"),
    Role.ADMIN: _l("Admin"),
    Role.ACCOUNTANT: _l("Accountant"),
}

PAYMENTS = {
    PaymentMethod.CASH: _l("Cash"),
    PaymentMethod.PAYNOW: _l("PayNow"),
    PaymentMethod.CARD: _l("Card"),
    PaymentMethod.CHEQUE: _l("Cheque"),
    PaymentMethod.TRANSFER: _l("Bank transfer"),
    PaymentMethod.ON_ACCOUNT: _l("On account"),
}

DOCUMENTS = {
    DocumentKind.INVOICE: _l("Invoice"),
    DocumentKind.CREDIT_NOTE: _l("Credit note"),
}


def role_names(roles: Iterable[Role]) -> str:
    """Return a person's roles as a reader sees them."""
    return ", ".join(str(ROLES[role]) for role in Role if role in set(roles))


_SENTENCES: dict[str, Any] = {
    "refused": _l("This cannot be done."),
    "not_found": _l("There is no such record, or it is not one of yours."),
    "not_allowed": _l("Your role does not include this. Ask your supervisor."),
    "stale_version": _l("Someone changed this while you had it open. Look at it afresh."),
    "already_confirmed": _l("This was confirmed before, as %(number)s."),
    "not_confirmed": _l("Only a confirmed distribution can be reversed."),
    "already_reversed": _l("This was reversed before, as %(number)s."),
    "draft_dropped": _l("This draft was dropped."),
    "submission_reused": _l(
        "This form was sent before, with other content. Open it afresh to send another."
    ),
    "replaced": _l("This was done or settled meanwhile. Look at the record that came of it."),
    "refused_for_good": _l("Your supervisor decided: this is not to be done. %(reason)s"),
    "bad_envelope": _l("This is not what a tablet sends: %(what)s."),
    "too_many_items": _l("At most %(most)s forms at once."),
    "malformed": _l("This was not sent by one of our pages. Report it."),
    "must_not_wait": _l("This has to be sent from its page, with a network. Open it there."),
    "reported": _l("This is with your supervisor now."),
    "meter_moved": _l("This meter was read by someone else meanwhile. Look at the new reading."),
    "reading_backwards": _l(
        "The reading is below the last one, %(last)s. Is it a rollover, a meter change or an"
        " estimate? Choose the kind."
    ),
    "preview_changed": _l(
        "Something changed since you looked. Nothing was done: look at the fresh list."
    ),
    "import_under_way": _l("The rows of this file are being taken in. Wait until that has ended."),
    "no_rate": _l("No price is set for this on that date. Ask the office."),
    "no_terms": _l("This customer has no credit terms, so it cannot go on account."),
    "refund_too_high": _l("The site has not paid that many deposits."),
    "own_discrepancy": _l("You made this sale, so someone else must look into it."),
    "count_closed": _l("This count was closed. Open a new one."),
    "own_request": _l("You asked for this, so someone else must decide."),
    "already_decided": _l("Someone decided about this before. Look at it afresh."),
    "already_asked": _l("This is asked for already, and waits for a decision."),
    "own_sale": _l("You made this sale, so someone else must void it."),
    "too_old": _l("This is older than seven days. A supervisor has to look at it."),
    "paper_damaged": _l(
        "The stored file %(name)s was changed or lost, and cannot be made again. Tell the office."
    ),
    "unavailable": _l("The books are busy or cannot be reached. Nothing was changed: try again."),
    "wrong_sign_in": _l("That name and password do not go together."),
    "wrong_code": _l(
        "This code is not good. Take the one that the app shows now; each works once."
    ),
    "sign_in_over": _l("That took too long. Log in again."),
    "factor_is_on": _l("The second factor is switched on already."),
    "own_factor": _l("Switch off your own on your account page, with a code."),
    "demo_password_refused": _l("The demo password is known to everybody. Ask for a new one."),
    "link_over": _l("This link was used before, or is too old. Ask the office for a new one."),
    "too_many_tries": _l("Too many tries. The next one is possible at %(until)s."),
}

_REASONS: dict[str, Any] = {
    "missing": _l("This is needed."),
    "not_plain": _l("Use plain letters, digits and signs here."),
    "not_a_code": _l("Use letters, digits and dashes, at most %(most)s."),
    "below_zero": _l("This cannot be below zero."),
    "too_many_places": _l("At most %(most)s digits behind the point."),
    "taken": _l("This is taken already."),
    "control_characters": _l("There are characters here that cannot be printed."),
    "too_long": _l("At most %(most)s characters."),
    "unknown_equipment": _l("There is no such size."),
    "line_not_possible": _l("Cylinders cannot be moved this way."),
    "nothing_planned": _l("Enter at least one cylinder."),
    "too_many": _l("At most %(most)s."),
    "driver_without_truck": _l("That truck is not given to this driver on that day."),
    "reversal_is_final": _l("A reversal cannot be reversed. Plan a new distribution."),
    "reading_beyond_dial": _l("The dial has %(digits)s digits and cannot show this."),
    "reading_decimals": _l("The dial has %(decimals)s digits behind the point."),
    "rollover_not_lower": _l("After a rollover the reading is below the last one."),
    "estimate_below_billed": _l("Estimates have billed more than this already."),
    "change_needs_final": _l("Enter the last reading of the old meter."),
    "change_needs_first": _l("Enter the first reading of the new meter."),
    "final_below_last": _l("The old meter's last reading cannot be below %(last)s."),
    "current_below_first": _l("The reading cannot be below the new meter's first."),
    "address_no_postal_code": _l("The address has no postal code of six digits."),
    "address_no_street": _l("The address has no street."),
    "address_two_postal_codes": _l("The address has two postal codes."),
    "password_short": _l("At least %(least)s characters."),
    "password_long": _l("At most %(most)s characters."),
    "password_wrong": _l("This is not your password."),
    "password_obvious": _l("This password is too easy to guess."),
    "username_unfit": _l("Use small letters, digits, dot, dash and underscore."),
    "username_taken": _l("Someone has this name already."),
    "name_unfit": _l("Enter a name of at most 200 characters."),
    "roles_missing": _l("Choose at least one role."),
    "last_admin": _l("Nobody else is admin. Make someone else admin first."),
    "switched_off": _l("This person is switched off. Switch them on first."),
    "not_an_email": _l("Enter one e-mail address."),
    "anchor_sequence": _l("Enter the number that stands before the code on the paper."),
    "anchor_hash": _l("Enter the code as it stands on the paper: digits and the letters a to f."),
    "cylinder_needs_weights": _l("A cylinder size needs its net, tare and gross weight."),
    "deposit_has_no_tax": _l("A deposit carries no GST."),
    "ends_before_start": _l("This ends before it begins."),
    "lacks_role": _l("This person is not a driver."),
    "meter_closed": _l("This meter was taken down already."),
    "day_ahead": _l("This day is still to come."),
    "before_last_reading": _l("The meter was read later, on %(day)s."),
    "meter_decimals": _l("A meter has at most %(most)s digits behind the point."),
    "meter_digits": _l("A meter has at most %(most)s digits."),
    "meter_twice": _l("This meter is read twice in one visit."),
    "not_a_store": _l("Choose a depot or a truck."),
    "reversed_correction": _l("This takes another change back. Make a new change instead."),
    "moment_to_come": _l("This moment has not come yet."),
    "day_past": _l("This day is past. Choose today or a later one."),
    "share_above_one": _l("This is a share: at most 1."),
    "terms_days": _l("At most %(most)s days."),
    "unknown_item": _l("This is not sold here. Open the page afresh."),
    "unknown_meter": _l("This site has no such meter. Open the page afresh."),
    "void_is_final": _l("A void cannot be voided. Make a new sale."),
    "file_missing": _l("Choose a file."),
    "file_empty": _l("The file is empty."),
    "file_too_big": _l("The file is larger than %(most)s MB, or unpacks to more."),
    "file_too_long": _l("The file has more than %(most)s rows. Split it."),
    "file_too_wide": _l("Line %(line)s has more than %(most)s columns."),
    "cell_too_long": _l("Line %(line)s has a cell of more than %(most)s characters."),
    "file_not_csv": _l("This is not CSV: a quote is wrong on line %(line)s."),
    "file_not_text": _l(
        "This is neither CSV nor XLSX. In your spreadsheet choose Save as, CSV UTF-8 or XLSX."
    ),
    "file_not_xlsx": _l("This workbook cannot be read. Save it again as XLSX, or as CSV."),
    "formula_without_result": _l(
        "Line %(line)s has a formula whose result is not in the file. Open it in your spreadsheet,"
        " save it and bring it again; or save it as CSV."
    ),
    "file_without_rows": _l("The file has a first line but no rows below it."),
    "file_done_before": _l("This very file was taken in before; it would count twice."),
    "unknown_kind": _l("Choose what the file holds."),
    "no_such_column": _l("The file has no such column."),
    "column_missing": _l("Say which column this is."),
    "row_again_above": _l("The same stands in a row above."),
    "not_utf8": _l("There are characters here that cannot be read."),
    "spreadsheet_error": _l("A formula of the spreadsheet went wrong here."),
    "not_a_number": _l("This is not a number."),
    "not_a_whole_number": _l("This is not a whole number."),
    "not_a_day": _l("This is not a day. Write 2026-11-20 or 20/11/2026."),
    "not_yes_or_no": _l("Write yes or no."),
    "no_such_site": _l("There is no site of this code."),
    "no_such_place": _l("There is no such depot, truck or site, or it is not one of yours."),
    "meter_elsewhere": _l("There is such a meter at another site."),
    "unknown_item_code": _l("There is no such size, fee or deposit. Metered gas is GAS."),
    "one_owner": _l("Say whose price it is in one of the columns, not in several."),
    "price_taken": _l("There is another price from that day already."),
    "quantity_range": _l("From 1 to %(most)s."),
    "condition_here": _l("Full, part or empty at a depot or truck; held at a site."),
    "position_no_number": _l("Enter a number of degrees, like 1.3521."),
    "position_elsewhere": _l("This position is not in Singapore."),
    "postal_code": _l("Enter a postal code of six digits."),
    "customer_known": _l("There is a customer of this name at this address already."),
    "price_begins": _l("A price begins today or later."),
    "price_begun": _l("This price has begun. Set another one from a later day."),
    "price_change_size": _l("That is more than %(most)s prices. Choose fewer."),
    "percent_or_amount": _l("Enter a percentage or a new price, not both."),
    "percent_range": _l("From -99 to 1000."),
    "nothing_changes": _l("No price changes by this."),
    "items_missing": _l("Choose at least one."),
    "unknown_price": _l("This is not sold. Open the page afresh."),
    "no_such_price_list": _l("There is no such price list."),
    "walk_in": _l("A depot sells to walk-in customers here, so it stays open."),
    "company_first": _l("Tell the company and its GST first."),
    "stock_is_open": _l(
        "Stock has moved, or was counted in here. From now on a supervisor adjusts it."
    ),
    "no_such_truck": _l("There is no such truck, or it is closed."),
    "has_truck_then": _l("The driver has this truck on those days already."),
    "not_empty": _l("There are cylinders here still. Move them first, then close it."),
    "home_of_trucks": _l("Trucks are at home here. Give them another home first."),
    "home_closed": _l("Its home depot is closed. Open that first, or give it another home."),
    "deposits_held": _l("Customers hold such deposits still: closed, they could not be refunded."),
    "not_dropped": _l("It is a draft: nobody has dropped it, or somebody has restored it."),
    "closed_meanwhile": _l("Its truck or depot was closed meanwhile. Plan it anew."),
    "drafts_left": _l("A distribution is planned still. Confirm or drop it first."),
    "still_somewhere": _l("There are some of these still, in a depot, on a truck or at a site."),
    "no_such_depot": _l("There is no depot %(code)s."),
}

_GENERIC = _l("This cannot be used.")


def say(refusal: Refusal) -> str:
    """Return what ``refusal`` means to the person who got it."""
    return retold(refusal.code, refusal.params)


def retold(code: str, params: Mapping[str, object]) -> str:
    """Return what a refusal of this code meant, as it was kept."""
    special = _SPECIAL.get(code)
    if special:
        return special(params)
    return _fill(_SENTENCES.get(code, _SENTENCES["refused"]), params)


def has_words(code: str) -> bool:
    """Tell whether a refusal's code has a sentence of its own."""
    return code in _SENTENCES or code in _SPECIAL


def has_reason(reason: str) -> bool:
    """Tell whether a reason of ``Invalid`` has a sentence of its own."""
    return reason in _REASONS


def _invalid(params: Mapping[str, object]) -> str:
    return _fill(_REASONS.get(str(params.get("reason")), _GENERIC), params)


def _not_enough(params: Mapping[str, object]) -> str:
    said = " ".join(_shortage(short) for short in _rows(params.get("shortages")))
    return said or str(_("There are not that many."))


def _shortage(short: Mapping[str, Any]) -> str:
    sentence: str = _(
        "%(place)s has %(there)s %(condition)s %(equipment)s; you asked for %(wanted)s.",
        place=short["place"],
        there=short["there"],
        condition=CONDITIONS[Condition(short["condition"])],
        equipment=short["equipment"],
        wanted=short["wanted"],
    )
    return sentence


def _site_holds(params: Mapping[str, object]) -> str:
    shortages = list(_rows(params.get("shortages")))
    first = _("More is collected than our books say is at the site. Count again.")
    return " ".join([first, *(_site_shortage(short) for short in shortages)])


def _site_shortage(short: Mapping[str, Any]) -> str:
    sentence: str = _(
        "%(equipment)s: %(there)s in the books, %(wanted)s collected.",
        equipment=short["equipment"],
        there=short["there"],
        wanted=short["wanted"],
    )
    return sentence


def _unfit(params: Mapping[str, object]) -> str:
    problems = params.get("problems")
    listed = problems if isinstance(problems, list) else []
    return "\n".join(map(str, listed)) or str(_GENERIC)


_SPECIAL: dict[str, Callable[[Mapping[str, object]], str]] = {
    Invalid.code: _invalid,
    "not_enough_stock": _not_enough,
    "site_holds_fewer": _site_holds,
    "form_unfit": _unfit,
}


def _rows(value: object) -> Iterable[Mapping[str, Any]]:
    return value if isinstance(value, list | tuple) else ()


def _fill(sentence: Any, params: Mapping[str, object]) -> str:
    written = {name: _written(value) for name, value in params.items()}
    try:
        return str(sentence) % written
    except KeyError:  # a parameter is missing: rather a plain sentence than an error
        return str(_SENTENCES["refused"])


def _written(value: object) -> str:
    match value:
        case Decimal():
            return formats.exact(value)
        case datetime():
            return formats.clock_time(value)
    return str(value)
