"""People are invited by a link, and choose their own password."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hsh.models import types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "invitations",
        sa.Column("token_hash", types.code(64), nullable=False),
        sa.Column("user_id", types.IdType, nullable=False),
        sa.Column("expires_at", types.UtcType(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_invitations_user_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_invitations")),
        sa.UniqueConstraint("user_id", name=op.f("uq_invitations_user_id")),
    )


def downgrade() -> None:
    op.drop_table("invitations")
