"""Where a site gave back more than its ledger held (law 2), for a supervisor to look into."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import aliased

from hsh.core.command import Actor
from hsh.models.registry import Customer, Equipment, Place, Site, User
from hsh.models.sales import Discrepancy, Document, Transaction
from hsh.queries import scope
from hsh.queries.books import pages
from hsh.queries.keyset import Page


def discrepancies(actor: Actor, cursor: str = "") -> Page:
    """Return a page of the discrepancies of sales that ``actor`` may see, newest first."""
    site, source = aliased(Place), aliased(Place)
    query = (
        select(
            Discrepancy.id,
            Discrepancy.created_at,
            Discrepancy.quantity,
            Equipment.name.label("equipment"),
            site.name.label("site"),
            site.code.label("site_code"),
            Customer.name.label("customer"),
            source.name.label("source"),
            User.name.label("seller"),
            Transaction.ref,
            Document.transaction_number,
        )
        .join(Transaction, Transaction.id == Discrepancy.transaction_id)
        .join(Document, Document.transaction_id == Transaction.id)
        .join(Equipment, Equipment.id == Discrepancy.equipment_id)
        .join(site, site.id == Discrepancy.site_id)
        .join(Site, Site.place_id == Discrepancy.site_id)
        .join(Customer, Customer.id == Site.customer_id)
        .join(source, source.id == Transaction.source_id)
        .join(User, User.id == Transaction.seller_id)
        .where(scope.transactions(actor))
    )
    return pages.page(query, Discrepancy.id, cursor)
