"""Stock is looked into and put right: by the moment, and by acts that can be taken back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hsh.models import types

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
    _add_link("corrections", "reverses_id", "corrections")
    op.create_index("ix_corrections_reverses_id", "corrections", ["reverses_id"], unique=True)


def downgrade() -> None:
    _drop_link("corrections", "reverses_id")
    _replace(BY_TIME, BY_SIZE)


def _replace(old: dict[str, list[str]], new: dict[str, list[str]]) -> None:
    """Make the new indexes of moves first: a foreign key is never without one."""
    for name, columns in new.items():
        op.create_index(name, "stock_moves", columns)
    for name in old:
        op.drop_index(name, "stock_moves")


def _add_link(table: str, column: str, to: str) -> None:
    """Add a column that refers to ``to``; a rebuilt table would lose the triggers of its facts."""
    key = f"fk_{table}_{column}"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {column} INTEGER CONSTRAINT {key} REFERENCES {to} (id)"
        )
        return
    op.add_column(table, sa.Column(column, types.IdType, nullable=True))
    op.create_foreign_key(key, table, to, [column], ["id"])


def _drop_link(table: str, column: str) -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(f"fk_{table}_{column}", table, type_="foreignkey")
    op.drop_index(f"ix_{table}_{column}", table)
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    else:
        op.drop_column(table, column)
