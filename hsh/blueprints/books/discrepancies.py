"""/discrepancies: where a site gave back more cylinders than our books say it held."""

from __future__ import annotations

from flask import Blueprint, request, url_for

from hsh.blueprints.access import allow, who
from hsh.blueprints.render import render
from hsh.queries.books.discrepancies import discrepancies

bp = Blueprint("discrepancies", __name__, url_prefix="/discrepancies")


@bp.get("")
@allow("discrepancy.view")
def index() -> str:
    """List them, newest first."""
    page = discrepancies(who(), request.args.get("page", ""))
    older, newer = (
        url_for(".index", page=cursor) if cursor else None for cursor in (page.older, page.newer)
    )
    return render(
        "books/discrepancies.html", block="discrepancies", page=page, older=older, newer=newer
    )
