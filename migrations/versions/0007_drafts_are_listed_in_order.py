"""Drafts, confirmed at no time, are found in the order in which they are listed."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


INDEXES = {
    "ix_distributions_drafts": ["confirmed_at", "planned_on", "id"],
    "ix_distributions_pending": ["confirmed_at", "dropped_at", "planned_on", "id"],
    "ix_distributions_depot_pending": [
        "depot_id", "confirmed_at", "dropped_at", "planned_on", "id",
    ],
}  # fmt: skip


def upgrade() -> None:
    for name, columns in INDEXES.items():
        op.create_index(name, "distributions", columns)


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, "distributions")
