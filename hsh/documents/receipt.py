"""The 80 mm slip of a transaction: what the driver hands over at the door.

It bears the document's number. Up to S$1,000 with GST it is a simplified tax invoice itself.
"""

from __future__ import annotations

from datetime import datetime
from itertools import chain

from hsh.documents import printer, wording
from hsh.documents.content import Anchor, Content, Numbers, is_simplified, is_tax_invoice, is_taxed
from hsh.documents.environment import translations
from hsh.documents.slip import BLANK, CUT, RULE, pair, qr, says
from hsh.documents.slip import Line as SlipLine
from hsh.documents.slip_parts import (
    IN_LATIN,
    Lines,
    copies,
    day,
    letterhead,
    parties,
    settled,
    sold,
    totals,
)
from hsh.documents.wording import Gettext


def escpos(content: Content, *, numbers: Numbers, anchor: Anchor, copy: int = 0) -> bytes:
    """Return the bytes for the printer. ``copy`` 0 is the original, n prints COPY n."""
    return printer.encode(preview(content, numbers=numbers, anchor=anchor, copy=copy))


def preview(
    content: Content, *, numbers: Numbers, anchor: Anchor, copy: int = 0
) -> tuple[SlipLine, ...]:
    """Return the very lines that ``escpos`` prints, for the page to show."""
    language = content["locale"] if content["locale"] in IN_LATIN else "en"
    _ = translations(language).gettext
    return tuple(
        chain(
            letterhead(content, _),
            _identity(content, numbers, copy, _),
            parties(content, _),
            sold(content, _),
            totals(content, _),
            _prices(content, _),
            settled(content, _),
            _balance(content, _),
            _foot(content, numbers, anchor, copy, _),
        )
    )


def _identity(content: Content, numbers: Numbers, copy: int, _: Gettext) -> Lines:
    yield from says(wording.slip_title(content, _), bold=True, align="center", size="large")
    yield from says(numbers.document, bold=True, align="center", size="tall")
    if is_tax_invoice(content) and not is_simplified(content):
        yield from says(_("The tax invoice follows under the same number"), align="center")
    yield from copies(copy, _)
    yield BLANK
    issued = datetime.fromisoformat(content["issued_at"])
    when = f"{day(content['issued_on'], content)} {issued:%H:%M}"
    yield from pair(_("Date"), when)
    if content["supply_on"] != content["issued_on"]:
        yield from pair(_("Date of supply"), day(content["supply_on"], content))
    yield from pair(_("Transaction"), numbers.transaction)
    if content["buyer_reference"]:
        yield from pair(_("Your reference"), content["buyer_reference"])
    yield from _correction(content, _)
    yield RULE


def _correction(content: Content, _: Gettext) -> Lines:
    original = content["original"]
    if original:
        said = _("Corrects %(number)s of %(date)s") % {
            "number": original["number"],
            "date": day(original["issued_on"], content),
        }
        yield from says(said)
    if content["reason"]:
        yield from says(_("Reason: %(reason)s") % {"reason": content["reason"]})


def _prices(content: Content, _: Gettext) -> Lines:
    if is_simplified(content):
        yield from says(_("Price payable includes GST"))
    elif is_taxed(content) and content["price_basis"] == "inclusive":
        yield from says(_("Prices include GST"))


def _balance(content: Content, _: Gettext) -> Lines:
    yield RULE
    yield from says(_("Cylinders at this site"), bold=True)
    for size in content["balance"]:
        yield from pair(size["name"], str(size["held"]), indent=2)
    if not content["balance"]:
        yield from says(_("None held after this visit"), indent=2)


def _foot(content: Content, numbers: Numbers, anchor: Anchor, copy: int, _: Gettext) -> Lines:
    seller = content["seller"]
    yield RULE
    yield from pair(seller["person"], seller["source"])
    yield BLANK
    yield qr(numbers.document)
    yield BLANK
    yield from says(_("Audit anchor %(sequence)s") % {"sequence": anchor.sequence}, align="center")
    yield from says(anchor.brief, bold=True, align="center")
    yield from says(_("Short code %(code)s") % {"code": content["short_code"]}, align="center")
    yield from copies(copy, _)
    yield CUT
