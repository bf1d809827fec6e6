"""A price is agreed for one sale at a site, and used up by it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hsh.models import types

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "price_agreements",
        sa.Column("id", types.IdType, autoincrement=True, nullable=False),
        sa.Column("ref", types.RefType(), nullable=False),
        sa.Column("site_id", types.IdType, nullable=False),
        sa.Column("equipment_id", types.IdType, nullable=False),
        sa.Column("amount", types.ExactType(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("used_by_id", types.IdType, nullable=True),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_price_agreements_amount")),
        sa.ForeignKeyConstraint(
            ["site_id"], ["places.id"], name=op.f("fk_price_agreements_site_id")
        ),
        sa.ForeignKeyConstraint(
            ["equipment_id"], ["equipment.id"], name=op.f("fk_price_agreements_equipment_id")
        ),
        sa.ForeignKeyConstraint(
            ["used_by_id"], ["transactions.id"], name=op.f("fk_price_agreements_used_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_agreements")),
        sa.UniqueConstraint("ref", name=op.f("uq_price_agreements_ref")),
    )
    op.create_index("ix_price_agreements_open", "price_agreements", ["site_id", "used_by_id"])
    op.create_index(op.f("ix_price_agreements_used_by_id"), "price_agreements", ["used_by_id"])


def downgrade() -> None:
    op.drop_table("price_agreements")
