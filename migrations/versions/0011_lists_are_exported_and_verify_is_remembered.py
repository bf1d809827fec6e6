"""Exports wait until they are made; what verify found is kept; meters to read are found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hsh.models import types

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exports",
        sa.Column("id", types.IdType, autoincrement=True, nullable=False),
        sa.Column("ref", types.RefType(), nullable=False),
        sa.Column("owner_id", types.IdType, nullable=False),
        sa.Column("listing", types.code(40), nullable=False),
        sa.Column("kind", types.code(20), nullable=False),
        sa.Column("asked", types.LongText, nullable=False),
        sa.Column("asked_at", types.UtcType(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("made_at", types.UtcType(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("problem", sa.String(length=200), nullable=True),
        sa.CheckConstraint("kind IN ('csv', 'xlsx', 'zip')", name=op.f("ck_exports_kind")),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_exports_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exports")),
        sa.UniqueConstraint("ref", name=op.f("uq_exports_ref")),
    )
    op.create_index("ix_exports_owner", "exports", ["owner_id", "id"])
    op.create_table(
        "verifications",
        sa.Column("id", types.IdType, autoincrement=True, nullable=False),
        sa.Column("verified_at", types.UtcType(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("laws", sa.Integer(), nullable=False),
        sa.Column("broken", sa.Integer(), nullable=False),
        sa.Column("detail", sa.String(length=1000), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verifications")),
    )
    op.create_index("ix_meters_due", "meters", ["active", "last_read_on", "id"])


def downgrade() -> None:
    op.drop_index("ix_meters_due", "meters")
    op.drop_table("verifications")
    op.drop_table("exports")
