"""A sale with something odd is flagged, and a supervisor writes down what came of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hsh.models import guards, types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

GUARDED = ("flags", "flag_reviews")
_KEPT = (
    "INSERT INTO flags (transaction_id, created_at)"
    " SELECT id, confirmed_at FROM transactions WHERE claimed <> payable"
    " OR EXISTS (SELECT 1 FROM discrepancies WHERE transaction_id = transactions.id) ORDER BY id"
)


def upgrade() -> None:
    op.create_table(
        "flags",
        sa.Column("id", types.IdType, autoincrement=True, nullable=False),
        sa.Column("transaction_id", types.IdType, nullable=False),
        sa.Column("created_at", types.UtcType(), nullable=False),
        sa.ForeignKeyConstraint(
            ["transaction_id"], ["transactions.id"], name=op.f("fk_flags_transaction_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flags")),
        sa.UniqueConstraint("transaction_id", name=op.f("uq_flags_transaction_id")),
    )
    op.create_table(
        "flag_reviews",
        sa.Column("id", types.IdType, autoincrement=True, nullable=False),
        sa.Column("transaction_id", types.IdType, nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("reviewed_by", types.IdType, nullable=False),
        sa.Column("reviewed_at", types.UtcType(), nullable=False),
        sa.ForeignKeyConstraint(
            ["transaction_id"], ["transactions.id"], name=op.f("fk_flag_reviews_transaction_id")
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by"], ["users.id"], name=op.f("fk_flag_reviews_reviewed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag_reviews")),
        sa.UniqueConstraint("transaction_id", name=op.f("uq_flag_reviews_transaction_id")),
    )
    op.execute(_KEPT)
    for statement in guards.create_triggers(op.get_bind().dialect.name, GUARDED):
        op.execute(statement)


def downgrade() -> None:
    for statement in guards.drop_triggers(GUARDED):
        op.execute(statement)
    op.drop_table("flag_reviews")
    op.drop_table("flags")
