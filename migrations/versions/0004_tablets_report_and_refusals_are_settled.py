"""Tablets report what waits on them; parked forms are settled by a supervisor."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hsh.models import guards, types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

GUARDED = ("settlements",)


def upgrade() -> None:
    op.create_table(
        "devices",
        sa.Column("id", types.IdType, autoincrement=True, nullable=False),
        sa.Column("user_id", types.IdType, nullable=False),
        sa.Column("device", types.code(40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("app_version", types.code(40), nullable=False),
        sa.Column("first_seen_at", types.UtcType(), nullable=False),
        sa.Column("last_seen_at", types.UtcType(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("oldest_at", types.UtcType(), nullable=True),
        sa.Column("clock_ahead_ms", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", types.UtcType(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_devices_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_devices")),
        sa.UniqueConstraint("user_id", "device", name=op.f("uq_devices_user_id_device")),
    )
    op.create_table(
        "settlements",
        sa.Column("id", types.IdType, autoincrement=True, nullable=False),
        sa.Column("client_temp_id", types.RefType(), nullable=False),
        sa.Column("verdict", types.code(20), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("settled_by", types.IdType, nullable=False),
        sa.Column("settled_at", types.UtcType(), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('accepted', 'refused')", name=op.f("ck_settlements_verdict")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["users.id"], name=op.f("fk_settlements_settled_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlements")),
        sa.UniqueConstraint("client_temp_id", name=op.f("uq_settlements_client_temp_id")),
    )
    # Plain ADD COLUMN: a rebuilt table would lose the triggers that guard its facts.
    op.add_column("submissions", sa.Column("replaced_by", types.RefType(), nullable=True))
    op.add_column("refused_submissions", sa.Column("sent", types.LongText, nullable=True))
    op.add_column("user_sessions", sa.Column("device", types.code(40), nullable=True))
    for statement in guards.create_triggers(op.get_bind().dialect.name, GUARDED):
        op.execute(statement)


def downgrade() -> None:
    for statement in guards.drop_triggers(GUARDED):
        op.execute(statement)
    op.drop_column("user_sessions", "device")
    op.drop_column("refused_submissions", "sent")
    op.drop_column("submissions", "replaced_by")
    op.drop_table("settlements")
    op.drop_table("devices")
