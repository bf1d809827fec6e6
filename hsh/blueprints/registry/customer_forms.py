"""The forms of customers and sites: what the office types of them."""

from __future__ import annotations

from typing import Any, Self, override

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField

from hsh.blueprints.choices import options
from hsh.blueprints.fields import ExactField, TextField, TicksField, WholeField
from hsh.blueprints.filters import FilterForm
from hsh.blueprints.forms import Form, SubmissionForm
from hsh.blueprints.versions import VersionForm
from hsh.core.address import Address
from hsh.core.command import Actor
from hsh.models.registry import Customer, Site
from hsh.queries.registry import customer_pages
from hsh.queries.registry.customer_pages import SiteCard
from hsh.services.registry import checks
from hsh.services.registry.customer_edits import EditCustomer, EditSite
from hsh.services.registry.customers import (
    LONGEST_TERMS,
    AddCustomer,
    AddSite,
    CustomerDetails,
    SiteDetails,
)

SEARCH_LENGTH = 60


class SearchForm(FilterForm):
    """Which customers or sites a list shows."""

    q = TextField(
        _l("Name, phone or address"), most=SEARCH_LENGTH, required=False
    )  # fmt: skip
    state = SelectField(
        _l("State"), default="", choices=options([("", _l("Open")), ("closed", _l("Closed"))])
    )


class CustomerFields(Form):
    """Who buys, and on which terms."""

    name = TextField(_l("Name"), most=checks.NAME_LENGTH)
    uen = TextField(_l("UEN"), most=checks.CODE_LENGTH, required=False)
    gst_number = TextField(_l("GST number"), most=checks.CODE_LENGTH, required=False)
    email = TextField(_l("E-mail"), most=checks.NAME_LENGTH, required=False)
    phone = TextField(_l("Phone"), most=checks.CODE_LENGTH, required=False)
    billing_address = TextField(
        _l("Billing address"), most=checks.NOTE_LENGTH, required=False, lines=True
    )
    terms_days = WholeField(_l("Days of credit"), most=LONGEST_TERMS, required=False)
    buyer_reference = TextField(_l("Buyer's reference"), most=checks.NAME_LENGTH, required=False)
    price_list = SelectField(_l("Price list"), choices=())

    def offering(self) -> Self:
        """Let the price lists be chosen."""
        self.price_list.choices = options(customer_pages.price_lists())
        return self

    def details(self) -> CustomerDetails:
        """Return what was typed of the customer."""
        return CustomerDetails(
            name=self.name.data or "",
            billing_address=self.billing_address.data or "",
            uen=_code(self.uen),
            gst_number=_code(self.gst_number),
            email=self.email.data or None,
            phone=self.phone.data or None,
            terms_days=self.terms_days.data,
            buyer_reference=self.buyer_reference.data or None,
        )


class SiteFields(Form):
    """Where it is delivered, and what holds there."""

    site_name = TextField(_l("Name of the site"), most=checks.NAME_LENGTH, required=False)
    street = TextField(_l("Street and house number"), most=checks.NAME_LENGTH)
    unit = TextField(_l("Unit"), most=checks.CODE_LENGTH, required=False)
    building = TextField(_l("Building"), most=checks.NAME_LENGTH, required=False)
    postal_code = TextField(_l("Postal code"), most=6)
    latitude = TextField(_l("Latitude"), most=24, required=False)
    longitude = TextField(_l("Longitude"), most=24, required=False)
    contact = TextField(_l("Contact"), most=checks.NAME_LENGTH, required=False)
    site_phone = TextField(_l("Phone at the site"), most=checks.CODE_LENGTH, required=False)
    kg_limit = ExactField(_l("Most gas, in kg"), required=False)
    household = BooleanField(_l("This is somebody's home"))
    through_meter = TicksField(_l("Paid for by the meter"), required=False, choices=())

    def offering_sizes(self) -> Self:
        """Let the sizes be chosen."""
        self.through_meter.choices = options(customer_pages.sizes())
        return self

    def site(self, name: str) -> SiteDetails:
        """Return what was typed of the site; it is called ``name`` unless it has its own."""
        return SiteDetails(
            name=self.site_name.data or name,
            address=Address(
                street=self.street.data or "",
                building=self.building.data or None,
                unit=self.unit.data or None,
                postal_code=self.postal_code.data or "",
            ),
            latitude=self.latitude.data or None,
            longitude=self.longitude.data or None,
            contact=self.contact.data or None,
            phone=self.site_phone.data or None,
            kg_limit=self.kg_limit.data,
            household=bool(self.household.data),
        )

    def by_meter(self) -> frozenset[str]:
        """Return the codes of the sizes that were ticked."""
        return frozenset(self.through_meter.data or ())


class NewCustomerForm(SubmissionForm, CustomerFields, SiteFields):
    """A customer who is not known yet, and the first site."""

    code = TextField(_l("Code of the site"), most=checks.CODE_LENGTH, required=False)

    @override
    def command(self, actor: Actor) -> AddCustomer:
        """Return the wish to add them."""
        details = self.details()
        return AddCustomer(
            **self.envelope(actor),
            details=details,
            price_list=self.price_list.data or "",
            site=self.site(details.name),
            code=_code(self.code),
            through_meter=self.by_meter(),
        )


class NewSiteForm(SubmissionForm, SiteFields):
    """One more site of a customer."""

    site_name = TextField(_l("Name of the site"), most=checks.NAME_LENGTH)
    code = TextField(_l("Code of the site"), most=checks.CODE_LENGTH, required=False)

    @override
    def command(self, actor: Actor, **record: Any) -> AddSite:
        """Return the wish to add it to the ``customer`` that the page is about."""
        return AddSite(
            **self.envelope(actor),
            **record,
            site=self.site(""),
            code=_code(self.code),
            through_meter=self.by_meter(),
        )


class EditCustomerForm(VersionForm, CustomerFields):
    """A customer as they are to be."""

    @classmethod
    def of(cls, row: Customer) -> Self:
        """Return the form as it begins."""
        return cls(obj=row, price_list=customer_pages.price_list_code(row)).offering()

    @override
    def command(self, actor: Actor, **record: Any) -> EditCustomer:
        """Return the wish to change them."""
        return EditCustomer(
            **self.envelope(actor),
            **record,
            version=self.version.data,
            details=self.details(),
            price_list=self.price_list.data or "",
        )


class EditSiteForm(VersionForm, SiteFields):
    """A site as it is to be."""

    site_name = TextField(_l("Name of the site"), most=checks.NAME_LENGTH)

    @classmethod
    def of(cls, card: SiteCard) -> Self:
        """Return the form as it begins."""
        return cls(
            obj=card.row,
            site_name=card.place.name,
            site_phone=card.row.phone,
            through_meter=list(card.through_meter),
            version=card.place.version,
        ).offering_sizes()

    @override
    def command(self, actor: Actor, **record: Any) -> EditSite:
        """Return the wish to change it."""
        return EditSite(
            **self.envelope(actor),
            **record,
            version=self.version.data,
            site=self.site(""),
            through_meter=self.by_meter(),
        )


def address(site: Site) -> str:
    """Return where a site is, on one line."""
    parts = (site.street, site.unit, site.building, site.postal_code)
    return ", ".join(part for part in parts if part)


def _code(field: TextField) -> str | None:
    """Return a code as it is written: in capitals."""
    return (field.data or "").upper() or None
