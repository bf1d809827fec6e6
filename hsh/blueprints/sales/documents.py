"""/documents: invoices and credit notes, found, downloaded and compared."""

from __future__ import annotations

from io import BytesIO
from typing import Any, override
from uuid import UUID

from flask import Blueprint, Response, current_app, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from hsh.blueprints.access import allow, who
from hsh.blueprints.choices import options
from hsh.blueprints.fields import DayField, TextField
from hsh.blueprints.forms import Form, SubmissionForm
from hsh.blueprints.render import render
from hsh.blueprints.sales import transactions
from hsh.blueprints.sales.transactions import SEARCH_LENGTH, neighbours
from hsh.core.command import Actor
from hsh.core.refusals import Unavailable
from hsh.core.words import DocumentKind
from hsh.documents import child
from hsh.documents.errors import RenderFailedError
from hsh.queries.sales import archive
from hsh.services.sales import papers

bp = Blueprint("documents", __name__)


class FilterForm(Form):
    """Which documents the list shows."""

    since = DayField(_l("From"), required=False)
    until = DayField(_l("To"), required=False)
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

    def filter(self) -> archive.Filter:
        """Return the form as its query wants it."""
        return archive.Filter(
            since=self.since.data,
            until=self.until.data,
            customer=self.customer.data or "",
            number=self.number.data or "",
            kind=DocumentKind(self.kind.data) if self.kind.data else None,
        )


class RegenerateForm(SubmissionForm):
    """A document is to be rendered again and compared."""

    @override
    def command(self, actor: Actor, **record: Any) -> papers.RegenerateDocument:
        """Return the wish to compare the document of ``transaction``."""
        return papers.RegenerateDocument(**self.envelope(actor), **record)


@bp.get("/documents")
@allow("document.view")
def listing() -> tuple[str, int]:
    """Show the documents that a person may download, newest first."""
    form = FilterForm(request.args)
    fit = form.validate()
    page = archive.documents(who(), form.filter(), request.args.get("page", "")) if fit else None
    drawn = render(
        "sales/documents/list.html",
        block="documents",
        form=form,
        page=page,
        pages=neighbours(".listing", page),
    )
    return drawn, 200 if fit else 422


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
