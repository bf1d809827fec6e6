"""/sites: find a customer's site, and what stands there."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, request
from flask_babel import lazy_gettext as _l

from hsh.blueprints.access import allow, who
from hsh.blueprints.fields import RefField, TextField
from hsh.blueprints.forms import Form
from hsh.blueprints.render import render
from hsh.queries.sales import sites

bp = Blueprint("sites", __name__, url_prefix="/sites")
SEARCH_LENGTH = 60


class SearchForm(Form):
    """What is known of a site: part of its name or address, a phone number, a postal code."""

    q = TextField(_l("Name, phone, postal code or street"), most=SEARCH_LENGTH, required=False)
    after = RefField(required=False)


@bp.get("")
@allow("site.view")
def search() -> tuple[str, int]:
    """Find the site to sell at."""
    form = SearchForm(request.args)
    fit = form.validate()
    found = sites.search(form.q.data or "", after=form.after.data) if fit else None
    page = render(
        "sales/sites/search.html",
        block="found",
        form=form,
        found=found,
        counters=sites.counters(who()),
    )
    return page, 200 if fit else 422


@bp.get("/<uuid:ref>")
@allow("site.view")
def one(ref: UUID) -> str:
    """Show one site: where it is, what it holds, its meters, its last orders."""
    return render("sales/sites/site.html", block="site", card=sites.card(who(), ref))
