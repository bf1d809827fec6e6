"""/customers/sites: where cylinders stand, and what holds there."""

from __future__ import annotations

from uuid import UUID

from flask.typing import ResponseReturnValue

from hsh.blueprints.access import allow, who
from hsh.blueprints.device import ops
from hsh.blueprints.registry.customer_forms import EditSiteForm, NewSiteForm
from hsh.blueprints.registry.customers import bp
from hsh.blueprints.render import moved, render, shown
from hsh.core.refusals import Refusal, StaleVersion
from hsh.queries.registry import customer_pages
from hsh.services.registry import customer_edits, customers

ops.enter(
    "site.add",
    form=NewSiteForm,
    service=customers.register_site,
    endpoint="customers.add_site",
    names={"ref": "customer"},
)


@bp.get("/<uuid:ref>/sites/new")
@allow("site.add")
def new_site(ref: UUID) -> str:
    """Ask where else the customer is delivered to."""
    row = customer_pages.one(ref)
    return _asked(ref, NewSiteForm(site_name=row.name).offering_sizes())


@bp.post("/<uuid:ref>/sites/new")
@allow("site.add")
def add_site(ref: UUID) -> ResponseReturnValue:
    """Add a site of a customer."""
    form = NewSiteForm.sent().offering_sizes()
    added = ops.perform("site.add", form, redraw=lambda: _asked(ref, form))
    return moved(site, ref=added.ref)


@bp.get("/sites/<uuid:ref>")
@allow("customer.view")
def site(ref: UUID) -> str:
    """Show a site: address, limits, meters, what stands there, the newest sales."""
    card = customer_pages.site_card(who(), ref)
    return render("registry/customers/site.html", block="site", card=card)


@bp.get("/sites/<uuid:ref>/edit")
@allow("registry.edit")
def change_site(ref: UUID) -> str:
    """Ask what is to be changed of a site."""
    return _change(ref, EditSiteForm.of(customer_pages.site_card(who(), ref)))


@bp.post("/sites/<uuid:ref>/edit")
@allow("registry.edit")
def edit_site(ref: UUID) -> ResponseReturnValue:
    """Change a site; who came second sees both versions."""
    form = EditSiteForm.sent().offering_sizes()
    if not form.validate():
        return _change(ref, form), 422
    try:
        customer_edits.edit_site(form.wanted(ref), by=who())
    except Refusal as no:
        form.refuse(no)
        return _change(ref, form, stale=isinstance(no, StaleVersion)), no.status
    return moved(site, ref=ref)


@bp.post("/sites/<uuid:ref>/close")
@allow("registry.edit")
def close_site(ref: UUID) -> ResponseReturnValue:
    """Deliver there no more."""
    customer_edits.close_site(ref, by=who())
    return shown(site, ref=ref)


@bp.post("/sites/<uuid:ref>/reopen")
@allow("registry.edit")
def reopen_site(ref: UUID) -> ResponseReturnValue:
    """Deliver there again."""
    customer_edits.reopen_site(ref, by=who())
    return shown(site, ref=ref)


def _asked(ref: UUID, form: NewSiteForm) -> str:
    row = customer_pages.one(ref)
    return render("registry/customers/new_site.html", block="site", row=row, form=form)


def _change(ref: UUID, form: EditSiteForm, *, stale: bool = False) -> str:
    """Draw the form; with ``stale``, what was typed beside what is there now."""
    card = customer_pages.site_card(who(), ref)
    now = EditSiteForm.of(card) if stale else None
    return render("registry/customers/edit_site.html", block="site", card=card, form=form, now=now)
