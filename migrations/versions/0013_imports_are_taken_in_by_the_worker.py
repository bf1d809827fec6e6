"""Imports are taken in by the worker: for whom, since when, and why it stopped."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hsh.models import types

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KEY = "fk_imports_taken_by"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"ALTER TABLE imports ADD COLUMN taken_by INTEGER CONSTRAINT {KEY} REFERENCES users (id)"
        )
    else:
        op.add_column("imports", sa.Column("taken_by", types.IdType, nullable=True))
        op.create_foreign_key(KEY, "imports", "users", ["taken_by"], ["id"])
    op.add_column("imports", sa.Column("moved_at", types.UtcType(), nullable=True))
    op.add_column("imports", sa.Column("problem", types.LongText, nullable=True))


def downgrade() -> None:
    for column in ("problem", "moved_at"):
        op.drop_column("imports", column)
    if op.get_bind().dialect.name == "sqlite":
        op.execute("ALTER TABLE imports DROP COLUMN taken_by")
    else:
        op.drop_constraint(KEY, "imports", type_="foreignkey")
        op.drop_column("imports", "taken_by")
