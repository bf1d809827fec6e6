"""The books begin."""

from __future__ import annotations

from uuid import NAMESPACE_OID, uuid5

import sqlalchemy as sa
from alembic import op

from hsh.models import guards, types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


GUARDED = (
    "stock_moves",
    "audit_entries",
    "transactions",
    "transaction_lines",
    "meter_readings",
    "documents",
    "stored_pdfs",
    "payments",
    "discrepancies",
    "receipt_prints",
    "corrections",
    "refused_submissions",
)

OUTSIDE = ("SUPPLIER", "COUNT", "SCRAP", "LOSS")


def upgrade() -> None:
    op.create_table(
        "audit_head",
        sa.Column("id", types.IdType, autoincrement=False, nullable=False),
        sa.Column("sequence", types.IdType, nullable=False),
        sa.Column("hash", types.code(64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "counters",
        sa.Column("series", types.code(20), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("issued", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", "year", name=op.f("pk_counters")),
    )
    op.create_table(
        "equipment",
        sa.Column("id", types.IdType, autoincrement=True, nullable=False),
        sa.Column("code", types.code(40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", types.code(20), nullable=False),
        sa.Column("owner", types.code(20), nullable=False),
        sa.Column("net_kg", types.ExactType(), nullable=True),
        sa.Column("tare_kg", types.ExactType(), nullable=True),
        sa.Column("gross_kg", types.ExactType(), nullable=True),
        sa.Column("part_credit", types.ExactType(), nullable=False),
        sa.Column("tax_code", types.code(20), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('cylinder', 'accessory')", name=op.f("ck_equipment_kind")),
        sa.CheckConstraint(
            "owner IN ('company', 'customer', 'foreign')", name=op.f("ck_equipment_owner")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equipment")),
        sa.UniqueConstraint("code", name=op.f("uq_equipment_code")),
    )
    op.create_table(
        "login_failures",
        sa.Column("key", types.code(64), nullable=False),
        sa.Column("window", types.IdType, autoincrement=False, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "window", name=op.f("pk_login_failures")),
    )
    op.create_table(
        "logos",
        sa.Column("sha256", types.code(64), nullable=False),
        sa.Column("image", sa.LargeBinary(length=1048576), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_logos")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", types.IdType, autoincrement=True, nullable=False),
        sa.Column("topic", types.code(40), nullable=False),
        sa.Column("record_id", types.IdType, nullable=False),
        sa.Column("created_at", types.UtcType(), nullable=False),
        sa.Column("next_try_at", types.UtcType(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done_at", types.UtcType(), nullable=True),
        sa.Column("last_error", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_due", ["done_at", "next_try_at"], unique=False)

    op.create_table(
        "places",
        sa.Column("id", types.IdType, autoincrement=True, nullable=False),
        sa.Column("ref", types.RefType(), nullable=False),
        sa.Column("kind", types.code(20), nullable=False),
        sa.Column("code", types.code(40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('depot', 'truck', 'site', 'outside')", name=op.f("ck_places_kind")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places")),
        sa.UniqueConstraint("code", name=op.f("uq_places_code")),
        sa.UniqueConstraint("ref", name=op.f("uq_places_ref")),
    )
    op.create_table(
        "price_lists",
        sa.Column("id", types.IdType, autoincrement=True, nullable=False),
        sa.Column("code", types.code(40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("tax_inclusive", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_lists")),
        sa.UniqueConstraint("code", name=op.f("uq_price_lists_code")),
    )
    op.create_table(
        "rates",
        sa.Column("id", types.IdType, autoincrement=True, nullable=False),
        sa.Column("scope", types.code(20), nullable=False),
        sa.Column("scope_id", types.IdType, nullable=False),
        sa.Column("subject", types.code(20), nullable=False),
        sa.Column("subject_id", types.IdType, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("amount", types.ExactType(), nullable=False),
        sa.CheckConstraint(
            "scope IN ('site', 'customer', 'price_list')", name=op.f("ck_rates_scope")
        ),
        sa.CheckConstraint(
            "subject IN ('equipment', 'service', 'usage')", name=op.f("ck_rates_subject")
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_rates_amount")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rates")),
        sa.UniqueConstraint(
            "scope", "scope_id", "subject", "subject_id", "starts_on", name="uq_rates_key"
        ),
    )
    op.create_table(
        "tax_rates",
        sa.Column("id", types.IdType, autoincrement=True, nullable=False),
        sa.Column("code", types.code(20), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("rate", types.ExactType(), nullable=False),
        sa.Column("note", sa.String(length=100), nullable=False),
        sa.CheckConstraint("code IN ('SR', 'ZR', 'OS')", name=op.f("ck_tax_rates_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tax_rates")),
        sa.UniqueConstraint("code", "starts_on", name=op.f("uq_tax_rates_code_starts_on")),
    )
    op.create_table(
        "users",
        sa.Column("id", types.IdType, autoincrement=True, nullable=False),
        sa.Column("ref", types.RefType(), nullable=False),
        sa.Column("username", types.code(40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("locale", types.code(20), nullable=False),
        sa.Column("created_at", types.UtcType(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("ref", name=op.f("uq_users_ref")),
        sa.UniqueConstraint("username", name=op.f("uq_users_username")),
    )
    op.create_table(
        "assignments",
        sa.Column("id", types.IdType, autoincrement=True, nullable=False),
        sa.Column("driver_id", types.IdType, nullable=False),
        sa.Column("truck_id", types.IdType, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_assignments_order")
        ),
        sa.ForeignKeyConstraint(["driver_id"], ["users.id"], name=op.f("fk_assignments_driver_id")),
        sa.ForeignKeyConstraint(["truck_id"], ["places.id"], name=op.f("fk_assignments_truck_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
    )
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.create_index(
            "ix_assignments_driver", ["driver_id", "truck_id", "starts_on"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_assignments_truck_id"), ["truck_id"], unique=False)

    op.create_table(
        "audit_entries",
        sa.Column("sequence", types.IdType, autoincrement=False, nullable=False),
        sa.Column("at", types.UtcType(), nullable=False),
        sa.Column("actor_id", types.IdType, nullable=True),
        sa.Column("action", types.code(40), nullable=False),
        sa.Column("record_type", types.code(20), nullable=False),
        sa.Column("record_ref", types.RefType(), nullable=False),
        sa.Column("number", types.code(24), nullable=True),
        sa.Column("body", types.LongText, nullable=False),
        sa.Column("previous_hash", types.code(64), nullable=False),
        sa.Column("hash", types.code(64), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_audit_entries_actor_id")),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_audit_entries")),
    )
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.create_index("ix_audit_entries_action", ["action", "sequence"], unique=False)
        batch_op.create_index("ix_audit_entries_actor", ["actor_id", "sequence"], unique=False)
        batch_op.create_index("ix_audit_entries_at", ["at", "sequence"], unique=False)
        batch_op.create_index("ix_audit_entries_number", ["number", "sequence"], unique=False)
        batch_op.create_index("ix_audit_entries_record", ["record_ref", "sequence"], unique=False)

    op.create_table(
        "company",
        sa.Column("id", types.IdType, autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("uen", types.code(40), nullable=False),
        sa.Column("gst_number", types.code(40), nullable=True),
        sa.Column("address", sa.String(length=1000), nullable=False),
        sa.Column("phone", types.code(40), nullable=True),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("logo", types.code(64), nullable=True),
        sa.Column("cash_rounding", sa.Boolean(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_company_only_one")),
        sa.ForeignKeyConstraint(["logo"], ["logos.sha256"], name=op.f("fk_company_logo")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company")),
    )
    op.create_table(
        "corrections",
        sa.Column("id", types.IdType, autoincrement=True, nullable=False),
        sa.Column("ref", types.RefType(), nullable=False),
        sa.Column("number", types.code(24), nullable=False),
        sa.Column("kind", types.code(20), nullable=False),
        sa.Column("from_place_id", types.IdType, nullable=False),
        sa.Column("to_place_id", types.IdType, nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("confirmed_by", types.IdType, nullable=False),
        sa.Column("confirmed_at", types.UtcType(), nullable=False),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["users.id"], name=op.f("fk_corrections_confirmed_by")
        ),
        sa.ForeignKeyConstraint(
            ["from_place_id"], ["places.id"], name=op.f("fk_corrections_from_place_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_place_id"], ["places.id"], name=op.f("fk_corrections_to_place_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
        sa.UniqueConstraint("number", name=op.f("uq_corrections_number")),
        sa.UniqueConstraint("ref", name=op.f("uq_corrections_ref")),
    )
    op.create_table(
        "customers",
        sa.Column("id", types.IdType, autoincrement=True, nullable=False),
        sa.Column("ref", types.RefType(), nullable=False),
        sa.Column("natural_key", types.code(64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("uen", types.code(40), nullable=True),
        sa.Column("gst_number", types.code(40), nullable=True),
        sa.Column("billing_address", sa.String(length=1000), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("phone", types.code(40), nullable=True),
        sa.Column("terms_days", sa.Integer(), nullable=True),
        sa.Column("buyer_reference", sa.String(length=200), nullable=True),
        sa.Column("price_list_id", types.IdType, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["price_list_id"], ["price_lists.id"], name=op.f("fk_customers_price_list_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
        sa.UniqueConstraint("natural_key", name=op.f("uq_customers_natural_key")),
        sa.UniqueConstraint("ref", name=op.f("uq_customers_ref")),
    )
    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_customers_name"), ["name"], unique=False)

    op.create_table(
        "depots",
        sa.Column("place_id", types.IdType, nullable=False),
        sa.Column("address", sa.String(length=1000), nullable=False),
        sa.Column("phone", types.code(40), nullable=True),
        sa.Column("cash_sale_site_id", types.IdType, nullable=True),
        sa.ForeignKeyConstraint(
            ["cash_sale_site_id"], ["places.id"], name=op.f("fk_depots_cash_sale_site_id")
        ),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_depots_place_id")),
        sa.PrimaryKeyConstraint("place_id", name=op.f("pk_depots")),
    )
    op.create_table(
        "distributions",
        sa.Column("id", types.IdType, autoincrement=True, nullable=False),
        sa.Column("ref", types.RefType(), nullable=False),
        sa.Column("number", types.code(24), nullable=True),
        sa.Column("depot_id", types.IdType, nullable=False),
        sa.Column("truck_id", types.IdType, nullable=False),
        sa.Column("driver_id", types.IdType, nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("remarks", sa.String(length=1000), nullable=False),
        sa.Column("created_by", types.IdType, nullable=False),
        sa.Column("created_at", types.UtcType(), nullable=False),
        sa.Column("confirmed_by", types.IdType, nullable=True),
        sa.Column("confirmed_at", types.UtcType(), nullable=True),
        sa.Column("captured_at", types.UtcType(), nullable=True),
        sa.Column("dropped_at", types.UtcType(), nullable=True),
        sa.Column("reverses_id", types.IdType, nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(number IS NULL) = (confirmed_at IS NULL)", name=op.f("ck_distributions_sealed")
        ),
        sa.CheckConstraint(
            "number IS NULL OR dropped_at IS NULL", name=op.f("ck_distributions_not_dropped")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["users.id"], name=op.f("fk_distributions_confirmed_by")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name=op.f("fk_distributions_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["depot_id"], ["places.id"], name=op.f("fk_distributions_depot_id")
        ),
        sa.ForeignKeyConstraint(
            ["driver_id"], ["users.id"], name=op.f("fk_distributions_driver_id")
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["distributions.id"], name=op.f("fk_distributions_reverses_id")
        ),
        sa.ForeignKeyConstraint(
            ["truck_id"], ["places.id"], name=op.f("fk_distributions_truck_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distributions")),
        sa.UniqueConstraint("number", name=op.f("uq_distributions_number")),
        sa.UniqueConstraint("ref", name=op.f("uq_distributions_ref")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_distributions_reverses_id")),
    )
    with op.batch_alter_table("distributions", schema=None) as batch_op:
        batch_op.create_index("ix_distributions_day", ["planned_on", "id"], unique=False)
        batch_op.create_index(
            "ix_distributions_depot", ["depot_id", "planned_on", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_distributions_driver_id"), ["driver_id"], unique=False)
        batch_op.create_index(
            "ix_distributions_truck", ["truck_id", "planned_on", "id"], unique=False
        )

    op.create_table(
        "meters",
        sa.Column("id", types.IdType, autoincrement=True, nullable=False),
        sa.Column("ref", types.RefType(), nullable=False),
        sa.Column("site_id", types.IdType, nullable=False),
        sa.Column("serial", types.code(40), nullable=False),
        sa.Column("unit", types.code(20), nullable=False),
        sa.Column("digits", sa.Integer(), nullable=False),
        sa.Column("decimals", sa.Integer(), nullable=False),
        sa.Column("opening_reading", types.ExactType(), nullable=False),
        sa.Column("opening_on", sa.Date(), nullable=False),
        sa.Column("last_reading", types.ExactType(), nullable=False),
        sa.Column("last_read_on", sa.Date(), nullable=False),
        sa.Column("estimated", types.ExactType(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("decimals BETWEEN 0 AND 4", name=op.f("ck_meters_decimals")),
        sa.CheckConstraint("digits BETWEEN 3 AND 9", name=op.f("ck_meters_digits")),
        sa.ForeignKeyConstraint(["site_id"], ["places.id"], name=op.f("fk_meters_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meters")),
        sa.UniqueConstraint("ref", name=op.f("uq_meters_ref")),
        sa.UniqueConstraint("serial", name=op.f("uq_meters_serial")),
    )
    with op.batch_alter_table("meters", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meters_site_id"), ["site_id"], unique=False)

    op.create_table(
        "refused_submissions",
        sa.Column("id", types.IdType, autoincrement=True, nullable=False),
        sa.Column("client_temp_id", types.RefType(), nullable=False),
        sa.Column("op", types.code(40), nullable=False),
        sa.Column("actor_id", types.IdType, nullable=False),
        sa.Column("code", types.code(40), nullable=False),
        sa.Column("params", types.LongText, nullable=False),
        sa.Column("content", types.LongText, nullable=False),
        sa.Column("refused_at", types.UtcType(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["users.id"], name=op.f("fk_refused_submissions_actor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_submissions")),
    )
    with op.batch_alter_table("refused_submissions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_refused_submissions_actor_id"), ["actor_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_refused_submissions_client_temp_id"), ["client_temp_id"], unique=False
        )

    op.create_table(
        "services",
        sa.Column("id", types.IdType, autoincrement=True, nullable=False),
        sa.Column("code", types.code(40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", types.code(20), nullable=False),
        sa.Column("equipment_id", types.IdType, nullable=True),
        sa.Column("tax_code", types.code(20), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'deposit') = (equipment_id IS NOT NULL)", name=op.f("ck_services_deposit_size")
        ),
        sa.CheckConstraint("kind IN ('fee', 'deposit')", name=op.f("ck_services_kind")),
        sa.ForeignKeyConstraint(
            ["equipment_id"], ["equipment.id"], name=op.f("fk_services_equipment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_services")),
        sa.UniqueConstraint("code", name=op.f("uq_services_code")),
    )
    op.create_table(
        "site_equipment",
        sa.Column("site_id", types.IdType, nullable=False),
        sa.Column("equipment_id", types.IdType, nullable=False),
        sa.Column("through_meter", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["equipment_id"], ["equipment.id"], name=op.f("fk_site_equipment_equipment_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["places.id"], name=op.f("fk_site_equipment_site_id")),
        sa.PrimaryKeyConstraint("site_id", "equipment_id", name=op.f("pk_site_equipment")),
    )
    op.create_table(
        "stock_levels",
        sa.Column("place_id", types.IdType, nullable=False),
        sa.Column("equipment_id", types.IdType, nullable=False),
        sa.Column("condition", types.code(20), nullable=False),
        sa.Column("place_kind", types.code(20), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            sa.column("condition").in_(["full", "part", "empty", "held"]),
            name=op.f("ck_stock_levels_condition"),
        ),
        sa.CheckConstraint(
            "place_kind = 'outside' OR quantity >= 0", name=op.f("ck_stock_levels_not_below_zero")
        ),
        sa.CheckConstraint(
            "place_kind IN ('depot', 'truck', 'site', 'outside')",
            name=op.f("ck_stock_levels_place_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["equipment_id"], ["equipment.id"], name=op.f("fk_stock_levels_equipment_id")
        ),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_stock_levels_place_id")),
        sa.PrimaryKeyConstraint(
            "place_id", "equipment_id", "condition", name=op.f("pk_stock_levels")
        ),
    )
    op.create_table(
        "stock_moves",
        sa.Column("id", types.IdType, autoincrement=True, nullable=False),
        sa.Column("kind", types.code(20), nullable=False),
        sa.Column("equipment_id", types.IdType, nullable=False),
        sa.Column("from_place_id", types.IdType, nullable=False),
        sa.Column("from_condition", types.code(20), nullable=False),
        sa.Column("to_place_id", types.IdType, nullable=False),
        sa.Column("to_condition", types.code(20), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("source_type", types.code(20), nullable=False),
        sa.Column("source_id", types.IdType, nullable=False),
        sa.Column("moved_at", types.UtcType(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('load', 'unload', 'delivery', 'collection', 'return', 'transfer', 'dump', 'write_off', 'adjustment')",
            name=op.f("ck_stock_moves_kind"),
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_stock_moves_quantity")),
        sa.ForeignKeyConstraint(
            ["equipment_id"], ["equipment.id"], name=op.f("fk_stock_moves_equipment_id")
        ),
        sa.ForeignKeyConstraint(
            ["from_place_id"], ["places.id"], name=op.f("fk_stock_moves_from_place_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_place_id"], ["places.id"], name=op.f("fk_stock_moves_to_place_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_moves")),
    )
    with op.batch_alter_table("stock_moves", schema=None) as batch_op:
        batch_op.create_index(
            "ix_stock_moves_from", ["from_place_id", "equipment_id", "id"], unique=False
        )
        batch_op.create_index("ix_stock_moves_source", ["source_type", "source_id"], unique=False)
        batch_op.create_index(
            "ix_stock_moves_to", ["to_place_id", "equipment_id", "id"], unique=False
        )

    op.create_table(
        "submissions",
        sa.Column("client_temp_id", types.RefType(), nullable=False),
        sa.Column("op", types.code(40), nullable=False),
        sa.Column("content_hash", types.code(64), nullable=False),
        sa.Column("actor_id", types.IdType, nullable=False),
        sa.Column("device", types.code(40), nullable=True),
        sa.Column("captured_at", types.UtcType(), nullable=True),
        sa.Column("applied_at", types.UtcType(), nullable=False),
        sa.Column("outcome", types.LongText, nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_submissions_actor_id")),
        sa.PrimaryKeyConstraint("client_temp_id", name=op.f("pk_submissions")),
    )
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submissions_actor_id"), ["actor_id"], unique=False)

    op.create_table(
        "user_depots",
        sa.Column("user_id", types.IdType, nullable=False),
        sa.Column("depot_id", types.IdType, nullable=False),
        sa.ForeignKeyConstraint(["depot_id"], ["places.id"], name=op.f("fk_user_depots_depot_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_depots_user_id")),
        sa.PrimaryKeyConstraint("user_id", "depot_id", name=op.f("pk_user_depots")),
    )
    op.create_table(
        "user_roles",
        sa.Column("user_id", types.IdType, nullable=False),
        sa.Column("role", types.code(20), nullable=False),
        sa.CheckConstraint(
            "role IN ('driver', 'supervisor', 'admin', 'accountant')",
            name=op.f("ck_user_roles_role"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_roles_user_id")),
        sa.PrimaryKeyConstraint("user_id", "role", name=op.f("pk_user_roles")),
    )
    op.create_table(
        "user_sessions",
        sa.Column("token_hash", types.code(64), nullable=False),
        sa.Column("user_id", types.IdType, nullable=False),
        sa.Column("created_at", types.UtcType(), nullable=False),
        sa.Column("expires_at", types.UtcType(), nullable=False),
        sa.Column("revoked_at", types.UtcType(), nullable=True),
        sa.Column("agent", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_sessions_user_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_user_sessions")),
    )
    with op.batch_alter_table("user_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_sessions_user_id"), ["user_id"], unique=False)

    op.create_table(
        "vehicles",
        sa.Column("place_id", types.IdType, nullable=False),
        sa.Column("plate", types.code(40), nullable=False),
        sa.Column("home_depot_id", types.IdType, nullable=False),
        sa.Column("licence_expires_on", sa.Date(), nullable=True),
        sa.Column("max_gross_kg", types.ExactType(), nullable=True),
        sa.ForeignKeyConstraint(
            ["home_depot_id"], ["places.id"], name=op.f("fk_vehicles_home_depot_id")
        ),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_vehicles_place_id")),
        sa.PrimaryKeyConstraint("place_id", name=op.f("pk_vehicles")),
        sa.UniqueConstraint("plate", name=op.f("uq_vehicles_plate")),
    )
    with op.batch_alter_table("vehicles", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_vehicles_home_depot_id"), ["home_depot_id"], unique=False
        )

    op.create_table(
        "deposit_balances",
        sa.Column("site_id", types.IdType, nullable=False),
        sa.Column("service_id", types.IdType, nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_deposit_balances_quantity")),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_deposit_balances_service_id")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["places.id"], name=op.f("fk_deposit_balances_site_id")
        ),
        sa.PrimaryKeyConstraint("site_id", "service_id", name=op.f("pk_deposit_balances")),
    )
    op.create_table(
        "distribution_lines",
        sa.Column("id", types.IdType, autoincrement=True, nullable=False),
        sa.Column("distribution_id", types.IdType, nullable=False),
        sa.Column("direction", types.code(20), nullable=False),
        sa.Column("equipment_id", types.IdType, nullable=False),
        sa.Column("condition", types.code(20), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            sa.column("condition").in_(["full", "part", "empty", "held"]),
            name=op.f("ck_distribution_lines_condition"),
        ),
        sa.CheckConstraint(
            "direction IN ('out', 'in')", name=op.f("ck_distribution_lines_direction")
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_distribution_lines_quantity")),
        sa.ForeignKeyConstraint(
            ["distribution_id"],
            ["distributions.id"],
            name=op.f("fk_distribution_lines_distribution_id"),
        ),
        sa.ForeignKeyConstraint(
            ["equipment_id"], ["equipment.id"], name=op.f("fk_distribution_lines_equipment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distribution_lines")),
        sa.UniqueConstraint(
            "distribution_id",
            "equipment_id",
            "direction",
            "condition",
            name="uq_distribution_lines_key",
        ),
    )
    op.create_table(
        "sites",
        sa.Column("place_id", types.IdType, nullable=False),
        sa.Column("customer_id", types.IdType, nullable=False),
        sa.Column("street", sa.String(length=200), nullable=False),
        sa.Column("unit", types.code(40), nullable=True),
        sa.Column("building", sa.String(length=200), nullable=True),
        sa.Column("postal_code", types.code(20), nullable=True),
        sa.Column("latitude", types.code(24), nullable=True),
        sa.Column("longitude", types.code(24), nullable=True),
        sa.Column("contact", sa.String(length=200), nullable=True),
        sa.Column("phone", types.code(40), nullable=True),
        sa.Column("kg_limit", types.ExactType(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_sites_customer_id")
        ),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_sites_place_id")),
        sa.PrimaryKeyConstraint("place_id", name=op.f("pk_sites")),
    )
    with op.batch_alter_table("sites", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sites_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sites_postal_code"), ["postal_code"], unique=False)

    op.create_table(
        "transactions",
        sa.Column("id", types.IdType, autoincrement=True, nullable=False),
        sa.Column("ref", types.RefType(), nullable=False),
        sa.Column("customer_id", types.IdType, nullable=False),
        sa.Column("site_id", types.IdType, nullable=False),
        sa.Column("source_id", types.IdType, nullable=False),
        sa.Column("depot_id", types.IdType, nullable=False),
        sa.Column("seller_id", types.IdType, nullable=False),
        sa.Column("confirmed_at", types.UtcType(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=False),
        sa.Column("captured_at", types.UtcType(), nullable=True),
        sa.Column("supply_on", sa.Date(), nullable=False),
        sa.Column("payment_method", types.code(20), nullable=False),
        sa.Column("purchase_order", sa.String(length=200), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=True),
        sa.Column("tax_inclusive", sa.Boolean(), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("tax", sa.BigInteger(), nullable=False),
        sa.Column("deposits", sa.BigInteger(), nullable=False),
        sa.Column("rounding", sa.BigInteger(), nullable=False),
        sa.Column("payable", sa.BigInteger(), nullable=False),
        sa.Column("claimed", sa.BigInteger(), nullable=True),
        sa.Column("voids_id", types.IdType, nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=True),
        sa.CheckConstraint(
            "payment_method IN ('cash', 'paynow', 'card', 'cheque', 'transfer', 'on_account')",
            name=op.f("ck_transactions_payment_method"),
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_transactions_customer_id")
        ),
        sa.ForeignKeyConstraint(["depot_id"], ["places.id"], name=op.f("fk_transactions_depot_id")),
        sa.ForeignKeyConstraint(
            ["seller_id"], ["users.id"], name=op.f("fk_transactions_seller_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["places.id"], name=op.f("fk_transactions_site_id")),
        sa.ForeignKeyConstraint(
            ["source_id"], ["places.id"], name=op.f("fk_transactions_source_id")
        ),
        sa.ForeignKeyConstraint(
            ["voids_id"], ["transactions.id"], name=op.f("fk_transactions_voids_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transactions")),
        sa.UniqueConstraint("ref", name=op.f("uq_transactions_ref")),
        sa.UniqueConstraint("voids_id", name=op.f("uq_transactions_voids_id")),
    )
    with op.batch_alter_table("transactions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_transactions_customer_id"), ["customer_id"], unique=False
        )
        batch_op.create_index("ix_transactions_day", ["confirmed_on", "id"], unique=False)
        batch_op.create_index(
            "ix_transactions_depot", ["depot_id", "confirmed_on", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_transactions_seller_id"), ["seller_id"], unique=False)
        batch_op.create_index(
            "ix_transactions_site", ["site_id", "confirmed_on", "id"], unique=False
        )
        batch_op.create_index(
            "ix_transactions_source", ["source_id", "confirmed_on", "id"], unique=False
        )

    op.create_table(
        "discrepancies",
        sa.Column("id", types.IdType, autoincrement=True, nullable=False),
        sa.Column("transaction_id", types.IdType, nullable=False),
        sa.Column("site_id", types.IdType, nullable=False),
        sa.Column("equipment_id", types.IdType, nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("created_at", types.UtcType(), nullable=False),
        sa.ForeignKeyConstraint(
            ["equipment_id"], ["equipment.id"], name=op.f("fk_discrepancies_equipment_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["places.id"], name=op.f("fk_discrepancies_site_id")),
        sa.ForeignKeyConstraint(
            ["transaction_id"], ["transactions.id"], name=op.f("fk_discrepancies_transaction_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discrepancies")),
    )
    with op.batch_alter_table("discrepancies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_discrepancies_site_id"), ["site_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_discrepancies_transaction_id"), ["transaction_id"], unique=False
        )

    op.create_table(
        "documents",
        sa.Column("id", types.IdType, autoincrement=True, nullable=False),
        sa.Column("transaction_id", types.IdType, nullable=False),
        sa.Column("transaction_number", types.code(24), nullable=False),
        sa.Column("kind", types.code(20), nullable=False),
        sa.Column("number", types.code(24), nullable=False),
        sa.Column("customer_id", types.IdType, nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("content", types.LongText, nullable=False),
        sa.Column("content_hash", types.code(64), nullable=False),
        sa.Column("layout", sa.Integer(), nullable=False),
        sa.Column("anchor_sequence", sa.Integer(), nullable=False),
        sa.Column("anchor_hash", types.code(64), nullable=False),
        sa.CheckConstraint("kind IN ('invoice', 'credit_note')", name=op.f("ck_documents_kind")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_documents_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["transaction_id"], ["transactions.id"], name=op.f("fk_documents_transaction_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("number", name=op.f("uq_documents_number")),
        sa.UniqueConstraint("transaction_id", name=op.f("uq_documents_transaction_id")),
        sa.UniqueConstraint("transaction_number", name=op.f("uq_documents_transaction_number")),
    )
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.create_index(
            "ix_documents_customer", ["customer_id", "issued_on", "id"], unique=False
        )
        batch_op.create_index("ix_documents_day", ["issued_on", "id"], unique=False)

    op.create_table(
        "meter_readings",
        sa.Column("id", types.IdType, autoincrement=True, nullable=False),
        sa.Column("meter_id", types.IdType, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("transaction_id", types.IdType, nullable=False),
        sa.Column("kind", types.code(20), nullable=False),
        sa.Column("read_on", sa.Date(), nullable=False),
        sa.Column("previous", types.ExactType(), nullable=False),
        sa.Column("previous_on", sa.Date(), nullable=False),
        sa.Column("previous_estimated", types.ExactType(), nullable=False),
        sa.Column("current", types.ExactType(), nullable=False),
        sa.Column("final", types.ExactType(), nullable=True),
        sa.Column("first", types.ExactType(), nullable=True),
        sa.Column("billed", types.ExactType(), nullable=False),
        sa.Column("reverses_id", types.IdType, nullable=True),
        sa.CheckConstraint(
            "kind IN ('normal', 'estimated', 'rollover', 'change')",
            name=op.f("ck_meter_readings_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["meter_id"], ["meters.id"], name=op.f("fk_meter_readings_meter_id")
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["meter_readings.id"], name=op.f("fk_meter_readings_reverses_id")
        ),
        sa.ForeignKeyConstraint(
            ["transaction_id"], ["transactions.id"], name=op.f("fk_meter_readings_transaction_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meter_readings")),
        sa.UniqueConstraint("meter_id", "version", name=op.f("uq_meter_readings_meter_id_version")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_meter_readings_reverses_id")),
    )
    with op.batch_alter_table("meter_readings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_meter_readings_transaction_id"), ["transaction_id"], unique=False
        )

    op.create_table(
        "payments",
        sa.Column("id", types.IdType, autoincrement=True, nullable=False),
        sa.Column("transaction_id", types.IdType, nullable=False),
        sa.Column("method", types.code(20), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("received_at", types.UtcType(), nullable=False),
        sa.CheckConstraint(
            "method IN ('cash', 'paynow', 'card', 'cheque', 'transfer', 'on_account')",
            name=op.f("ck_payments_method"),
        ),
        sa.ForeignKeyConstraint(
            ["transaction_id"], ["transactions.id"], name=op.f("fk_payments_transaction_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
    )
    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_payments_transaction_id"), ["transaction_id"], unique=False
        )

    op.create_table(
        "receipt_prints",
        sa.Column("id", types.IdType, autoincrement=True, nullable=False),
        sa.Column("transaction_id", types.IdType, nullable=False),
        sa.Column("copy", sa.Integer(), nullable=False),
        sa.Column("printed_by", types.IdType, nullable=False),
        sa.Column("printed_at", types.UtcType(), nullable=False),
        sa.ForeignKeyConstraint(
            ["printed_by"], ["users.id"], name=op.f("fk_receipt_prints_printed_by")
        ),
        sa.ForeignKeyConstraint(
            ["transaction_id"], ["transactions.id"], name=op.f("fk_receipt_prints_transaction_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_prints")),
        sa.UniqueConstraint(
            "transaction_id", "copy", name=op.f("uq_receipt_prints_transaction_id_copy")
        ),
    )
    op.create_table(
        "transaction_lines",
        sa.Column("id", types.IdType, autoincrement=True, nullable=False),
        sa.Column("transaction_id", types.IdType, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", types.code(20), nullable=False),
        sa.Column("equipment_id", types.IdType, nullable=True),
        sa.Column("service_id", types.IdType, nullable=True),
        sa.Column("meter_id", types.IdType, nullable=True),
        sa.Column("quantity", types.ExactType(), nullable=False),
        sa.Column("unit_price", types.ExactType(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("tax_code", types.code(20), nullable=False),
        sa.Column("tax_rate", types.ExactType(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('usage', 'delivery', 'collection', 'return_full', 'return_part', 'accessory', 'service', 'deposit', 'deposit_refund')",
            name=op.f("ck_transaction_lines_kind"),
        ),
        sa.CheckConstraint(
            "tax_code IN ('SR', 'ZR', 'OS')", name=op.f("ck_transaction_lines_tax_code")
        ),
        sa.ForeignKeyConstraint(
            ["equipment_id"], ["equipment.id"], name=op.f("fk_transaction_lines_equipment_id")
        ),
        sa.ForeignKeyConstraint(
            ["meter_id"], ["meters.id"], name=op.f("fk_transaction_lines_meter_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_transaction_lines_service_id")
        ),
        sa.ForeignKeyConstraint(
            ["transaction_id"],
            ["transactions.id"],
            name=op.f("fk_transaction_lines_transaction_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transaction_lines")),
        sa.UniqueConstraint(
            "transaction_id", "position", name=op.f("uq_transaction_lines_transaction_id_position")
        ),
    )
    with op.batch_alter_table("transaction_lines", schema=None) as batch_op:
        batch_op.create_index(
            "ix_transaction_lines_equipment", ["equipment_id", "transaction_id"], unique=False
        )

    op.create_table(
        "stored_pdfs",
        sa.Column("document_id", types.IdType, nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("sha256", types.code(64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("stored_at", types.UtcType(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_stored_pdfs_document_id")
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_stored_pdfs")),
    )
    head = sa.table("audit_head", sa.column("id"), sa.column("sequence"), sa.column("hash"))
    op.execute(head.insert().values(id=1, sequence=0, hash="0" * 64))
    op.bulk_insert(
        sa.table(
            "places",
            *(sa.column(name) for name in ("ref", "kind", "code", "name", "active", "version")),
        ),
        [
            {
                "ref": str(uuid5(NAMESPACE_OID, f"hsh outside {code}")),
                "kind": "outside",
                "code": code,
                "name": code.capitalize(),
                "active": True,
                "version": 1,
            }
            for code in OUTSIDE
        ],
    )
    for statement in guards.create_triggers(op.get_bind().dialect.name, GUARDED):
        op.execute(statement)


def downgrade() -> None:
    for statement in guards.drop_triggers(GUARDED):
        op.execute(statement)
    op.drop_table("stored_pdfs")
    op.drop_table("transaction_lines")
    op.drop_table("receipt_prints")
    op.drop_table("payments")
    op.drop_table("meter_readings")
    op.drop_table("documents")
    op.drop_table("discrepancies")
    op.drop_table("transactions")
    op.drop_table("sites")
    op.drop_table("distribution_lines")
    op.drop_table("deposit_balances")
    op.drop_table("vehicles")
    op.drop_table("user_sessions")
    op.drop_table("user_roles")
    op.drop_table("user_depots")
    op.drop_table("submissions")
    op.drop_table("stock_moves")
    op.drop_table("stock_levels")
    op.drop_table("site_equipment")
    op.drop_table("services")
    op.drop_table("refused_submissions")
    op.drop_table("meters")
    op.drop_table("distributions")
    op.drop_table("depots")
    op.drop_table("customers")
    op.drop_table("corrections")
    op.drop_table("company")
    op.drop_table("audit_entries")
    op.drop_table("assignments")
    op.drop_table("users")
    op.drop_table("tax_rates")
    op.drop_table("rates")
    op.drop_table("price_lists")
    op.drop_table("places")
    op.drop_table("outbox")
    op.drop_table("logos")
    op.drop_table("login_failures")
    op.drop_table("equipment")
    op.drop_table("counters")
    op.drop_table("audit_head")
