"""/reports: what a period adds up to. Each is a list like any other, with a period and a chart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Any, override

from flask import Blueprint, request, url_for
from flask_babel import lazy_gettext as _l

from hsh.blueprints import formats, lists, words
from hsh.blueprints.access import allow, may, who
from hsh.blueprints.charts import Bar, Chart
from hsh.blueprints.filters import DaysForm
from hsh.blueprints.lists import Column, Listing
from hsh.blueprints.render import render
from hsh.core import clock
from hsh.core.command import Actor
from hsh.core.words import Condition
from hsh.documents.sheets import Kind
from hsh.queries.books import stock_reports
from hsh.queries.lists import Short
from hsh.queries.sales import reports
from hsh.queries.sales.reports import Period

bp = Blueprint("reports", __name__, url_prefix="/reports")
LONGEST = timedelta(days=400)
SEARCH_LENGTH = 60
_MOST_BARS = 62


class PeriodForm(DaysForm):
    """The days that a report adds up: this month until somebody asks for others."""

    @override
    def offer(self, actor: Actor) -> None:
        """Fill in what was not asked for."""
        today = clock.today()
        for field, day in ((self.until, today), (self.since, today.replace(day=1))):
            if field.data is None and not field.process_errors:
                field.data, field.raw_data = day, None

    @override
    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Refuse a period that runs backwards or is too long to wait for."""
        fits = super().validate(*args, **kwargs)
        if fits and not timedelta(0) <= self.period.last - self.period.first <= LONGEST:
            self.until.errors = (_l("Choose a period of at most 400 days."),)
            return False
        return fits

    @property
    def period(self) -> Period:
        """The period that was asked for."""
        first, last = self.days
        return Period(first=first or clock.today(), last=last or clock.today())


type _Read = Callable[[Actor, Period], Sequence[Any]]


def _leads(action: str, endpoint: str, **said: Callable[[Any], Any]) -> Callable[[Any], str | None]:
    """Return what links a row to its records in the period: the address's parts from the row."""

    def link(row: Any) -> str | None:
        if not may(action):
            return None
        known = {name: value(row) for name, value in said.items()}
        return url_for(endpoint, **(_shown_days() | known))

    return link


def _shown_days() -> dict[str, Any]:
    """Return the days that the page shows, as the lists call them."""
    form = PeriodForm(request.args)
    form.offer(who())
    return dict(zip(("since", "until"), form.days, strict=True))


_REF = attrgetter("ref")
_DATE = Column(
    name="day", label=_l("Day"), kind=Kind.DAY,
    link=_leads(
        "sale.view", "transactions.listing", since=attrgetter("day"), until=attrgetter("day")
    ),
)  # fmt: skip
_MONEY = (
    Column(name="sales", label=_l("Sales and voids"), kind=Kind.COUNT),
    Column(name="voids", label=_l("Of these voids"), kind=Kind.COUNT),
    Column(name="net", label=_l("Without GST"), kind=Kind.MONEY),
    Column(name="tax", label=_l("GST"), kind=Kind.MONEY),
    Column(name="deposits", label=_l("Deposits"), kind=Kind.MONEY),
    Column(name="rounding", label=_l("Rounding"), kind=Kind.MONEY),
    Column(name="payable", label=_l("Total"), kind=Kind.MONEY),
)


@dataclass(frozen=True, kw_only=True)
class _Report:
    """What tells one report from the others."""

    name: str
    title: Any
    note: Any
    read: _Read
    columns: Sequence[Column]
    charted: str = ""
    """The column whose values are drawn over the first."""

    def listing(self) -> Listing:
        """Return the report as a list."""
        return Listing(
            name=self.name,
            title=self.title,
            note=self.note,
            action="report.view",
            ask=self._ask,
            form=PeriodForm,
            empty=_l("Nothing in this period. Choose another."),
            template="books/reports/show.html",
            key="",
            columns=self.columns,
            chart=self._chart if self.charted else None,
            adds_up=True,
        )

    def _ask(self, actor: Actor, form: PeriodForm) -> Short:
        names = [column.name for column in self.columns]
        sums = [column.name for column in self.columns if column.kind.is_number and column.is_added]
        return Short(all=self.read(actor, form.period), by=names, sums=sums, ref="")

    def _chart(self, rows: Sequence[Any]) -> Chart:
        label = self.columns[0]
        value = next(column for column in self.columns if column.name == self.charted)
        largest = sorted(rows, key=lambda row: value.value(row) or 0, reverse=True)[:_MOST_BARS]
        shown = [row for row in rows if row in largest] if len(rows) > _MOST_BARS else rows
        return Chart(
            title=str(_l("%(what)s by %(label)s") % {"what": value.label, "label": label.label}),
            bars=[
                Bar(
                    label=_said(label, row),
                    value=value.value(row) or 0,
                    words=_said(value, row),
                )
                for row in shown
            ],
        )


def _said(column: Column, row: Any) -> str:
    value = column.value(row)
    if value is None:
        return ""
    match column.kind:
        case Kind.MONEY:
            return formats.money(value)
        case Kind.DAY:
            return formats.day(value)
        case Kind.COUNT | Kind.EXACT:
            return formats.exact(value)
    return str(value)


def _kg(row: Any) -> Decimal | None:
    if row.net_kg is None:
        return None
    kept: Decimal = (row.delivered - row.returned_full) * row.net_kg
    return kept


_TAXES = {"SR": _l("Standard-rated"), "ZR": _l("Zero-rated"), "OS": _l("Out of scope")}
_REPORTS = (
    _Report(
        name="sales-by-day", title=_l("Sales by day"), read=reports.by_day,
        note=_l("A void counts with its minus on the day on which it was made."),
        columns=(_DATE, *_MONEY), charted="payable",
    ),
    _Report(
        name="sales-by-customer", title=_l("Sales by customer"), read=reports.by_customer,
        note=_l("What each customer was charged and credited."),
        columns=(
            Column(
                name="name", label=_l("Customer"),
                link=_leads(
                    "document.view", "documents.listing",
                    customer=lambda row: row.name[:SEARCH_LENGTH],
                ),
            ),
            *_MONEY,
        ),
        charted="payable",
    ),
    _Report(
        name="sales-by-driver", title=_l("Sales by driver"), read=reports.by_driver,
        note=_l("By who made the sale or the void."),
        columns=(
            Column(
                name="name", label=_l("Sold by"),
                link=_leads("sale.view", "transactions.listing", seller=_REF),
            ),
            *_MONEY,
        ),
        charted="payable",
    ),
    _Report(
        name="sales-by-size", title=_l("Sales by size"), read=reports.by_size,
        note=_l("Money as it stands on the lines of the documents."),
        columns=(
            Column(name="name", label=_l("Size")),
            Column(name="delivered", label=_l("Delivered"), kind=Kind.EXACT),
            Column(name="returned_full", label=_l("Returned full"), kind=Kind.EXACT),
            Column(name="returned_part", label=_l("Returned partly used"), kind=Kind.EXACT),
            Column(name="kg", label=_l("Kg delivered"), kind=Kind.EXACT, says=_kg, is_added=False),
            Column(name="amount", label=_l("Amount"), kind=Kind.MONEY),
        ),
        charted="amount",
    ),
    _Report(
        name="usage-by-meter", title=_l("Usage by meter"), read=reports.by_meter,
        note=_l("What each meter billed, without what was read and not sold."),
        columns=(
            Column(
                name="serial", label=_l("Meter"),
                link=_leads("customer.view", "customers.meter", ref=_REF),
            ),
            Column(name="site", label=_l("Site")),
            Column(name="readings", label=_l("Readings"), kind=Kind.COUNT),
            Column(name="billed", label=_l("Billed"), kind=Kind.EXACT, is_added=False),
            Column(name="unit", label=_l("Unit")),
            Column(name="amount", label=_l("Amount"), kind=Kind.MONEY),
        ),
        charted="billed",
    ),
    _Report(
        name="stock-at-end", title=_l("Stock at period end"),
        read=lambda actor, period: stock_reports.at_end_of(actor, period.last),
        note=_l("What depots and trucks held when the last day was over."),
        columns=(
            Column(
                name="place", label=_l("Place"),
                link=_leads(
                    "statement.view", "statements.place", ref=_REF, size=attrgetter("code"),
                    state=attrgetter("condition"),
                ),
            ),
            Column(name="size", label=_l("Size")),
            Column(
                name="condition", label=_l("Condition"),
                says=lambda row: str(words.CONDITIONS[row.condition]),
            ),
            Column(name="quantity", label=_l("Cylinders"), kind=Kind.COUNT),
            Column(name="kg", label=_l("Kg of gas"), kind=Kind.EXACT),
        ),
    ),
    _Report(
        name="cylinders-out", title=_l("Cylinders out at customers"),
        read=lambda _actor, period: stock_reports.at_customers(period.last),
        note=_l("What each site held when the last day was over."),
        columns=(
            Column(
                name="customer", label=_l("Customer"),
                link=lambda row: url_for("statements.customer", ref=row.customer_ref),
            ),
            Column(
                name="site", label=_l("Site"),
                link=_leads("statement.view", "statements.place", ref=attrgetter("site_ref")),
            ),
            Column(name="site_code", label=_l("Site code"), under=True),
            Column(name="size", label=_l("Size")),
            Column(name="quantity", label=_l("Cylinders"), kind=Kind.COUNT),
        ),
    ),
    _Report(
        name="depot-record", title=_l("Depot stock record"),
        read=lambda actor, period: list(
            stock_reports.kilograms(actor, period.first, period.last)
        ),
        note=_l("Kilograms of gas in the full cylinders of each depot, day by day."),
        columns=(
            Column(name="day", label=_l("Day"), kind=Kind.DAY),
            Column(
                name="depot", label=_l("Depot"),
                link=_leads(
                    "statement.view", "statements.place", ref=_REF, since=attrgetter("day"),
                    until=attrgetter("day"), state=lambda _row: Condition.FULL,
                ),
            ),
            Column(name="opening", label=_l("Opening"), kind=Kind.EXACT, is_added=False),
            Column(name="received", label=_l("In"), kind=Kind.EXACT),
            Column(name="issued", label=_l("Out"), kind=Kind.EXACT),
            Column(name="closing", label=_l("Closing"), kind=Kind.EXACT, is_added=False),
        ),
    ),
    _Report(
        name="numbers", title=_l("Gaps in numbers"),
        read=lambda _actor, period: reports.numbers(period),
        note=_l("The series of the period's years. Missing must be 0 everywhere."),
        columns=(
            Column(name="series", label=_l("Series")),
            Column(name="year", label=_l("Year")),
            Column(name="issued", label=_l("Given"), kind=Kind.COUNT),
            Column(name="found", label=_l("On records"), kind=Kind.COUNT),
            Column(name="missing", label=_l("Missing"), kind=Kind.COUNT),
        ),
    ),
    _Report(
        name="voids", title=_l("Voids"), read=reports.voids,
        note=_l("What was taken back, why, and by whom."),
        columns=(
            Column(name="confirmed_on", label=_l("Day"), kind=Kind.DAY),
            Column(
                name="transaction_number", label=_l("Void"), kind=Kind.CODE,
                link=lambda row: url_for("transactions.one", ref=row.ref),
            ),
            Column(name="number", label=_l("Document"), kind=Kind.CODE, under=True),
            Column(
                name="taken_back", label=_l("Takes back"), kind=Kind.CODE,
                link=lambda row: url_for("transactions.one", ref=row.taken_back_ref),
            ),
            Column(name="reason", label=_l("Reason")),
            Column(name="person", label=_l("By")),
            Column(name="payable", label=_l("Total"), kind=Kind.MONEY),
        ),
    ),
    _Report(
        name="gst", title=_l("GST summary"), read=reports.gst,
        note=_l("Supplies and output tax of each category, as the documents say them."),
        columns=(
            Column(
                name="kind", label=_l("Documents"),
                says=lambda row: str(words.DOCUMENTS[row.kind]),
                link=_leads("document.view", "documents.listing", kind=attrgetter("kind")),
            ),
            Column(name="code", label=_l("GST category"), says=lambda row: str(_TAXES[row.code])),
            Column(name="rate", label=_l("Rate"), says=lambda row: formats.percent(row.rate)),
            Column(name="documents", label=_l("Count"), kind=Kind.COUNT),
            Column(name="net", label=_l("Supplies"), kind=Kind.MONEY),
            Column(name="tax", label=_l("GST"), kind=Kind.MONEY),
        ),
    ),
)  # fmt: skip

SERVED = tuple(
    lists.serve(bp, report.listing(), path=f"/{report.name}", index=report.name.replace("-", "_"))
    for report in _REPORTS
)


@bp.get("")
@allow("report.view")
def index() -> str:
    """Show which reports there are."""
    return render("books/reports/index.html", block="reports", reports=SERVED)
