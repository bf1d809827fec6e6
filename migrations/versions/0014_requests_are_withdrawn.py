"""Whoever asked for an approval can withdraw the request."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hsh.models import guards, types

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLES = ("approvals",)
CHECK = "ck_approvals_verdict"
COLUMNS = "id, request_id, verdict, reason, decided_by, decided_at, number"


def upgrade() -> None:
    _let_verdicts_be("'accepted', 'refused', 'withdrawn'")


def downgrade() -> None:
    """What was withdrawn was not done; the older words for that are that it was refused."""
    _unguard()
    op.execute("UPDATE approvals SET verdict = 'refused' WHERE verdict = 'withdrawn'")
    _guard()
    _let_verdicts_be("'accepted', 'refused'")


def _let_verdicts_be(words: str) -> None:
    """Change the CHECK; SQLite can only copy the table, which takes its triggers along."""
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f(CHECK), "approvals", type_="check")
        op.create_check_constraint(op.f(CHECK), "approvals", f"verdict IN ({words})")
        return
    op.create_table(
        "approvals_anew",
        sa.Column("id", types.IdType, autoincrement=True, nullable=False),
        sa.Column("request_id", types.IdType, nullable=False),
        sa.Column("verdict", types.code(20), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("decided_by", types.IdType, nullable=False),
        sa.Column("decided_at", types.UtcType(), nullable=False),
        sa.Column("number", types.code(24), nullable=True),
        sa.CheckConstraint(f"verdict IN ({words})", name=op.f(CHECK)),
        sa.ForeignKeyConstraint(
            ["request_id"], ["approval_requests.id"], name=op.f("fk_approvals_request_id")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_approvals_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
        sa.UniqueConstraint("request_id", name=op.f("uq_approvals_request_id")),
    )
    op.execute(f"INSERT INTO approvals_anew ({COLUMNS}) SELECT {COLUMNS} FROM approvals")  # noqa: S608
    op.drop_table("approvals")
    op.rename_table("approvals_anew", "approvals")
    _guard()


def _guard() -> None:
    for statement in guards.create_triggers(op.get_bind().dialect.name, TABLES):
        op.execute(statement)


def _unguard() -> None:
    for statement in guards.drop_triggers(TABLES):
        op.execute(statement)
