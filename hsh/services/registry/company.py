"""The company's own letterhead."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import ClassVar, override

from hsh.core.command import Command, Outcome
from hsh.core.refusals import NotFound, StaleVersion
from hsh.core.roles import require
from hsh.db import atomic, db, insert_or_ignore
from hsh.models.registry import Company, Logo
from hsh.services.books import audit
from hsh.services.books.audit import By
from hsh.services.books.submissions import once
from hsh.services.registry import checks, records

_ONLY = 1


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """What stands at the head of every document, in words."""

    name: str
    uen: str
    gst_number: str | None
    """None: not registered, so no GST is charged."""
    address: str
    """Lines separated by newlines."""
    phone: str | None
    email: str | None
    cash_rounding: bool


@dataclass(frozen=True, kw_only=True)
class CompanyDetails(Letterhead):
    """What stands at the head of every document."""

    logo: bytes | None
    """SVG or PNG."""
    is_demo: bool


@dataclass(frozen=True, kw_only=True)
class SetCompany(Command):
    """What the letterhead is to be, as an admin saw it at ``version``."""

    op: ClassVar[str] = "company.set"
    version: int
    wanted: Letterhead
    logo: bytes | None
    """Another picture, PNG; None leaves it to ``has_logo``."""
    has_logo: bool
    """Whether there is to be one at all."""

    @override
    def content(self) -> dict[str, object]:
        """Return what was asked for, the picture by its hash."""
        return super().content() | {"logo": self.logo and _hash(self.logo)}


@atomic
@once
def change_company(command: SetCompany) -> Outcome:
    """Change the letterhead; old documents keep what they froze.

    Raises:
        NotFound: there is no company yet.
        StaleVersion: someone changed it meanwhile.
        Invalid: a value will not do.

    """
    require(command.actor.roles, command.op)
    row = db.session.get(Company, _ONLY, with_for_update=True)
    if row is None:
        raise NotFound(what="company")
    if row.version != command.version:
        raise StaleVersion(what="company")
    before = records.picture(row)
    logo = _keep_logo(command.logo) or row.logo
    _fill(row, command.wanted)
    row.logo = logo if command.has_logo else None
    row.version += 1
    ref = records.ref_of(Company.__tablename__)
    records.changed(row, command.op, command, ref=ref, before=before)
    return Outcome(record=Company.__tablename__, ref=ref)


@atomic
def set_company(details: CompanyDetails, *, by: By) -> None:
    """Put up the company's details, or change them; old documents keep what they froze."""
    logo = _keep_logo(details.logo)
    row = db.session.get(Company, _ONLY, with_for_update=True)
    before = records.picture(row) if row else None
    if row is None:
        row = Company(id=_ONLY, version=0)
        db.session.add(row)
    _fill(row, details)
    row.logo, row.is_demo = logo, details.is_demo
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


def _fill(row: Company, details: Letterhead) -> None:
    row.name = checks.name(details.name)
    row.uen = checks.code(details.uen, field="uen")
    row.gst_number = details.gst_number and checks.code(details.gst_number, field="gst_number")
    row.address = checks.lines(details.address, field="address")
    row.phone = checks.plain(details.phone, field="phone")
    row.email = checks.email(details.email)
    row.cash_rounding = details.cash_rounding


def _keep_logo(image: bytes | None) -> str | None:
    if image is None:
        return None
    name = _hash(image)
    db.session.execute(insert_or_ignore(Logo), {"sha256": name, "image": image})
    return name


def _hash(image: bytes) -> str:
    return sha256(image).hexdigest()
