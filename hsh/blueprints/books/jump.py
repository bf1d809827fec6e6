"""/jump: the box in the office's header. A number or a name leads to its record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from hsh.blueprints.access import allow, may, who
from hsh.blueprints.fields import TextField
from hsh.blueprints.forms import Form
from hsh.blueprints.render import render
from hsh.queries.books import jump
from hsh.queries.books.jump import Hit, Kind

bp = Blueprint("jump", __name__)


class JumpForm(Form):
    """What is looked for."""

    q = TextField(_l("Number or name"), most=60)


@dataclass(frozen=True, kw_only=True)
class Way:
    """How one comes to the records of a kind, and what one must be allowed to do there."""

    label: Any
    action: str
    address: Callable[[Hit], str]


WAYS = {
    Kind.SALE: Way(
        label=_l("Sale"), action="sale.view",
        address=lambda hit: url_for("transactions.one", ref=hit.ref),
    ),
    Kind.DISTRIBUTION: Way(
        label=_l("Distribution"), action="distribution.view",
        address=lambda hit: url_for("distributions.show", ref=hit.ref),
    ),
    Kind.CORRECTION: Way(
        label=_l("Change of stock"), action="correction.view",
        address=lambda hit: url_for("corrections.show", ref=hit.ref),
    ),
    Kind.CUSTOMER: Way(
        label=_l("Customer"), action="customer.view",
        address=lambda hit: url_for("customers.show", ref=hit.ref),
    ),
    Kind.SITE: Way(
        label=_l("Site"), action="customer.view",
        address=lambda hit: url_for("customers.site", ref=hit.ref),
    ),
    Kind.PERSON: Way(
        label=_l("Person"), action="people.view",
        address=lambda hit: url_for("people.show", ref=hit.ref),
    ),
    Kind.TRUCK: Way(
        label=_l("Truck"), action="sale.view",
        address=lambda hit: url_for("transactions.listing", source=hit.ref),
    ),
}  # fmt: skip


@bp.get("/jump")
@allow("jump")
def find() -> ResponseReturnValue:
    """Go to the one record that was meant, or show what it may have been."""
    form = JumpForm(request.args)
    if not form.validate():
        return _page(form, []), 422
    kinds = [kind for kind, way in WAYS.items() if may(way.action)]
    found = jump.hits(who(), form.q.data or "", kinds)
    if len(found) == 1:
        return redirect(WAYS[found[0].kind].address(found[0]), 303)
    return _page(form, found)


def _page(form: JumpForm, found: list[Hit]) -> str:
    return render("books/jump.html", block="jump", form=form, found=found, ways=WAYS)
