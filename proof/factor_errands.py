"""Errands about the second factor: one's own, somebody's, and at the door."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import select

from hsh.blueprints.registry.factor import ProofForm, SetUpForm
from hsh.blueprints.registry.sessions import CodeForm
from hsh.core import clock, onetime
from hsh.core.roles import Role
from hsh.db import db
from hsh.models.people import User
from hsh.queries.registry import people
from hsh.services.registry import factors, sessions
from hsh.services.registry.factors import Owner
from proof import staff
from proof.errand import Aim, get, post, submission
from proof.staff import PASSWORD

if TYPE_CHECKING:
    from proof.errands import Desk


def forget(desk: Desk, person: str) -> None:
    """Let ``person`` sign in with the password alone."""
    owner = _owner(desk, person)
    if owner and people.has_factor(owner.actor):
        factors.reset(None, owner.ref)


def _owner(desk: Desk, person: str) -> Owner | None:
    row = db.session.get(User, desk.cast.login(person).id)
    return _owner_of(desk, row) if row else None


def _owner_of(desk: Desk, row: User) -> Owner:
    key = desk.books.app.config["SECRET_KEY"]
    return Owner(actor=people.actor(row.id), ref=row.ref, key=key)


def _new(desk: Desk, person: str) -> Aim:
    """Set up an app for ``person``, who has none."""
    forget(desk, person)
    salt, owner = factors.new_salt(), _owner(desk, person)
    code = onetime.code(owner.secret(salt), clock.now()) if owner else "000000"
    return Aim(form={"salt": salt, "code": code})


def _proven(desk: Desk, person: str) -> Aim:
    """Have an app, and give the password and a recovery code."""
    forget(desk, person)
    owner = _owner(desk, person)
    code = _switched_on(owner)[0] if owner else "000000"
    return Aim(form={"password": desk.old_password(person), "code": code})


def _switched_on(owner: Owner) -> list[str]:
    salt = factors.new_salt()
    return factors.switch_on(owner, salt, onetime.code(owner.secret(salt), clock.now()))


def _somebody(desk: Desk) -> tuple[Owner, list[str]]:
    """Add a person who has a second factor."""
    ref = staff.add(f"f-{uuid4().hex}", "F", Role.DRIVER)
    owner = _owner_of(desk, db.session.scalars(select(User).where(User.ref == ref)).one())
    return owner, _switched_on(owner)


def _lost(desk: Desk, _person: str) -> Aim:
    owner, _codes = _somebody(desk)
    return Aim(args={"ref": owner.ref})


def _half_way(desk: Desk, _person: str) -> Aim:
    """Come half way in as somebody, with the code at hand."""
    owner, codes = _somebody(desk)
    tried = sessions.SignIn(
        username=owner.actor.username, password=PASSWORD, address="", device=None, agent=""
    )
    step = sessions.sign_in(tried, key=owner.key, production=False)
    return Aim(form={"step": step.token, "code": codes[0], "next": "/stock"})


def _rules(_desk: Desk, _person: str) -> Aim:
    """Ask for no second factor: who is told to set one up could run no other errand."""
    kept = people.login_rules()
    return Aim(form=submission(version=kept.version if kept else 0))


ALL = (
    get("account.factor"),
    post("account.renew_codes", _proven, form=ProofForm),
    post("account.switch_off_factor", _proven, form=ProofForm),
    post("account.switch_on_factor", _new, form=SetUpForm),
    post("people.reset_factor", _lost, "ref"),
    get("registry.login_rules.show"),
    post("registry.login_rules.edit", _rules, form="login_rules.set"),
    post("sessions.finish", _half_way, form=CodeForm),
)
