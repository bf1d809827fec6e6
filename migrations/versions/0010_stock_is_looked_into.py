"""Stock is looked into and put right: by the moment, and by acts that can be taken back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hsh.models import guards, types

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


GUARDED = ("approval_requests", "approvals")
LIMITS = ("adjust", "transfer", "dump", "write_off")


def upgrade() -> None:
    _replace(BY_SIZE, BY_TIME)
    _add_link("corrections", "reverses_id", "corrections")
    op.create_index("ix_corrections_reverses_id", "corrections", ["reverses_id"], unique=True)

    _create_approvals()
    _create_counts()
    _create_minimums()
    for statement in guards.create_triggers(op.get_bind().dialect.name, GUARDED):
        op.execute(statement)


def downgrade() -> None:
    for statement in guards.drop_triggers(GUARDED):
        op.execute(statement)
    for table in (
        "stock_minimums",
        "stock_count_lines",
        "stock_counts",
        "approval_limits",
        "approvals",
        "approval_requests",
    ):
        op.drop_table(table)
    _drop_link("corrections", "reverses_id")
    _replace(BY_TIME, BY_SIZE)


def _create_approvals() -> None:
    op.create_table(
        "approval_requests",
        sa.Column("id", types.IdType, autoincrement=True, nullable=False),
        sa.Column("ref", types.RefType(), nullable=False),
        sa.Column("op", types.code(40), nullable=False),
        sa.Column("content", types.LongText, nullable=False),
        sa.Column("about", types.RefType(), nullable=False),
        sa.Column("depot_id", types.IdType, nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("requested_by", types.IdType, nullable=False),
        sa.Column("requested_at", types.UtcType(), nullable=False),
        sa.ForeignKeyConstraint(
            ["depot_id"], ["places.id"], name=op.f("fk_approval_requests_depot_id")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["users.id"], name=op.f("fk_approval_requests_requested_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_requests")),
        sa.UniqueConstraint("ref", name=op.f("uq_approval_requests_ref")),
    )
    op.create_index("ix_approval_requests_about", "approval_requests", ["about", "op"])
    op.create_index(op.f("ix_approval_requests_depot_id"), "approval_requests", ["depot_id"])
    op.create_index(
        op.f("ix_approval_requests_requested_by"), "approval_requests", ["requested_by"]
    )
    op.create_table(
        "approvals",
        sa.Column("id", types.IdType, autoincrement=True, nullable=False),
        sa.Column("request_id", types.IdType, nullable=False),
        sa.Column("verdict", types.code(20), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("decided_by", types.IdType, nullable=False),
        sa.Column("decided_at", types.UtcType(), nullable=False),
        sa.Column("number", types.code(24), nullable=True),
        sa.CheckConstraint("verdict IN ('accepted', 'refused')", name=op.f("ck_approvals_verdict")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["approval_requests.id"], name=op.f("fk_approvals_request_id")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_approvals_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
        sa.UniqueConstraint("request_id", name=op.f("uq_approvals_request_id")),
    )
    op.create_table(
        "approval_limits",
        sa.Column("id", types.IdType, autoincrement=False, nullable=False),
        *(sa.Column(kind, sa.Integer(), nullable=True) for kind in LIMITS),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_approval_limits_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_limits")),
    )


def _create_counts() -> None:
    op.create_table(
        "stock_counts",
        sa.Column("id", types.IdType, autoincrement=True, nullable=False),
        sa.Column("ref", types.RefType(), nullable=False),
        sa.Column("place_id", types.IdType, nullable=False),
        sa.Column("opened_by", types.IdType, nullable=False),
        sa.Column("opened_at", types.UtcType(), nullable=False),
        sa.Column("counted_at", types.UtcType(), nullable=True),
        sa.Column("closed_by", types.IdType, nullable=True),
        sa.Column("closed_at", types.UtcType(), nullable=True),
        sa.Column("correction_ref", types.RefType(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_stock_counts_place_id")),
        sa.ForeignKeyConstraint(
            ["opened_by"], ["users.id"], name=op.f("fk_stock_counts_opened_by")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["users.id"], name=op.f("fk_stock_counts_closed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_counts")),
        sa.UniqueConstraint("ref", name=op.f("uq_stock_counts_ref")),
    )
    op.create_index(op.f("ix_stock_counts_place_id"), "stock_counts", ["place_id"])
    op.create_table(
        "stock_count_lines",
        sa.Column("id", types.IdType, autoincrement=True, nullable=False),
        sa.Column("count_id", types.IdType, nullable=False),
        sa.Column("equipment_id", types.IdType, nullable=False),
        sa.Column("condition", types.code(20), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            sa.column("condition").in_(["full", "part", "empty", "held"]),
            name=op.f("ck_stock_count_lines_condition"),
        ),
        sa.CheckConstraint("counted >= 0", name=op.f("ck_stock_count_lines_counted")),
        sa.ForeignKeyConstraint(
            ["count_id"], ["stock_counts.id"], name=op.f("fk_stock_count_lines_count_id")
        ),
        sa.ForeignKeyConstraint(
            ["equipment_id"], ["equipment.id"], name=op.f("fk_stock_count_lines_equipment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_count_lines")),
        sa.UniqueConstraint(
            "count_id", "equipment_id", "condition", name="uq_stock_count_lines_key"
        ),
    )


def _create_minimums() -> None:
    op.create_table(
        "stock_minimums",
        sa.Column("depot_id", types.IdType, autoincrement=False, nullable=False),
        sa.Column("equipment_id", types.IdType, autoincrement=False, nullable=False),
        sa.Column("condition", types.code(20), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            sa.column("condition").in_(["full", "part", "empty", "held"]),
            name=op.f("ck_stock_minimums_condition"),
        ),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_stock_minimums_quantity")),
        sa.ForeignKeyConstraint(
            ["depot_id"], ["places.id"], name=op.f("fk_stock_minimums_depot_id")
        ),
        sa.ForeignKeyConstraint(
            ["equipment_id"], ["equipment.id"], name=op.f("fk_stock_minimums_equipment_id")
        ),
        sa.PrimaryKeyConstraint(
            "depot_id", "equipment_id", "condition", name=op.f("pk_stock_minimums")
        ),
    )


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
