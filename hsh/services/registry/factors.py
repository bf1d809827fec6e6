"""The second factor: a code from the person's phone, asked for after their password.

No code, secret or recovery code ever goes into the audit log. The database keeps a salt, from
which only the server's own secret makes the app's, and hashes of the recovery codes.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select

from hsh.core import clock, onetime
from hsh.core.canonical import digest
from hsh.core.command import Actor
from hsh.core.refusals import Invalid, NotFound, Refusal
from hsh.core.roles import require
from hsh.db import append, append_all, atomic, db, rows_changed
from hsh.models.people import RecoveryCode, SecondFactor, User
from hsh.queries.registry import people
from hsh.services.books import audit
from hsh.services.registry import passwords, throttle

RECOVERY_CODES = 10
_RECOVERY_BYTES = 10
"""80 bits each: nobody guesses one, and its plain hash gives it away to nobody."""
SALT_LENGTH = 32
CODE_LENGTH = 24
"""Most characters of a code as it is typed, a recovery code with its dashes."""


class WrongCode(Refusal):
    """The code is not good: wrong, used before, or of another time. It is not said which."""

    code = "wrong_code"
    status = 422


class FactorIsOn(Refusal):
    """The second factor is switched on already."""

    code = "factor_is_on"


class OwnFactor(Refusal):
    """Nobody resets their own: on the account page it is switched off, with the code."""

    code = "own_factor"
    status = 403


@dataclass(frozen=True, kw_only=True)
class Owner:
    """Whose factor it is, and the server's secret ``key`` that it depends on."""

    actor: Actor
    ref: UUID
    key: str

    def secret(self, salt: str) -> str:
        """Return the secret of the app that they set up with ``salt``."""
        return onetime.secret(self.key, self.ref, salt)


def new_salt() -> str:
    """Return what makes the next secret another one."""
    return secrets.token_hex(SALT_LENGTH // 2)


@atomic
def switch_on(owner: Owner, salt: str, code: str) -> list[str]:
    """Ask for codes from now on; return the recovery codes, which are never shown again.

    ``code`` proves that the app was set up with the secret of ``salt``.

    Raises:
        FactorIsOn: it is on already.
        WrongCode: the app shows another code.

    """
    require(owner.actor.roles, "factor.own")
    _lock(owner.ref)
    if db.session.get(SecondFactor, owner.actor.id) is not None:
        raise FactorIsOn
    step = onetime.matching(owner.secret(salt), _plain(code), clock.now(), after=0)
    if step is None:
        raise WrongCode(field="code")
    append(
        SecondFactor, user_id=owner.actor.id, salt=salt, last_step=step, since=clock.now()
    )  # fmt: skip
    _note("factor.on", owner.actor, owner.ref, is_on=True)
    return _fresh_codes(owner.actor.id)


def switch_off(owner: Owner, password: str, code: str) -> None:
    """Ask for no code any more.

    Raises:
        Invalid: the password is not theirs.
        WrongCode: the code is not good.
        TooManyTries: tried too often.

    """
    _when_proven(owner, password, code, _switch_off)


def renew_codes(owner: Owner, password: str, code: str) -> list[str]:
    """Make the recovery codes anew and return them; the old ones are good no more.

    Raises:
        Invalid: the password is not theirs.
        WrongCode: the code is not good.
        TooManyTries: tried too often.

    """
    return _when_proven(owner, password, code, _renew_codes)


@atomic
def reset(by: Actor | None, user: UUID) -> None:
    """Switch off the second factor of a person who lost their phone and their recovery codes.

    ``by`` is None from the command line.

    Raises:
        NotFound: there is no such person, or no factor.
        OwnFactor: it is their own.

    """
    person = _lock(user)
    if by is not None:
        require(by.roles, "factor.reset")
        if by.id == person.id:
            raise OwnFactor
    if db.session.get(SecondFactor, person.id) is None:
        raise NotFound(what="factor")
    _forget(person.id)
    _note("factor.reset", by, user, is_on=False)


def spend(owner: Owner, typed: str) -> None:
    """Take a code of the app, or a recovery code; neither is good twice. Stands inside an act.

    Raises:
        WrongCode: it is neither.

    """
    kept = db.session.scalar(
        select(SecondFactor).where(SecondFactor.user_id == owner.actor.id).with_for_update()
    )
    if kept is None:
        raise WrongCode(field="code")
    code = _plain(typed)
    step = onetime.matching(owner.secret(kept.salt), code, clock.now(), after=kept.last_step)
    if step is not None:
        kept.last_step = step
    elif not _spend_recovery(owner.actor.id, code):
        raise WrongCode(field="code")


def _when_proven[T](
    owner: Owner, password: str, code: str, act: Callable[[Owner, str], T]
) -> T:  # fmt: skip
    """Do ``act`` for who knows the password; comparing is slow, so it happens before the act."""
    counters = throttle.limits(owner.actor.username, address="", device="factor")
    throttle.take(counters)
    kept = people.credentials(owner.actor.username)
    if not passwords.agrees(password, kept.password_hash if kept else None):
        raise Invalid(field="password", reason="password_wrong")
    done = act(owner, code)
    throttle.forgive(counters)
    return done


@atomic
def _switch_off(owner: Owner, code: str) -> None:
    require(owner.actor.roles, "factor.own")
    spend(owner, code)
    _forget(owner.actor.id)
    _note("factor.off", owner.actor, owner.ref, is_on=False)


@atomic
def _renew_codes(owner: Owner, code: str) -> list[str]:
    require(owner.actor.roles, "factor.own")
    spend(owner, code)
    _delete(RecoveryCode, RecoveryCode.user_id == owner.actor.id)
    _note("factor.codes", owner.actor, owner.ref, is_on=True)
    return _fresh_codes(owner.actor.id)


def _lock(ref: UUID) -> User:
    person = db.session.scalar(select(User).where(User.ref == ref).with_for_update())
    if person is None:
        raise NotFound(what="user")
    return person


def _fresh_codes(user_id: int) -> list[str]:
    codes = [_new_code() for _ in range(RECOVERY_CODES)]
    append_all(
        RecoveryCode, [{"user_id": user_id, "code_hash": digest(_plain(code))} for code in codes]
    )
    return codes


def _new_code() -> str:
    drawn = base64.b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode()
    return "-".join(drawn[at : at + 4] for at in range(0, len(drawn), 4))


def _spend_recovery(user_id: int, code: str) -> bool:
    theirs = RecoveryCode.user_id == user_id
    return _delete(RecoveryCode, theirs, RecoveryCode.code_hash == digest(code)) == 1


def _forget(user_id: int) -> None:
    _delete(RecoveryCode, RecoveryCode.user_id == user_id)
    _delete(SecondFactor, SecondFactor.user_id == user_id)


def _delete(table: type[RecoveryCode | SecondFactor], *which: ColumnElement[bool]) -> int:
    gone = delete(table).where(*which).execution_options(synchronize_session=False)
    return rows_changed(db.session.execute(gone))


def _plain(typed: str) -> str:
    """Return a code without the blanks and dashes by which it is read."""
    return "".join(sign for sign in typed.upper() if sign.isalnum())


def _note(action: str, by: Actor | None, user: UUID, *, is_on: bool) -> None:
    audit.record(action, by, record_type="user", ref=user, after={"second_factor": is_on})
