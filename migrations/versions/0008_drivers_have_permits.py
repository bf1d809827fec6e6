"""Drivers have permits that expire; an assignment says which version of it was shown."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hsh.models import types

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "permits",
        sa.Column("id", types.IdType, autoincrement=True, nullable=False),
        sa.Column("ref", types.RefType(), nullable=False),
        sa.Column("driver_id", types.IdType, nullable=False),
        sa.Column("kind", types.code(20), nullable=False),
        sa.Column("number", sa.String(length=200), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('driving', 'hazmat', 'other')", name=op.f("ck_permits_kind")),
        sa.ForeignKeyConstraint(["driver_id"], ["users.id"], name=op.f("fk_permits_driver_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_permits")),
        sa.UniqueConstraint("ref", name=op.f("uq_permits_ref")),
    )
    op.create_index(op.f("ix_permits_driver_id"), "permits", ["driver_id"])
    op.add_column(
        "assignments", sa.Column("version", sa.Integer(), nullable=False, server_default="1")
    )


def downgrade() -> None:
    op.drop_column("assignments", "version")
    op.drop_table("permits")
