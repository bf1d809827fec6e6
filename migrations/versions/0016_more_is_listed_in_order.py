"""Changes of stock, counts, requests, sites and a seller's sales are listed in order."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_INDEXES = (
    ("ix_corrections_listed", "corrections", ["confirmed_at", "id"]),
    ("ix_corrections_kind", "corrections", ["kind", "confirmed_at", "id"]),
    ("ix_corrections_left", "corrections", ["from_place_id", "confirmed_at", "id"]),
    ("ix_corrections_came", "corrections", ["to_place_id", "confirmed_at", "id"]),
    ("ix_distributions_truck_depot", "distributions", ["truck_id", "depot_id", "planned_on", "id"]),
    ("ix_stock_counts_listed", "stock_counts", ["opened_at", "id"]),
    ("ix_approval_requests_listed", "approval_requests", ["requested_at", "id"]),
    ("ix_places_named", "places", ["kind", "name", "id"]),
    ("ix_transactions_seller", "transactions", ["seller_id", "confirmed_on", "id"]),
)


_KEYS = ("from_place_id", "to_place_id")
"""MySQL keeps an index for each foreign key; where another serves it, none of its own is needed."""


def upgrade() -> None:
    for name, table, columns in _INDEXES:
        op.create_index(name, table, columns)
    op.drop_index("ix_transactions_seller_id", "transactions")
    for key in _keys_with_an_index():
        op.drop_index(_of(key), "corrections")


def downgrade() -> None:
    op.create_index("ix_transactions_seller_id", "transactions", ["seller_id"])
    if op.get_bind().dialect.name != "sqlite":
        for key in _KEYS:
            op.create_index(_of(key), "corrections", [key])
    for name, table, _columns in reversed(_INDEXES):
        op.drop_index(name, table)


def _keys_with_an_index() -> list[str]:
    there = {index["name"] for index in sa.inspect(op.get_bind()).get_indexes("corrections")}
    return [key for key in _KEYS if _of(key) in there]


def _of(key: str) -> str:
    return f"fk_corrections_{key}"
