"""Changes of stock, counts, requests, sites and a seller's sales are listed in order."""

from __future__ import annotations

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
    ("ix_stock_counts_listed", "stock_counts", ["opened_at", "id"]),
    ("ix_approval_requests_listed", "approval_requests", ["requested_at", "id"]),
    ("ix_places_named", "places", ["kind", "name", "id"]),
    ("ix_transactions_seller", "transactions", ["seller_id", "confirmed_on", "id"]),
)


def upgrade() -> None:
    for name, table, columns in _INDEXES:
        op.create_index(name, table, columns)
    op.drop_index("ix_transactions_seller_id", "transactions")


def downgrade() -> None:
    op.create_index("ix_transactions_seller_id", "transactions", ["seller_id"])
    if op.get_bind().dialect.name != "sqlite":  # which needs no index for a foreign key
        for column in ("from_place_id", "to_place_id"):
            op.create_index(f"fk_corrections_{column}", "corrections", [column])
    for name, table, _columns in reversed(_INDEXES):
        op.drop_index(name, table)
