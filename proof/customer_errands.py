"""Errands about customers and their sites."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from hsh.blueprints.registry.customer_forms import EditCustomerForm, EditSiteForm
from hsh.core.address import natural_key, parse
from hsh.services.registry import customers
from proof.errand import Aim, asking, get, post, submission
from proof.world import ADDRESS

if TYPE_CHECKING:
    from proof.errands import Desk

_PLACE = {
    "site_name": "Back kitchen", "street": "9 Sims Drive", "unit": "#1", "postal_code": "380045",
    "latitude": "1.31", "longitude": "103.88", "kg_limit": "200", "household": "y",
    "through_meter": "C127", "contact": "Mdm Tan", "site_phone": "6000 0001",
}  # fmt: skip
_BUYER = {
    "name": "Kopi House", "uen": "201012345M", "email": "a@kopi.example", "terms_days": "30",
    "price_list": "STANDARD", "billing_address": "9 Sims Drive", "phone": "6000 0002",
}  # fmt: skip


def _new(_desk: Desk, _person: str) -> Aim:
    return Aim(form=submission(**_BUYER | _PLACE | {"name": f"Kopi {uuid4().hex}"}))


def _one_more(desk: Desk, _person: str) -> Aim:
    return Aim(args={"ref": a_customer(desk)[1]}, form=submission(**_PLACE))


def _customer(**fields: str) -> Callable[[Desk, str], Aim]:
    return lambda desk, _person: Aim(args={"ref": a_customer(desk)[1]}, form=dict(fields))


def _site(**fields: str) -> Callable[[Desk, str], Aim]:
    return lambda desk, _person: Aim(args={"ref": a_site(desk)[1]}, form=dict(fields))


def a_customer(desk: Desk) -> tuple[int, UUID]:
    """Add a customer whom nothing else is about; return id and ref."""
    ref, name = uuid4(), f"Kopi {uuid4().hex}"
    new = customers.NewCustomer(
        ref=ref,
        name=name,
        natural_key=natural_key(name, parse(ADDRESS)),
        billing_address=ADDRESS,
        price_list=desk.books.world.price_lists[0],
    )
    return customers.add_customer(new, by=None), ref


def a_site(desk: Desk) -> tuple[int, UUID]:
    """Add a site of a customer of its own; return id and ref."""
    ref = uuid4()
    new = customers.NewSite(
        ref=ref,
        customer=a_customer(desk)[0],
        code=f"X{ref.hex[:12].upper()}",
        name="Somewhere",
        address=parse(ADDRESS),
    )
    return customers.add_site(new, by=None), ref


ALL = (
    get("customers.index", asking(q="Site", state="", after="")),
    get("customers.new"),
    post("customers.add", _new, form="customer.add"),
    get("customers.show", _customer(), "ref"),
    get("customers.change", _customer(), "ref"),
    post("customers.edit", _customer(**_BUYER, version="1"), "ref", EditCustomerForm),
    post("customers.close", _customer(), "ref"),
    post("customers.reopen", _customer(), "ref"),
    get("customers.new_site", _customer(), "ref"),
    post("customers.add_site", _one_more, "ref", "site.add"),
    get("customers.site", _site(), "ref"),
    get("customers.change_site", _site(), "ref"),
    post("customers.edit_site", _site(**_PLACE, version="1"), "ref", EditSiteForm),
    post("customers.close_site", _site(), "ref"),
    post("customers.reopen_site", _site(), "ref"),
)
