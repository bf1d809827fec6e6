"""The pieces that the receipt and the provisional slip of one sale share, word for word."""

from __future__ import annotations

from collections.abc import Iterator

from hsh.documents import figures, wording
from hsh.documents.content import Line, Sold, charges, deposits, is_taxed
from hsh.documents.slip import RULE, pair, says
from hsh.documents.slip import Line as SlipLine
from hsh.documents.wording import Gettext

IN_LATIN = frozenset({"en", "ms"})
"""Languages that a slip can print; in any other it speaks English (see slip.to_ascii)."""

Lines = Iterator[SlipLine]


def letterhead(content: Sold, _: Gettext) -> Lines:
    """Yield who sells: name, address, registrations."""
    company = content["company"]
    yield from says(company["name"], bold=True, align="center")
    for part in company["address"]:
        yield from says(part, align="center")
    if company["phone"]:
        yield from says(_("Tel %(phone)s") % {"phone": company["phone"]}, align="center")
    yield from says(_("UEN %(uen)s") % {"uen": company["uen"]}, align="center")
    if company["gst_number"]:
        number = {"number": company["gst_number"]}
        yield from says(_("GST Reg. No. %(number)s") % number, align="center")
    yield RULE


def parties(content: Sold, _: Gettext) -> Lines:
    """Yield who bought, and where it was supplied."""
    yield from says(content["customer"]["name"], bold=True)
    if content["customer"]["uen"]:
        yield from says(_("UEN %(uen)s") % {"uen": content["customer"]["uen"]})
    yield from says(_("Supplied at %(site)s") % {"site": content["site"]["name"]})
    for part in content["site"]["address"]:
        yield from says(part, indent=2)
    yield RULE


def sold(content: Sold, _: Gettext) -> Lines:
    """Yield each thing sold, with how it was measured."""
    if not content["lines"]:
        yield from says(_("Nothing was charged at this visit"))
    for line in charges(content):
        yield from _item(line, content, _)
    if charges(content):
        yield RULE


def _item(line: Line, content: Sold, _: Gettext) -> Lines:
    yield from says(wording.description(line, _))
    if line["meter"]:
        for said in wording.readings(line["meter"], _, content["locale"]):
            yield from says(said, indent=2)
    if "agreed" in line:
        yield from says(_("Price agreed for this sale"), indent=2)
    counted = _("%(quantity)s %(unit)s x %(price)s") % {
        "quantity": figures.decimal(line["quantity"]),
        "unit": wording.unit(line["unit"], _),
        "price": figures.price(line["unit_price"]),
    }
    yield from pair(counted, figures.amount(line["amount"]), indent=2)


def totals(content: Sold, _: Gettext) -> Lines:
    """Yield the sums, down to what is payable."""
    sums = content["totals"]
    if is_taxed(content):
        yield from pair(_("Total excluding GST"), figures.amount(sums["net"]))
        yield from _taxes(content, _)
        yield from pair(_("Total including GST"), figures.amount(sums["gross"]), bold=True)
    elif charges(content):
        yield from pair(_("Total"), figures.amount(sums["gross"]), bold=True)
    for line in deposits(content):
        yield from _item(line, content, _)
    if deposits(content):
        yield from pair(_("Refundable deposits, no GST"), figures.amount(sums["deposits"]))
    if sums["rounding"]:
        yield from pair(_("Cash rounding"), figures.amount(sums["rounding"]))
    yield RULE
    payable = sums["payable"]
    label = _("Amount credited to you") if payable < 0 else _("Amount payable")
    yield from pair(label, figures.money(abs(payable)), bold=True, size="tall")


def _taxes(content: Sold, _: Gettext) -> Lines:
    for tax in content["taxes"]:
        said = {"rate": figures.percent(tax["rate"]), "net": figures.money(tax["net"])}
        pattern = _("GST %(rate)s") if len(content["taxes"]) == 1 else _("GST %(rate)s on %(net)s")
        yield from pair(pattern % said, figures.amount(tax["tax"]))


def settled(content: Sold, _: Gettext) -> Lines:
    """Yield how it was paid and what is left to pay."""
    payment, payable = content["payment"], content["totals"]["payable"]
    yield from pair(_("Payment"), wording.method(payment["method"], _))
    if payment["paid"] < 0:
        yield from pair(_("Paid back"), figures.money(-payment["paid"]))
    elif payment["method"] != "on_account":
        yield from pair(_("Paid"), figures.money(payment["paid"]))
    if payable > payment["paid"]:
        yield from pair(_("Balance due"), figures.money(payable - payment["paid"]))
        if content["due_on"]:
            yield from pair(_("Due date"), day(content["due_on"], content))


def copies(copy: int, _: Gettext) -> Lines:
    """Yield "COPY n" from the second print on; ``copy`` 0 is the original."""
    if copy:
        said = _("COPY %(count)s") % {"count": copy}
        yield from says(said, bold=True, align="center", size="large")


def day(iso: str, content: Sold) -> str:
    """Return a date as a slip writes it."""
    return figures.day(iso, content["locale"] if content["locale"] in IN_LATIN else "en")
