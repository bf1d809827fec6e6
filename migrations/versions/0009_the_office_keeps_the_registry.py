"""A site says whether it is somebody's home, and a price that has not begun can be withdrawn."""

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


def downgrade() -> None:
    op.execute("DELETE FROM rates WHERE withdrawn <> 0")  # their day may be taken again
    with op.batch_alter_table("rates") as rates:
        rates.drop_constraint("uq_rates_key", type_="unique")
        rates.create_unique_constraint("uq_rates_key", KEY)
    op.drop_column("rates", "withdrawn")
    op.drop_column("sites", "household")
