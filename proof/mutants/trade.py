"""Breakages of the trade: sales, money, meters, paper."""

from __future__ import annotations

from proof.mutants.mutant import Mutant, goal

_SALES = "hsh/services/sales"
_TESTS = "tests/services/sales"

MUTANTS = (
    Mutant(
        name="the document is not rendered within the act",
        file=f"{_SALES}/record.py",
        old="    invoice.html(content, numbers=_SPECIMEN, anchor=_NO_ANCHOR)"
        "  # bad data rolls the act back\n",
        new="",
        tests=(f"{_TESTS}/test_unprintable_sale.py",),
    ),
    Mutant(
        name="half a cent goes to the even cent",
        file="hsh/core/money.py",
        old="rounding=ROUND_HALF_UP)",
        new="rounding='ROUND_HALF_EVEN')",
        tests=("tests/core/test_money.py",),
    ),
    Mutant(
        name="GST line by line",
        file="hsh/core/pricing.py",
        old="            sums[line.tax_code, line.tax_rate] += line.amount\n",
        new="            each = line.tax_rate + Decimal(len(sums)).scaleb(-12)\n"
        "            sums[line.tax_code, each] += line.amount\n",
        tests=("tests/core/test_pricing.py",),
    ),
    Mutant(
        name="a deposit is taxed",
        file="hsh/core/pricing.py",
        old="        if line.kind in DEPOSITS:\n",
        new="        if line.kind == LineKind.DEPOSIT_REFUND:\n",
        tests=("tests/core/test_pricing.py",),
    ),
    Mutant(
        name="card payments are rounded too",
        file=f"{_SALES}/pricing.py",
        old="cash=visit.company.cash_rounding and order.payment_method == PaymentMethod.CASH",
        new="cash=visit.company.cash_rounding",
        tests=(f"{_TESTS}/test_confirm_sale_money.py",),
    ),
    Mutant(
        name="a reading without a look at the version",
        file=f"{_SALES}/pricing.py",
        old="    if meter.last_reading != entry.previous:\n",
        new="    if meter.last_reading > entry.current:\n",
        tests=(f"{_TESTS}/test_confirm_sale_readings.py",),
    ),
    Mutant(
        name="a meter moves on from any version",
        file=f"{_SALES}/readings.py",
        old='        Meter.version == bindparam(f"version_of_{number}"),\n',
        new='        Meter.version <= bindparam(f"version_of_{number}") + 1_000,\n',
        tests=(f"{_TESTS}/test_confirm_sale_readings.py",),
        on_server=True,
    ),
    Mutant(
        name="an estimate becomes the base",
        file="hsh/core/meters.py",
        old="next_last=meter.last, next_estimated=meter.estimated + billed)",
        new="next_last=reading.current, next_estimated=Decimal(0))",
        tests=("tests/core/test_meters.py",),
    ),
    Mutant(
        name="whoever sold may void",
        file=f"{_SALES}/voids.py",
        old="    if sale.seller_id == command.actor.id:\n",
        new="    if sale.seller_id == 0:\n",
        tests=(f"{_TESTS}/test_void_transaction.py",),
    ),
    Mutant(
        name="a print that nobody audits",
        file=f"{_SALES}/receipts.py",
        old='    audit.record(\n        "receipt.print",\n',
        new='    (lambda *_, **__: None)(\n        "receipt.print",\n',
        tests=(f"{_TESTS}/test_print_receipt.py",),
    ),
    Mutant(
        name="a changed PDF is handed out",
        file=f"{_SALES}/papers.py",
        old="        if body is not None and _sha256(body) == kept.sha256:\n",
        new="        if body is not None:\n",
        tests=(f"{_TESTS}/test_papers.py",),
    ),
    Mutant(
        name="a PDF that is another each time",
        file="hsh/documents/pdf.py",
        old="pdf_identifier=_identifier(content, numbers, anchor),",
        new="pdf_identifier=os.urandom(16),",
        tests=("tests/documents/test_pdf_format.py", "tests/documents/test_child.py"),
    ),
    Mutant(
        name="a name on the invoice is not escaped",
        file="hsh/documents/stationery/_parties.html",
        old='<p class="name">{{ doc.customer.name }}</p>',
        new='<p class="name">{{ doc.customer.name | safe }}</p>',
        tests=("tests/documents/test_hostile.py", goal("documents")),
    ),
    Mutant(
        name="a note on the invoice is not escaped",
        file="hsh/documents/stationery/_closing.html",
        old="{% for part in doc.note.splitlines() %}<p>{{ part }}</p>",
        new="{% for part in doc.note.splitlines() %}<p>{{ part | safe }}</p>",
        tests=(goal("documents"),),
    ),
    Mutant(
        name="control bytes reach the receipt",
        file="hsh/documents/slip.py",
        old="textwrap.wrap(to_ascii(value), room",
        new="textwrap.wrap(value, room",
        tests=("tests/documents/test_receipt.py", goal("documents")),
    ),
    Mutant(
        name="a logo may fetch",
        file="hsh/documents/pdf.py",
        old="        body = self.assets[url.removeprefix(ASSET)]\n",
        new="        if not url.startswith(ASSET):\n"
        "            return URLFetcher().fetch(url)\n"
        "        body = self.assets[url.removeprefix(ASSET)]\n",
        tests=("tests/documents/test_hostile.py",),
    ),
)
