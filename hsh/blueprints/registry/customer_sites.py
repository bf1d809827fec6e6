"""/customers/sites: where cylinders stand, and what holds there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from hsh.blueprints import lists, toasts, versions
from hsh.blueprints.access import allow, may, who
from hsh.blueprints.books import timeline
from hsh.blueprints.device import ops
from hsh.blueprints.lists import Column, Listing
from hsh.blueprints.registry.customer_forms import EditSiteForm, NewSiteForm, SearchForm, address
from hsh.blueprints.registry.customers import bp
from hsh.blueprints.render import moved, render, shown
from hsh.documents.sheets import Kind
from hsh.models.registry import SiteEquipment
from hsh.queries.registry import customer_lists, customer_pages, goods
from hsh.services.registry import customer_edits, customers, records

ops.enter(
    "site.edit", form=EditSiteForm, service=customer_edits.edit_site,
    endpoint="customers.edit_site", names={"ref": "ref"},
    says=toasts.named(_l("%(thing)s is changed."), "site_name", "customers.site"),
)  # fmt: skip
ops.enter(
    "site.add",
    form=NewSiteForm,
    service=customers.register_site,
    endpoint="customers.add_site",
    names={"ref": "customer"},
    says=toasts.named(_l("Site %(thing)s is added."), "site_name", "customers.site"),
)


SITES = lists.serve(
    bp,
    Listing(
        name="sites",
        title=_l("Sites"),
        note=_l("Where cylinders are delivered."),
        action="customer.view",
        ask=lambda _actor, form: customer_lists.sites(
            form.q.data or "", closed=form.state.data == "closed"
        ),
        form=SearchForm,
        empty=_l("No sites yet. A customer is added with the first one."),
        columns=(
            Column(
                name="name", label=_l("Site"), says=lambda row: row.place.name,
                link=lambda row: url_for("customers.site", ref=row.ref),
            ),
            Column(name="code", label=_l("Code"), under=True, says=lambda row: row.place.code),
            Column(
                name="customer", label=_l("Customer"), says=lambda row: row.customer.name,
                link=lambda row: url_for("customers.show", ref=row.customer.ref),
            ),
            Column(name="address", label=_l("Address"), says=lambda row: address(row.site)),
            Column(
                name="phone", label=_l("Phone"), kind=Kind.CODE, says=lambda row: row.site.phone
            ),
            Column(
                name="contact", label=_l("Contact"), under=True,
                says=lambda row: row.site.contact,
            ),
            Column(
                name="kg_limit", label=_l("Most gas, in kg"), kind=Kind.EXACT,
                says=lambda row: row.site.kg_limit,
            ),
            Column(
                name="held", label=_l("Cylinders held"), kind=Kind.COUNT,
                link=lambda row: (
                    url_for("statements.place", ref=row.ref) if may("statement.view") else None
                ),
            ),
        ),
    ),
    path="/sites",
    index="sites",
)  # fmt: skip


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
    table = SiteEquipment.__tablename__
    metered = (records.ref_of(table, card.place.id, size.id) for size in goods.sizes())
    history = timeline.of(ref, *metered)
    return render("registry/customers/site.html", block="site", card=card, history=history)


@bp.get("/sites/<uuid:ref>/edit")
@allow("site.edit")
def change_site(ref: UUID) -> str:
    """Ask what is to be changed of a site."""
    return _change(ref)


@bp.post("/sites/<uuid:ref>/edit")
@allow("site.edit")
def edit_site(ref: UUID) -> ResponseReturnValue:
    """Change a site; who came second sees both versions."""
    form = EditSiteForm.sent().offering_sizes()
    ops.perform("site.edit", form, redraw=lambda: _change(ref, form))
    return moved(site, ref=ref)


@bp.post("/sites/<uuid:ref>/close")
@allow("registry.edit")
def close_site(ref: UUID) -> ResponseReturnValue:
    """Deliver there no more."""
    customer_edits.close_site(ref, by=who(), seen=versions.seen())
    _tell(_l("%(thing)s is closed."), ref, undo="customers.reopen_site")
    return shown(site, ref=ref)


@bp.post("/sites/<uuid:ref>/reopen")
@allow("registry.edit")
def reopen_site(ref: UUID) -> ResponseReturnValue:
    """Deliver there again."""
    customer_edits.reopen_site(ref, by=who(), seen=versions.seen())
    _tell(_l("%(thing)s is open again."), ref, undo="customers.close_site")
    return shown(site, ref=ref)


def _tell(words: Any, ref: UUID, *, undo: str = "") -> None:
    """Say what was done with a site; ``undo`` takes it back."""
    place = customer_pages.site_card(who(), ref).place
    toasts.tell(
        toasts.Toast(
            words=words,
            thing=place.name,
            address=url_for("customers.site", ref=ref),
            undo=toasts.back(undo, ref, place.version),
        )
    )


def _asked(ref: UUID, form: NewSiteForm) -> str:
    row = customer_pages.one(ref)
    return render("registry/customers/new_site.html", block="site", row=row, form=form)


def _change(ref: UUID, form: EditSiteForm | None = None) -> str:
    card = customer_pages.site_card(who(), ref)
    now = EditSiteForm.of(card)
    form = form.beside(now) if form else now
    return render("registry/customers/edit_site.html", block="site", card=card, form=form)
