"""/customers: who buys, where it is delivered, and what holds for them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from hsh.blueprints import toasts
from hsh.blueprints.access import allow, who
from hsh.blueprints.books import timeline
from hsh.blueprints.device import ops
from hsh.blueprints.registry.customer_forms import EditCustomerForm, NewCustomerForm, SearchForm
from hsh.blueprints.render import moved, render, shown
from hsh.queries.registry import customer_pages
from hsh.services.registry import customer_edits, customers

bp = Blueprint("customers", __name__, url_prefix="/customers")

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


@bp.get("")
@allow("customer.view")
def index() -> tuple[str, int]:
    """List customers by name; find one by what is known of them."""
    form = SearchForm(request.args)
    fit = form.validate()
    found = (
        customer_pages.search(
            form.q.data or "", closed=form.state.data == "closed", after=form.after.data
        )
        if fit
        else None
    )
    page = render("registry/customers/index.html", block="found", form=form, found=found)
    return page, 200 if fit else 422


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
    customer_edits.close_customer(ref, by=who(), seen=seen())
    tell(_l("%(thing)s is closed."), ref, undo="customers.reopen")
    return shown(show, ref=ref)


@bp.post("/<uuid:ref>/reopen")
@allow("registry.edit")
def reopen(ref: UUID) -> ResponseReturnValue:
    """Sell to them again."""
    customer_edits.reopen_customer(ref, by=who(), seen=seen())
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


def seen() -> int | None:
    """Return the version that was shown, if the form says it: an undo does."""
    return request.form.get("version", type=int)


def _asked(form: NewCustomerForm) -> str:
    return render("registry/customers/new.html", block="customer", form=form)


def _page(ref: UUID) -> str:
    card = customer_pages.card(who(), ref)
    return render(
        "registry/customers/show.html", block="customer", card=card, history=timeline.of(ref)
    )


def _change(ref: UUID, form: EditCustomerForm | None = None) -> str:
    row = customer_pages.one(ref)
    now = EditCustomerForm.of(row)
    form = form.beside(now) if form else now
    return render("registry/customers/edit.html", block="customer", row=row, form=form)
