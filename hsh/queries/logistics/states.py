"""What has become of a distribution, as pages show it and lists filter by it."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ColumnElement, and_, exists, func
from sqlalchemy.orm import aliased

from hsh.models.logistics import Distribution


class State(StrEnum):
    """The one thing to say about a distribution."""

    PENDING = "pending"
    """A draft: nothing has moved, there is no number."""
    CONFIRMED = "confirmed"
    REVERSED = "reversed"
    """Confirmed, then taken back by another one."""
    REVERSAL = "reversal"
    """It takes another one back."""
    DROPPED = "dropped"


def of(run: Distribution, *, is_reversed: bool) -> State:
    """Return the state of ``run``; whether another one takes it back is the caller's to know."""
    if run.dropped_at:
        return State.DROPPED
    if run.number is None:
        return State.PENDING
    if run.reverses_id is not None:
        return State.REVERSAL
    return State.REVERSED if is_reversed else State.CONFIRMED


def is_reversed() -> ColumnElement[bool]:
    """Return the condition under which another distribution takes this one back."""
    reversal = aliased(Distribution)
    return exists().where(reversal.reverses_id == Distribution.id)


def condition(state: State) -> ColumnElement[bool]:
    """Return the condition under which a distribution is in ``state``."""
    numbered = Distribution.number.is_not(None)
    # by its number, SQLite would gather all drafts from the unique index, and sort them
    draft = Distribution.confirmed_at.is_(None)
    match state:
        case State.PENDING:
            return and_(draft, Distribution.dropped_at.is_(None))
        case State.DROPPED:
            return and_(draft, Distribution.dropped_at.is_not(None))
        case State.REVERSAL:
            return Distribution.reverses_id.is_not(None)
        case State.REVERSED:
            return and_(numbered, is_reversed())
        case State.CONFIRMED:
            # by IS NULL, SQLite would gather all but the reversals by their index, and sort them
            return and_(numbered, func.coalesce(Distribution.reverses_id, 0) == 0, ~is_reversed())
