"""The company's own letterhead."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from hsh.core.command import Actor
from hsh.db import atomic, db, insert_or_ignore
from hsh.models.registry import Company, Logo
from hsh.services.books import audit
from hsh.services.registry import checks, records

_ONLY = 1


@dataclass(frozen=True, kw_only=True)
class CompanyDetails:
    """What stands at the head of every document."""

    name: str
    uen: str
    gst_number: str | None
    """None: not registered, so no GST is charged."""
    address: str
    """Lines separated by newlines."""
    phone: str | None
    email: str | None
    logo: bytes | None
    """SVG or PNG."""
    cash_rounding: bool
    is_demo: bool


@atomic
def set_company(details: CompanyDetails, *, by: Actor | None) -> None:
    """Put up the company's details, or change them; old documents keep what they froze."""
    logo = _keep_logo(details.logo)
    row = db.session.get(Company, _ONLY, with_for_update=True)
    before = records.picture(row) if row else None
    if row is None:
        row = Company(id=_ONLY, version=0)
        db.session.add(row)
    _fill(row, details, logo)
    row.version += 1
    db.session.flush()
    audit.record(
        "company.set",
        by,
        record_type=Company.__tablename__,
        ref=records.ref_of(Company.__tablename__),
        before=before,
        after=records.picture(row),
    )


def _fill(row: Company, details: CompanyDetails, logo: str | None) -> None:
    row.name = checks.name(details.name)
    row.uen = checks.code(details.uen, field="uen")
    row.gst_number = details.gst_number and checks.code(details.gst_number, field="gst_number")
    row.address = checks.lines(details.address, field="address")
    row.phone = checks.optional(details.phone, field="phone", most=checks.CODE_LENGTH)
    row.email = checks.email(details.email)
    row.logo = logo
    row.cash_rounding = details.cash_rounding
    row.is_demo = details.is_demo


def _keep_logo(image: bytes | None) -> str | None:
    if image is None:
        return None
    name = sha256(image).hexdigest()
    db.session.execute(insert_or_ignore(Logo), {"sha256": name, "image": image})
    return name
