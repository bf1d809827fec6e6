"""/stock/places/<ref>: a place's statement; /stock/customers: who holds our cylinders."""

from __future__ import annotations

from functools import partial
from typing import Any, override
from uuid import UUID

from flask import Blueprint, url_for
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from hsh.blueprints import lists
from hsh.blueprints.access import may, who
from hsh.blueprints.books.fields import SizeField
from hsh.blueprints.choices import options
from hsh.blueprints.fields import RefField, TextField
from hsh.blueprints.filters import DaysForm, FilterForm
from hsh.blueprints.lists import Column, Listing
from hsh.blueprints.words import CONDITIONS, MOVES
from hsh.core.command import Actor
from hsh.core.words import Condition
from hsh.documents.sheets import Kind
from hsh.queries.books import holders, statement, stock
from hsh.queries.books.holders import Holder
from hsh.queries.books.statement import Line
from hsh.queries.lists import Short, Source
from hsh.queries.logistics.stock import Size

bp = Blueprint("statements", __name__, url_prefix="/stock")
SEARCH_LENGTH = 60
_PAGES = {
    "transaction": ("transactions.one", "sale.view"),
    "distribution": ("distributions.show", "distribution.view"),
    "correction": ("corrections.show", "correction.view"),
}
"""Where the record behind a move is shown, and what its readers must be allowed to do."""


class StatementForm(DaysForm):
    """Which moves of the place ``ref`` are shown."""

    ref = RefField()
    size = SizeField(_l("Size"))
    state = SelectField(
        _l("Condition"), default="", choices=options([("", _l("All")), *CONDITIONS.items()])
    )

    @override
    def offer(self, actor: Actor) -> None:
        """Let every size be chosen."""
        self.size.offer(stock.all_sizes())


def _moves(actor: Actor, form: StatementForm) -> Source:
    wanted = statement.Filter(
        since=form.since.data,
        until=form.until.data,
        size=form.size.data or "",
        state=Condition(form.state.data) if form.state.data else None,
    )
    return statement.statement(actor, _of(form), wanted)


def _of(form: Any) -> UUID:
    """Return the record that the list belongs to; its address has been read."""
    found: UUID = form.ref.data
    return found


def _paper(line: Line) -> str | None:
    """Return the address of the record that moved the stock, where this person may go there."""
    if line.paper is None or line.paper.ref is None:
        return None
    page, action = _PAGES[line.paper.type]
    return url_for(page, ref=line.paper.ref) if may(action) else None


STATEMENT = lists.serve(
    bp,
    Listing(
        name="statement",
        title=_l("Statement"),
        note=_l("Everything that came and left, and how many there were then."),
        action="statement.view",
        ask=_moves,
        form=StatementForm,
        empty=_l("Nothing moved here. What is loaded, sold, transferred or adjusted shows up."),
        template="books/stock/place.html",
        key="",
        below=("ref",),
        called=lambda form: statement.one(who(), _of(form)).name,
        columns=(
            Column(name="at", label=_l("When"), kind=Kind.INSTANT),
            Column(
                name="kind", label=_l("What"), under=True,
                says=lambda line: str(MOVES[line.kind]),
            ),
            Column(
                name="paper", label=_l("Document"), kind=Kind.CODE,
                says=lambda line: line.paper.number if line.paper else "", link=_paper,
            ),
            Column(name="other", label=_l("From or to"), under=True),
            Column(name="size", label=_l("Size")),
            Column(
                name="state", label=_l("Condition"), under=True,
                says=lambda line: str(CONDITIONS[line.state]),
            ),
            Column(name="came", label=_l("In"), kind=Kind.COUNT),
            Column(name="left", label=_l("Out"), kind=Kind.COUNT),
            Column(name="balance", label=_l("There then"), kind=Kind.COUNT),
        ),
    ),
    path="/places/<uuid:ref>",
    index="place",
)  # fmt: skip


class HoldersForm(FilterForm):
    """Which customers are shown."""

    q = TextField(_l("Customer"), most=SEARCH_LENGTH, required=False)
    size = SizeField(_l("Size"))

    @override
    def offer(self, actor: Actor) -> None:
        """Let every size of cylinders be chosen."""
        self.size.offer(_sizes())


class SitesForm(FilterForm):
    """Whose sites are shown."""

    ref = RefField()


def _sizes() -> list[Size]:
    return [size for size in stock.all_sizes() if not size.is_accessory]


def _held(row: Holder, *, code: str) -> int:
    return row.count(code)


def _by_size() -> list[Column]:
    """Return a column for each size."""
    return [
        Column(
            name=size.code, label=size.name, kind=Kind.COUNT, says=partial(_held, code=size.code)
        )
        for size in _sizes()
    ]  # fmt: skip


HOLDERS = lists.serve(
    bp,
    Listing(
        name="held-by-customers",
        title=_l("Cylinders with customers"),
        note=_l("What the books say each customer holds now."),
        action="holder.view",
        ask=lambda _actor, form: holders.holders(form.q.data or "", form.size.data or ""),
        form=HoldersForm,
        empty=_l("No customer holds a cylinder. They do when one is delivered to them."),
        columns=(
            Column(
                name="name", label=_l("Customer"),
                link=lambda row: url_for("statements.customer", ref=row.ref),
            ),
            Column(name="sites", label=_l("Sites"), kind=Kind.COUNT),
            Column(name="everything", label=_l("In all"), kind=Kind.COUNT),
        ),
        by_books=_by_size,
    ),
    path="/customers",
    index="customers",
)  # fmt: skip


def _sites(_actor: Actor, form: SitesForm) -> Source:
    found = holders.sites_of(_of(form))
    counted = {size.code: sum(row.count(size.code) for row in found) for size in _sizes()}
    return Short(all=found, by=("name", "everything"), sums=("everything",), summed=counted)


SITES = lists.serve(
    bp,
    Listing(
        name="held-at-sites",
        title=_l("Cylinders at sites"),
        note=_l("What the books say each of their sites holds now."),
        action="holder.view",
        ask=_sites,
        form=SitesForm,
        empty=_l("They hold no cylinder of ours."),
        template="books/stock/customer.html",
        below=("ref",),
        called=lambda form: holders.named(_of(form)).name,
        columns=(
            Column(
                name="name", label=_l("Site"),
                link=lambda row: url_for("statements.place", ref=row.ref),
            ),
            Column(name="code", label=_l("Site code"), under=True),
            Column(name="everything", label=_l("In all"), kind=Kind.COUNT),
        ),
        by_books=_by_size,
    ),
    path="/customers/<uuid:ref>",
    index="customer",
)  # fmt: skip
