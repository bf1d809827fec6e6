"""Nothing that was used is deleted: it is closed, offered in no form, and may be opened again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from hsh.core.command import Command, Outcome
from hsh.core.refusals import Invalid, NotFound
from hsh.core.roles import require
from hsh.db import atomic
from hsh.models.registry import Depot, Equipment, Permit, Service, Vehicle
from hsh.queries.registry import uses
from hsh.services.books.submissions import once
from hsh.services.registry import versions
from hsh.services.registry.versions import Key


@dataclass(frozen=True, kw_only=True)
class _Opening(Command):
    """A record of the table ``kind`` as it was shown; ``record`` is its ref, or its id."""

    kind: str
    record: str
    version: int


@dataclass(frozen=True, kw_only=True)
class CloseRecord(_Opening):
    """It is not used any more."""

    op: ClassVar[str] = "registry.close"


@dataclass(frozen=True, kw_only=True)
class ReopenRecord(_Opening):
    """It is used again."""

    op: ClassVar[str] = "registry.reopen"


@atomic
@once
def close_record(command: CloseRecord) -> Outcome:
    """Offer a record no more; what was done with it stays.

    Raises:
        NotFound: there is none.
        StaleVersion: someone changed it meanwhile.
        Invalid: cylinders are there still, or something else needs it.

    """
    return _open(command, active=False)


@atomic
@once
def reopen_record(command: ReopenRecord) -> Outcome:
    """Offer a record again.

    Raises:
        NotFound: there is none.
        StaleVersion: someone changed it meanwhile.
        Invalid: what it belongs to is closed.

    """
    return _open(command, active=True)


def _open(command: _Opening, *, active: bool) -> Outcome:
    require(command.actor.roles, command.op)
    if command.kind not in _KINDS:
        raise NotFound(what=command.kind)
    table, may_close, may_reopen = _KINDS[command.kind]
    row: Any = versions.locked(table, _key(command.record), seen=command.version)
    (may_reopen if active else may_close)(row)
    head: Any = versions.head(row)
    with versions.change(row, command):
        head.active = active
    return versions.outcome(row)


def _key(text: str) -> Key:
    try:
        return int(text) if text.isdecimal() else UUID(text)
    except ValueError:
        raise NotFound(what="record") from None


def _depot(row: Depot) -> None:
    _nothing_there(row.place_id)
    if uses.has_trucks(row.place_id):
        raise Invalid(reason="home_of_trucks")


def _truck(row: Vehicle) -> None:
    _nothing_there(row.place_id)
    if uses.has_drafts(row.place_id):
        raise Invalid(reason="drafts_left")


def _home_is_open(row: Vehicle) -> None:
    if not uses.is_open(row.home_depot_id):
        raise Invalid(reason="home_closed")


def _service(row: Service) -> None:
    if uses.holds_deposits(row.id):
        raise Invalid(reason="deposits_held")


def _size(row: Equipment) -> None:
    if uses.is_somewhere(row.id):
        raise Invalid(reason="still_somewhere")


def _nothing_there(place: int) -> None:
    if uses.holds_anything(place):
        raise Invalid(reason="not_empty")


def _at_any_time(_row: object) -> None:
    """Let it be done."""


type _Check = Callable[[Any], None]

_KINDS: Mapping[str, tuple[Any, _Check, _Check]] = {
    Depot.__tablename__: (Depot, _depot, _at_any_time),
    Vehicle.__tablename__: (Vehicle, _truck, _home_is_open),
    Equipment.__tablename__: (Equipment, _size, _at_any_time),
    Service.__tablename__: (Service, _service, _at_any_time),
    Permit.__tablename__: (Permit, _at_any_time, _at_any_time),
}
"""What can be closed, by its table, and what stands in the way of closing and of reopening."""
