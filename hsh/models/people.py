"""People: who signs in, in which roles, and by what."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from hsh.core.roles import Role
from hsh.db import Base
from hsh.models.types import (
    Code,
    Count,
    Hash,
    Id,
    IdType,
    Instant,
    Name,
    OnlyRow,
    UniqueRef,
    Word,
    one_of,
)


class User(Base):
    """A person who signs in."""

    __tablename__ = "users"
    id: Mapped[Id]
    ref: Mapped[UniqueRef]
    username: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    password_hash: Mapped[Name]
    """Empty until an invited person has chosen one."""
    active: Mapped[bool]
    locale: Mapped[Word]
    created_at: Mapped[Instant]
    version: Mapped[Count]


class UserRole(Base):
    """A role that a person holds; one may hold several."""

    __tablename__ = "user_roles"
    __table_args__ = (one_of("role", Role),)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    role: Mapped[Word] = mapped_column(primary_key=True)


class UserDepot(Base):
    """A depot that a supervisor oversees."""

    __tablename__ = "user_depots"
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    depot_id: Mapped[int] = mapped_column(ForeignKey("places.id"), primary_key=True)


class Invitation(Base):
    """A link by which a person chooses a password, once; it goes when it is used."""

    __tablename__ = "invitations"
    token_hash: Mapped[Hash] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), unique=True)
    """A new link takes the place of the old one."""
    expires_at: Mapped[Instant]


class UserSession(Base):
    """A signed-in browser; revoked at once by setting ``revoked_at``."""

    __tablename__ = "user_sessions"
    token_hash: Mapped[Hash] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    revoked_at: Mapped[Instant | None]
    agent: Mapped[Name]
    device: Mapped[Code | None]
    """The tablet that it was last used from, as that names itself."""


class SecondFactor(Base):
    """A person is asked for a code from their phone when they sign in."""

    __tablename__ = "second_factors"
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id"), primary_key=True, autoincrement=False
    )
    salt: Mapped[Code]
    """With the server's own secret it makes the app's; by itself it opens nothing."""
    last_step: Mapped[int] = mapped_column(BigInteger())
    """Of the last code that was used: none up to it is good any more."""
    since: Mapped[Instant]


class RecoveryCode(Base):
    """Stands in for a lost phone, once; it goes when it is used."""

    __tablename__ = "recovery_codes"
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id"), primary_key=True, autoincrement=False
    )
    code_hash: Mapped[Hash] = mapped_column(primary_key=True)


class LoginRules(Base):
    """What signing in asks of everybody."""

    __tablename__ = "login_rules"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)
    id: Mapped[OnlyRow]
    second_factor: Mapped[bool]
    """Whether admins and supervisors must use one."""
    version: Mapped[Count]


class LoginFailure(Base):
    """How often signing in failed for a key (a hash of name and address) in a window of time."""

    __tablename__ = "login_failures"
    key: Mapped[Hash] = mapped_column(primary_key=True)
    window: Mapped[int] = mapped_column(IdType, primary_key=True, autoincrement=False)
    """Whole windows since 1970; its length is the throttle's business."""
    failures: Mapped[Count]
