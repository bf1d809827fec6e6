"""Homes are marked, prices withdrawn, files imported, and meters taken down with what they showed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hsh.models import types

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEY = ["scope", "scope_id", "subject", "subject_id", "starts_on"]


def upgrade() -> None:
    op.add_column(
        "sites", sa.Column("household", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("rates", sa.Column("withdrawn", types.IdType, nullable=False, server_default="0"))
    with op.batch_alter_table("rates") as rates:
        rates.drop_constraint("uq_rates_key", type_="unique")
        rates.create_unique_constraint("uq_rates_key", [*KEY, "withdrawn"])
    op.create_table(
        "meter_ends",
        sa.Column("meter_id", types.IdType, autoincrement=False, nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.Column("final_reading", types.ExactType(), nullable=False),
        sa.Column("successor_id", types.IdType, nullable=True),
        sa.Column("unbilled", types.ExactType(), nullable=False),
        sa.ForeignKeyConstraint(["meter_id"], ["meters.id"], name=op.f("fk_meter_ends_meter_id")),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["meters.id"], name=op.f("fk_meter_ends_successor_id")
        ),
        sa.PrimaryKeyConstraint("meter_id", name=op.f("pk_meter_ends")),
        sa.UniqueConstraint("successor_id", name=op.f("uq_meter_ends_successor_id")),
    )
    op.create_table(
        "imports",
        sa.Column("id", types.IdType, autoincrement=True, nullable=False),
        sa.Column("ref", types.RefType(), nullable=False),
        sa.Column("kind", types.code(20), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", types.code(64), nullable=False),
        sa.Column("header", types.LongText, nullable=False),
        sa.Column("columns", types.LongText, nullable=True),
        sa.Column("brought_by", types.IdType, nullable=False),
        sa.Column("brought_at", types.UtcType(), nullable=False),
        sa.ForeignKeyConstraint(["brought_by"], ["users.id"], name=op.f("fk_imports_brought_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
        sa.UniqueConstraint("ref", name=op.f("uq_imports_ref")),
    )
    op.create_index(op.f("ix_imports_sha256"), "imports", ["sha256"])
    op.create_table(
        "import_rows",
        sa.Column("import_id", types.IdType, nullable=False),
        sa.Column("line", types.IdType, autoincrement=False, nullable=False),
        sa.Column("cells", types.LongText, nullable=False),
        sa.Column("state", types.code(20), nullable=False),
        sa.Column("problem", types.LongText, nullable=True),
        sa.Column("batch", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state IN ('unread', 'good', 'known', 'bad', 'done')", name=op.f("ck_import_rows_state")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_import_rows_import_id")
        ),
        sa.PrimaryKeyConstraint("import_id", "line", name=op.f("pk_import_rows")),
    )
    op.create_index("ix_import_rows_state", "import_rows", ["import_id", "state", "line"])


def downgrade() -> None:
    op.drop_table("import_rows")
    op.drop_table("imports")
    op.drop_table("meter_ends")
    op.execute("DELETE FROM rates WHERE withdrawn <> 0")  # their day may be taken again
    with op.batch_alter_table("rates") as rates:
        rates.drop_constraint("uq_rates_key", type_="unique")
        rates.create_unique_constraint("uq_rates_key", KEY)
    op.drop_column("rates", "withdrawn")
    op.drop_column("sites", "household")
