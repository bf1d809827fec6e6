"""The laws of the books: stock, numbers, audit, submissions, and the database's own guards."""

from __future__ import annotations

from hsh.queries.books import (
    approval_laws,
    audit_laws,
    guard_laws,
    number_laws,
    settlement_laws,
    stock_laws,
    submission_laws,
)

LAWS = (
    *stock_laws.LAWS,
    *number_laws.LAWS,
    *audit_laws.LAWS,
    *submission_laws.LAWS,
    *settlement_laws.LAWS,
    *approval_laws.LAWS,
    *guard_laws.LAWS,
)
