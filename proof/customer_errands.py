"""What a person does with customers and their sites; ``proof.errands`` gathers it with the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

from hsh.blueprints.registry.customer_forms import EditCustomerForm, EditSiteForm
from hsh.core.address import natural_key, parse
from hsh.services.registry import customers
from proof.errands import Aim, Desk, Errand, _asking, _get, _post, _submission
from proof.world import ADDRESS

_PLACE = {
    "site_name": "Back kitchen", "street": "9 Sims Drive", "unit": "#1", "postal_code": "380045",
    "latitude": "1.31", "longitude": "103.88", "kg_limit": "200", "household": "y",
    "through_meter": "C127", "contact": "Mdm Tan", "site_phone": "6000 0001",
}  # fmt: skip
_BUYER = {
    "name": "Kopi House", "uen": "201012345M", "email": "a@kopi.example", "terms_days": "30",
    "price_list": "STANDARD", "billing_address": "9 Sims Drive", "phone": "6000 0002",
}  # fmt: skip


def made() -> Iterator[Errand]:
    """Yield every errand."""
    yield _get("customers.index", _asking(q="Site", state="", after=""))
    yield _get("customers.new")
    yield _post("customers.add", _new, form="customer.add")
    yield _get("customers.show", _customer(), "ref")
    yield _get("customers.change", _customer(), "ref")
    yield _post("customers.edit", _customer(**_BUYER, version="1"), "ref", EditCustomerForm)
    yield _post("customers.close", _customer(), "ref")
    yield _post("customers.reopen", _customer(), "ref")
    yield _get("customers.new_site", _customer(), "ref")
    yield _post("customers.add_site", _one_more, "ref", "site.add")
    yield _get("customers.site", _site(), "ref")
    yield _get("customers.change_site", _site(), "ref")
    yield _post("customers.edit_site", _site(**_PLACE, version="1"), "ref", EditSiteForm)
    yield _post("customers.close_site", _site(), "ref")
    yield _post("customers.reopen_site", _site(), "ref")


def _new(_desk: Desk, _person: str) -> Aim:
    return Aim(form=_submission(**_BUYER | _PLACE | {"name": f"Kopi {uuid4().hex}"}))


def _one_more(desk: Desk, _person: str) -> Aim:
    return Aim(args={"ref": a_customer(desk)[1]}, form=_submission(**_PLACE))


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
