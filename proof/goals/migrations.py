"""Migrations: up, down one and up again, with rows in every table; nothing is lost on the way.

For each revision after the first, every column that is there on both sides keeps its checksum. At
the newest revision the database has every table, column, index, key, CHECK and trigger that the
models name; and it has them too after going down to nothing and up again.
"""

from __future__ import annotations

from pathlib import Path

import flask_migrate
from alembic.script import Script, ScriptDirectory

from hsh import config
from hsh.queries.books.guard_laws import guards_are_in_place
from proof import day, many
from proof.books import Books
from proof.goal import Found, Goal, Task
from proof.shape import lacking
from proof.tables import column_sums

DIRECTORY = config.ROOT / "migrations"

type Sums = dict[tuple[str, str], str]


def run(task: Task) -> Found:
    """Walk through this project's migrations with ``task.size`` rows."""
    with task.books() as books:
        return walk(books, DIRECTORY, task.size)


def walk(books: Books, directory: Path, size: int) -> Found:
    """Go down and up through the revisions in ``directory``, with so many rows, and look."""
    found = Found(count=size)
    later = [one.revision for one in _newest_first(directory) if one.down_revision is not None]
    _go(books, directory, up_to="heads")
    rows = 0
    if later:
        day.work(books, seed=1)
        rows = many.multiply(books.owner, size)
    begin = _sums(books)
    kept = set(begin)
    for revision in later:
        kept &= _down_and_up(books, directory, revision, found)
        _go(books, directory, down_to="-1")
    _go(books, directory, up_to="heads")
    _compare("all the way down and up", begin, _sums(books), kept, found)
    found.faults += _not_there(books)
    _go(books, directory, down_to="base")
    found.expect(not _sums(books), f"left at the bottom: {sorted({t for t, _ in _sums(books)})}")
    _go(books, directory, up_to="heads")
    found.faults += [*_not_there(books), *books.broken()]
    found.more = {"later_revisions": len(later), "rows": rows}
    return found


def _down_and_up(
    books: Books, directory: Path, revision: str, found: Found
) -> set[tuple[str, str]]:
    """Take ``revision`` back and do it again; return the columns that are there on both sides."""
    above = _sums(books)
    _go(books, directory, down_to="-1")
    below = _sums(books)
    _go(books, directory, up_to=revision)
    both = above.keys() & below.keys()
    _compare(f"{revision} down", above, below, both, found)
    _compare(f"{revision} up", below, _sums(books), both, found)
    return both


def _compare(
    what: str, before: Sums, after: Sums, columns: set[tuple[str, str]], found: Found
) -> None:
    differs = [".".join(one) for one in sorted(columns) if before[one] != after.get(one)]
    found.lost += len(differs)
    found.expect(not differs, f"{what}: {', '.join(differs)} not as before")


def _not_there(books: Books) -> list[str]:
    with books.owner.connect() as connection:
        missing = [f"not there: {name}" for name in sorted(lacking(connection))]
    return missing + books.breaks([guards_are_in_place])


def _sums(books: Books) -> Sums:
    with books.owner.connect() as connection:
        return column_sums(connection)


def _go(books: Books, directory: Path, *, up_to: str = "", down_to: str = "") -> None:
    books.let_go()
    with books.app.app_context():
        if up_to:
            flask_migrate.upgrade(directory=str(directory), revision=up_to)
        else:
            flask_migrate.downgrade(directory=str(directory), revision=down_to)


def _newest_first(directory: Path) -> list[Script]:
    return list(ScriptDirectory(str(directory)).walk_revisions())


GOAL = Goal(
    name="migrations",
    promise="each revision down and up with rows: equal checksums, every guard, CHECK and index",
    run=run,
    quick=1_000,
    full=100_000,
)
