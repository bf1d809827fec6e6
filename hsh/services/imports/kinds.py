"""The kinds of files there are: their columns, what a row of each is, and how it is taken in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from hsh.core.command import Actor
from hsh.core.refusals import Invalid
from hsh.core.roles import Role, may
from hsh.services.imports import customers, meters, rates, stock
from hsh.services.imports.cells import Cells, Column, Known

type Read = object | Known | Invalid
"""What a row is: something to take in, known already, or refused."""
type Pictures = dict[str, list[dict[str, object]]]
"""What the audit keeps of what was taken in, by table."""


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Rows that are taken in together. ``ref`` is the batch's own, for what needs an address."""

    ref: UUID
    file: str
    by: Actor


@dataclass(frozen=True, kw_only=True)
class Kind:
    """``read`` looks at rows and changes nothing; ``take`` takes in those that will do."""

    name: str
    action: str
    """Who may do what such a file does."""
    columns: tuple[Column, ...]
    read: Callable[[Sequence[Cells], Actor], list[Read]]
    take: Callable[[Sequence[object], Batch], Pictures]
    once: bool = False
    """Whether the same file, brought again, would count everything twice."""

    def guess(self, header: Sequence[str]) -> dict[str, int]:
        """Return which column of the file each of ours is, as far as the header tells."""
        plain = [_plain(cell) for cell in header]
        found = {}
        for column in self.columns:
            names = {_plain(column.name), *map(_plain, column.spelled)}
            at = next((n for n, name in enumerate(plain) if name in names), None)
            if at is not None:
                found[column.name] = at
        return found


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            name="customers",
            action="registry.edit",
            columns=customers.COLUMNS,
            read=customers.read_all,
            take=customers.take,
        ),
        Kind(
            name="rates",
            action="registry.edit",
            columns=rates.COLUMNS,
            read=rates.read_all,
            take=rates.take,
        ),
        Kind(
            name="meters",
            action="registry.edit",
            columns=meters.COLUMNS,
            read=meters.read_all,
            take=meters.take,
        ),
        Kind(
            name="stock",
            action="stock.correct",
            columns=stock.COLUMNS,
            read=stock.read_all,
            take=stock.take,
            once=True,
        ),
    )
}


def allowed(roles: frozenset[Role]) -> list[Kind]:
    """Return the kinds of files that someone with ``roles`` may bring."""
    return [kind for kind in KINDS.values() if may(roles, kind.action)]


def _plain(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign.isalnum())
