"""Moves are kept in the order in which flask verify adds them up."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FLOW = (
    "kind",
    "equipment_id",
    "from_place_id",
    "from_condition",
    "to_place_id",
    "to_condition",
    "quantity",
)


def upgrade() -> None:
    op.create_index("ix_stock_moves_flow", "stock_moves", FLOW)


def downgrade() -> None:
    op.drop_index("ix_stock_moves_flow", "stock_moves")
