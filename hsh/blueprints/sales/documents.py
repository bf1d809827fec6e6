"""/documents: invoices and credit notes, found, downloaded and compared."""

from __future__ import annotations

from io import BytesIO
from typing import Any, override
from uuid import UUID

from flask import Blueprint, Response, current_app, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from hsh.blueprints import lists, words
from hsh.blueprints.access import allow, who
from hsh.blueprints.choices import options
from hsh.blueprints.fields import TextField
from hsh.blueprints.filters import DaysForm
from hsh.blueprints.forms import SubmissionForm
from hsh.blueprints.lists import Column, Listing
from hsh.blueprints.sales import transactions
from hsh.blueprints.sales.transactions import SEARCH_LENGTH
from hsh.core.command import Actor
from hsh.core.refusals import Unavailable
from hsh.core.words import DocumentKind
from hsh.documents import child
from hsh.documents.errors import RenderFailedError
from hsh.documents.sheets import Kind
from hsh.queries.lists import Source
from hsh.queries.sales import archive
from hsh.services.sales import papers

bp = Blueprint("documents", __name__)


class FilterForm(DaysForm):
    """Which documents the list shows."""

    customer = TextField(_l("Customer"), most=SEARCH_LENGTH, required=False)
    number = TextField(_l("Number"), most=SEARCH_LENGTH, required=False)
    kind = SelectField(
        _l("Kind"),
        choices=options(
            (
                ("", _l("All")),
                (DocumentKind.INVOICE, _l("Invoices")),
                (DocumentKind.CREDIT_NOTE, _l("Credit notes")),
            )
        ),
        default="",
    )


def _ask(actor: Actor, form: FilterForm) -> Source:
    wanted = archive.Filter(
        since=form.since.data,
        until=form.until.data,
        customer=form.customer.data or "",
        number=form.number.data or "",
        kind=DocumentKind(form.kind.data) if form.kind.data else None,
    )
    return archive.documents(actor, wanted)


DOCUMENTS = lists.serve(
    bp,
    Listing(
        name="documents",
        title=_l("Documents"),
        action="document.view",
        ask=_ask,
        form=FilterForm,
        empty=_l("No documents yet. Each sale and each void makes one."),
        key="number",
        papers=True,
        columns=(
            Column(
                name="number", label=_l("Number"), kind=Kind.CODE,
                link=lambda row: url_for("transactions.one", ref=row.ref),
            ),
            Column(name="transaction_number", label=_l("Sale"), kind=Kind.CODE, under=True),
            Column(name="kind", label=_l("Kind"), says=lambda row: str(words.DOCUMENTS[row.kind])),
            Column(name="issued_on", label=_l("Issued"), kind=Kind.DAY),
            Column(name="customer", label=_l("Customer")),
            Column(name="due_on", label=_l("Due"), kind=Kind.DAY),
            Column(name="net", label=_l("Net"), kind=Kind.MONEY),
            Column(name="tax", label=_l("GST"), kind=Kind.MONEY),
            Column(name="total", label=_l("Total"), kind=Kind.MONEY),
            Column(
                name="pdf", label=_l("PDF"),
                says=lambda row: str(_l("PDF") if row.size else _l("PDF, not stored yet")),
                link=lambda row: url_for("documents.numbered", number=row.number),
            ),
        ),
    ),
    path="/documents",
    index="listing",
)  # fmt: skip


class RegenerateForm(SubmissionForm):
    """A document is to be rendered again and compared."""

    @override
    def command(self, actor: Actor, **record: Any) -> papers.RegenerateDocument:
        """Return the wish to compare the document of ``transaction``."""
        return papers.RegenerateDocument(**self.envelope(actor), **record)


@bp.get("/documents/<number>.pdf")
@allow("document.download")
def numbered(number: str) -> Response:
    """Hand out the PDF of the document with this number."""
    return download(archive.transaction_of(who(), number))


@bp.get("/transactions/<uuid:ref>/document.pdf")
@allow("document.download")
def download(ref: UUID) -> Response:
    """Hand out the PDF of a sale's document; it is made now if the worker has not yet."""
    try:
        paper = papers.fetch(who(), ref, _press())
    except RenderFailedError as error:
        current_app.logger.exception("a document could not be rendered", exc_info=error)
        raise Unavailable from error
    answer = send_file(
        BytesIO(paper.body),
        mimetype="application/pdf",
        as_attachment="inline" not in request.args,
        download_name=paper.name,
    )
    # Cached by nobody: whoever asks next may not be allowed to see it.
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.post("/transactions/<uuid:ref>/document/regenerate")
@allow("document.regenerate")
def regenerate(ref: UUID) -> ResponseReturnValue:
    """Render the document again, compare it with the stored one, and say how that went."""
    form = RegenerateForm.sent()
    if not form.validate():
        return transactions.draw(ref), 422
    try:
        same = papers.regenerate(form.command(who(), transaction=ref), _press())
    except RenderFailedError as error:
        current_app.logger.exception("a document could not be rendered", exc_info=error)
        raise Unavailable from error
    return transactions.draw(ref, compared=same)


def _press() -> papers.Press:
    return papers.Press(render=child.render, directory=current_app.config["HSH"].data_dir)
