"""What a place held at any moment is found in the order in which it moved."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BY_TIME = {
    "ix_stock_moves_left": [
        "from_place_id", "moved_at", "id", "equipment_id", "from_condition", "quantity",
    ],
    "ix_stock_moves_came": [
        "to_place_id", "moved_at", "id", "equipment_id", "to_condition", "quantity",
    ],
}  # fmt: skip
BY_SIZE = {
    "ix_stock_moves_from": ["from_place_id", "equipment_id", "id"],
    "ix_stock_moves_to": ["to_place_id", "equipment_id", "id"],
}


def upgrade() -> None:
    _replace(BY_SIZE, BY_TIME)


def downgrade() -> None:
    _replace(BY_TIME, BY_SIZE)


def _replace(old: dict[str, list[str]], new: dict[str, list[str]]) -> None:
    """Make the new indexes of moves first: a foreign key is never without one."""
    for name, columns in new.items():
        op.create_index(name, "stock_moves", columns)
    for name in old:
        op.drop_index(name, "stock_moves")
