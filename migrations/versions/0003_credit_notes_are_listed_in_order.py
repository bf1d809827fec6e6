"""Credit notes, the few among many invoices, are found in the order in which they are listed."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_documents_kind", "documents", ["kind", "issued_on", "id"])


def downgrade() -> None:
    op.drop_index("ix_documents_kind", "documents")
