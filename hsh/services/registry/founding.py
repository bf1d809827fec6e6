"""The first run: an empty database becomes a company with an admin, by a link from the server.

The link is signed with the server's secret, so only who can read that makes one; it is good until
somebody can log in, and then never again.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import select

from hsh.core.refusals import Invalid
from hsh.core.words import TaxCode
from hsh.db import atomic, db
from hsh.models.people import User
from hsh.models.registry import Company, TaxRate
from hsh.services.registry import checks, passwords, rates, users
from hsh.services.registry.company import CompanyDetails, Letterhead, set_company
from hsh.services.registry.invitations import LinkOver
from hsh.services.registry.users import NewUser

LIFETIME = timedelta(days=3)
_SALT = "first run"


def link(secret: str) -> str:
    """Return the secret part of a link by which a company is set up on this server."""
    return URLSafeTimedSerializer(secret, salt=_SALT).dumps("set up")


def check_link(token: str, secret: str) -> None:
    """Return when the link is good.

    Raises:
        LinkOver: it is not ours, is too old, or somebody can log in already.

    """
    try:
        URLSafeTimedSerializer(secret, salt=_SALT).loads(
            token, max_age=int(LIFETIME.total_seconds())
        )
    except BadData:
        raise LinkOver from None
    _require_nobody()


def nobody_is_there() -> bool:
    """Tell whether nobody can log in: the server was never set up."""
    return db.session.scalar(select(User.id).limit(1)) is None


@atomic
def found_company(letterhead: Letterhead) -> None:
    """Put up the company's letterhead, or change it before there is an admin.

    Raises:
        LinkOver: somebody can log in already.
        Invalid: a value will not do.

    """
    _require_nobody()
    kept = db.session.scalar(select(Company.gst_number))
    told = asdict(letterhead) | {"gst_number": kept}
    set_company(CompanyDetails(**told, logo=None, is_demo=False), by=None)


@atomic
def settle_tax(gst_number: str | None, rate: Decimal, starts_on: date) -> None:
    """Say whether the company charges GST, and at which rate; a rate that was said stays.

    Raises:
        LinkOver: somebody can log in already.
        Invalid: there is no company yet, or a value will not do.

    """
    _require_nobody()
    row = db.session.scalar(select(Company).with_for_update())
    if row is None:
        raise Invalid(reason="company_first")
    letterhead = {name: getattr(row, name) for name in Letterhead.__dataclass_fields__}
    told = letterhead | {"gst_number": gst_number}
    set_company(CompanyDetails(**told, logo=None, is_demo=False), by=None)
    if db.session.scalar(select(TaxRate.id).limit(1)) is None:
        zero = Decimal(0)
        for code, share in (
            (TaxCode.STANDARD, checks.amount(rate, field="rate")),
            (TaxCode.ZERO, zero),
            (TaxCode.OUT_OF_SCOPE, zero),
        ):
            new = rates.NewTaxRate(code=code, starts_on=starts_on, rate=share)
            rates.set_tax_rate(new, by=None)


def add_first_admin(new: NewUser, *, demo: bool) -> UUID:
    """Add the first person, who adds all others; return their ref.

    Raises:
        LinkOver: somebody can log in already.
        Invalid: name or password will not do, or a step before was left out.

    """
    username = users.known_as(new.username)
    users.check(new.name, new.roles)
    hashed = passwords.hash_of(new.password, username=username, demo=demo)
    return _add_first(new, username, hashed)


@atomic
def _add_first(new: NewUser, username: str, hashed: str) -> UUID:
    """Insert the first person; who comes at the same moment waits for the company's row."""
    company = db.session.scalar(select(Company.id).with_for_update())
    if company is None or db.session.scalar(select(TaxRate.id).limit(1)) is None:
        raise Invalid(reason="company_first")
    _require_nobody()
    return users.insert_user(new, username, hashed, None)


def _require_nobody() -> None:
    if not nobody_is_there():
        raise LinkOver
