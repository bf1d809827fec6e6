"""The tables of facts, and the triggers by which the database itself refuses to rewrite them.

Law 7 asks it of moves and audit; every other table that only ever grows is guarded the same.
"""

from __future__ import annotations

FACTS = (
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
    "settlements",
    "flags",
    "flag_reviews",
    "approval_requests",
    "approvals",
)

_EVENTS = ("UPDATE", "DELETE")


def trigger_names(tables: tuple[str, ...] = FACTS) -> set[str]:
    """Return the names of the triggers that must exist."""
    return {_name(table, event) for table in tables for event in _EVENTS}


def create_triggers(dialect: str, tables: tuple[str, ...] = FACTS) -> list[str]:
    """Return the statements that guard ``tables`` on ``dialect`` (sqlite, mysql, mariadb)."""
    refuse = _SQLITE if dialect == "sqlite" else _MYSQL
    return [
        refuse.format(name=_name(table, event), table=table, event=event)
        for table in tables
        for event in _EVENTS
    ]


def drop_triggers(tables: tuple[str, ...] = FACTS) -> list[str]:
    """Return the statements that take the guards away, for a migration that rebuilds a table."""
    return [f"DROP TRIGGER {_name(table, event)}" for table in tables for event in _EVENTS]


_SQLITE = (
    "CREATE TRIGGER {name} BEFORE {event} ON {table} "
    "BEGIN SELECT RAISE(ABORT, '{table} holds facts: add, never change'); END"
)
_MYSQL = (
    "CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW "
    "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '{table} holds facts: add, never change'"
)


def _name(table: str, event: str) -> str:
    return f"{table}_no_{event.lower()}"
