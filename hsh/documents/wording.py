"""What the codes of the content are called on paper, for the PDF and the slip alike."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from hsh.documents.content import Content, Line, Meter, is_simplified, is_tax_invoice
from hsh.documents.figures import day, decimal

Gettext = Callable[[str], str]


def title(content: Content, _: Gettext) -> str:
    """Return what the PDF calls itself."""
    if content["kind"] == "credit_note":
        return _("Credit Note")
    return _("Tax Invoice") if is_tax_invoice(content) else _("Invoice")


def slip_title(content: Content, _: Gettext) -> str:
    """Return what the slip calls itself: above the simplified limit it is a receipt only."""
    if is_tax_invoice(content) and not is_simplified(content):
        return _("Receipt")
    return title(content, _)


def description(line: Line, _: Gettext) -> str:
    """Return a line's name with what happened to the thing."""
    return named(line["kind"], line["name"], _)


def named(kind: str, name: str, _: Gettext) -> str:
    """Return ``name`` with what a line of that kind does to the thing."""
    patterns = {
        "usage": _("Usage: %(name)s"),
        "delivery": _("Delivered: %(name)s"),
        "collection": _("Collected empty: %(name)s"),
        "return_full": _("Returned full: %(name)s"),
        "return_part": _("Returned part used: %(name)s"),
        "deposit_refund": _("Refunded: %(name)s"),
    }
    return patterns.get(kind, "%(name)s") % {"name": name}


def unit(code: str, _: Gettext) -> str:
    """Return the unit that a quantity is counted in."""
    return {"m3": _("m³"), "cyl": _("cyl"), "pc": _("pc"), "job": _("job")}[code]


def method(code: str, _: Gettext) -> str:
    """Return the name of a way to pay."""
    return {
        "cash": _("Cash"),
        "paynow": _("PayNow"),
        "card": _("Card"),
        "cheque": _("Cheque"),
        "transfer": _("Bank transfer"),
        "on_account": _("On account"),
    }[code]


def readings(meter: Meter, _: Gettext, locale: str) -> list[str]:
    """Return how a usage was measured: period, readings, and what was unusual about them."""
    said = [_period(meter, _, locale), _counts(meter, _)]
    if meter["kind"] == "estimated":
        said.append(_("Estimated reading: settled with the next actual one"))
    if meter["kind"] == "rollover":
        said.append(_("The meter passed its highest count and began again at zero"))
    billed = Decimal(meter["already_billed"])
    if billed:
        less, more = (
            _("Less %(quantity)s m³ already billed by estimate"),
            _("And %(quantity)s m³ of the meter before it"),
        )
        said.append((less if billed > 0 else more) % {"quantity": decimal(str(abs(billed)))})
    return said


def _period(meter: Meter, _: Gettext, locale: str) -> str:
    until = day(meter["current_on"], locale)
    if meter["previous_on"] is None:
        return _("Meter %(serial)s, until %(until)s") % {"serial": meter["serial"], "until": until}
    return _("Meter %(serial)s, %(since)s to %(until)s") % {
        "serial": meter["serial"],
        "since": day(meter["previous_on"], locale),
        "until": until,
    }


def _counts(meter: Meter, _: Gettext) -> str:
    counts = {
        "previous": decimal(meter["previous"]),
        "current": decimal(meter["current"]),
        "final": decimal(meter["final"] or "0"),
        "first": decimal(meter["first"] or "0"),
    }
    if meter["kind"] == "change":
        return (
            _(
                "Meter changed: old from %(previous)s to %(final)s, "
                "new from %(first)s to %(current)s"
            )
            % counts
        )
    return _("Readings: previous %(previous)s, current %(current)s") % counts
