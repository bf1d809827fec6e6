"""People sign in with a second factor, and a company can ask for it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hsh.models import types

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "second_factors",
        sa.Column("user_id", types.IdType, autoincrement=False, nullable=False),
        sa.Column("salt", types.code(40), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("since", types.UtcType(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_second_factors_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_second_factors")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("user_id", types.IdType, autoincrement=False, nullable=False),
        sa.Column("code_hash", types.code(64), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_recovery_codes_user_id")),
        sa.PrimaryKeyConstraint("user_id", "code_hash", name=op.f("pk_recovery_codes")),
    )
    op.create_table(
        "login_rules",
        sa.Column("id", types.IdType, autoincrement=False, nullable=False),
        sa.Column("second_factor", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_login_rules_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_rules")),
    )


def downgrade() -> None:
    op.drop_table("login_rules")
    op.drop_table("recovery_codes")
    op.drop_table("second_factors")
