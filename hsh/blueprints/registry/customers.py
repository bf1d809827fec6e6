"""/customers: who buys, where it is delivered, and what holds for them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from hsh.blueprints import lists, toasts, versions
from hsh.blueprints.access import allow, who
from hsh.blueprints.books import timeline
from hsh.blueprints.device import ops
from hsh.blueprints.lists import Column, Listing
from hsh.blueprints.registry.customer_forms import (
    EditCustomerForm,
    NewCustomerForm,
    SearchForm,
    address,
)
from hsh.blueprints.render import moved, render, shown
from hsh.documents.sheets import Kind
from hsh.queries.registry import customer_lists, customer_pages
from hsh.queries.registry.customer_lists import Listed
from hsh.services.registry import customer_edits, customers

bp = Blueprint("customers", __name__, url_prefix="/customers")
_MOST_SITES = 20
"""Sites on a customer's page; the list of sites has all."""

ops.enter(
    "customer.edit", form=EditCustomerForm, service=customer_edits.edit_customer,
    endpoint="customers.edit", names={"ref": "ref"},
    says=toasts.named(_l("%(thing)s is changed."), "name", "customers.show"),
)  # fmt: skip
ops.enter(
    "customer.add",
    form=NewCustomerForm,
    service=customers.register_customer,
    endpoint="customers.add",
    says=toasts.named(_l("Customer %(thing)s is added."), "name", "customers.show"),
)


def _terms(row: Listed) -> str:
    """Say when they pay."""
    days = row.row.terms_days
    if days is None:
        return str(_l("at once"))
    return str(_l("in %(days)s days", days=days))


CUSTOMERS = lists.serve(
    bp,
    Listing(
        name="customers",
        title=_l("Customers"),
        note=_l("Who buys, and where it is delivered."),
        action="customer.view",
        ask=lambda _actor, form: customer_lists.customers(
            form.q.data or "", closed=form.state.data == "closed"
        ),
        form=SearchForm,
        empty=_l("No customers yet. Add one, or import a file."),
        template="registry/customers/index.html",
        columns=(
            Column(
                name="name", label=_l("Customer"), says=lambda row: row.row.name,
                link=lambda row: url_for("customers.show", ref=row.ref),
            ),
            Column(name="uen", label=_l("UEN"), under=True, says=lambda row: row.row.uen),
            Column(
                name="first", label=_l("First site"),
                says=lambda row: row.first[0].code if row.first else "",
                link=lambda row: (
                    url_for("customers.site", ref=row.first[0].ref) if row.first else None
                ),
            ),
            Column(
                name="address", label=_l("Address"), under=True,
                says=lambda row: address(row.first[1]) if row.first else "",
            ),
            Column(name="sites", label=_l("Sites"), kind=Kind.COUNT),
            Column(
                name="phone", label=_l("Phone"), kind=Kind.CODE, says=lambda row: row.row.phone
            ),
            Column(name="email", label=_l("E-mail"), under=True, says=lambda row: row.row.email),
            Column(name="terms", label=_l("Pays"), says=_terms),
        ),
    ),
)  # fmt: skip


@bp.get("/new")
@allow("customer.add")
def new() -> str:
    """Ask who is to be added, and where they are."""
    return _asked(NewCustomerForm().offering().offering_sizes())


@bp.post("/new")
@allow("customer.add")
def add() -> ResponseReturnValue:
    """Add a customer with the first site."""
    form = NewCustomerForm.sent().offering().offering_sizes()
    added = ops.perform("customer.add", form, redraw=lambda: _asked(form))
    return moved(show, ref=added.ref)


@bp.get("/<uuid:ref>")
@allow("customer.view")
def show(ref: UUID) -> str:
    """Show a customer: sites, terms, what they hold and owe, the newest sales."""
    return _page(ref)


@bp.get("/<uuid:ref>/edit")
@allow("customer.edit")
def change(ref: UUID) -> str:
    """Ask what is to be changed of a customer."""
    return _change(ref)


@bp.post("/<uuid:ref>/edit")
@allow("customer.edit")
def edit(ref: UUID) -> ResponseReturnValue:
    """Change a customer; who came second sees both versions."""
    form = EditCustomerForm.sent().offering()
    ops.perform("customer.edit", form, redraw=lambda: _change(ref, form))
    return moved(show, ref=ref)


@bp.post("/<uuid:ref>/close")
@allow("registry.edit")
def close(ref: UUID) -> ResponseReturnValue:
    """Sell to them no more."""
    customer_edits.close_customer(ref, by=who(), seen=versions.seen())
    tell(_l("%(thing)s is closed."), ref, undo="customers.reopen")
    return shown(show, ref=ref)


@bp.post("/<uuid:ref>/reopen")
@allow("registry.edit")
def reopen(ref: UUID) -> ResponseReturnValue:
    """Sell to them again."""
    customer_edits.reopen_customer(ref, by=who(), seen=versions.seen())
    tell(_l("%(thing)s is open again."), ref, undo="customers.close")
    return shown(show, ref=ref)


def tell(words: Any, ref: UUID, *, undo: str = "") -> None:
    """Say what was done with a customer; ``undo`` takes it back."""
    row = customer_pages.one(ref)
    toasts.tell(
        toasts.Toast(
            words=words,
            thing=row.name,
            address=url_for("customers.show", ref=ref),
            undo=toasts.back(undo, ref, row.version),
        )
    )


def _asked(form: NewCustomerForm) -> str:
    return render("registry/customers/new.html", block="customer", form=form)


def _page(ref: UUID) -> str:
    card = customer_pages.card(who(), ref)
    return render(
        "registry/customers/show.html",
        block="customer",
        card=card,
        most_sites=_MOST_SITES,
        history=timeline.of(ref),
    )


def _change(ref: UUID, form: EditCustomerForm | None = None) -> str:
    row = customer_pages.one(ref)
    now = EditCustomerForm.of(row)
    form = form.beside(now) if form else now
    return render("registry/customers/edit.html", block="customer", row=row, form=form)
