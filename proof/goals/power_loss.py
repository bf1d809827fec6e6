"""Power loss on SQLite: whatever the disk had not yet kept, every acknowledged sale is there.

The selling program runs under strace once. From the record the disk is rebuilt as a power cut at
a random point would have left it: what was synced is there, of the rest anything may be missing
or torn. Each such disk must open, prove every law, and have every sale acknowledged by then.
"""

from __future__ import annotations

import pickle
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import DBAPIError

from hsh.db import engine_options, prepare
from hsh.queries.verify import verify
from proof.acts import Seller
from proof.books import Books, file_of, unsound, url_of
from proof.disk import Disk
from proof.goal import Found, Goal, Task
from proof.selling import TOLD, WORLD, Told, lost, open_shop, the_sellers
from proof.trace import Event, events, record

SALES = {True: 40, False: 15}
"""Sales of each seller in the record, of a full run and of a quick one."""
MANY = 100
"""Power cuts from which a run is a full one."""


def run(task: Task) -> Found:
    """Record once, cut the power ``task.size`` times."""
    rng = Random(task.seed)  # noqa: S311 - no secret
    with task.books() as books:
        open_shop(books)
        (books.home / WORLD).write_bytes(pickle.dumps(books.world))
        disk = Disk.of(books.home, [file_of(books.home).name])
        history = _record(books, task.seed, SALES[task.size >= MANY])
        found = Found(count=task.size)
        found.more = {"calls": len(history), "acknowledged": sum(map(_is_word, history))}
        sellers = the_sellers(books.world, task.seed)
        for point, heard in _walk(disk, history, sorted(_points(history, task.size, rng))):
            missing, wrong = _look(books.home / "after", disk.cut(rng), sellers, heard)
            found.lost += len(missing)
            found.faults += [f"call {point} of {len(history)}: {what}" for what in missing + wrong]
        return found


def _record(books: Books, seed: int, sales: int) -> list[Event]:
    books.let_go()
    trace = books.home / "trace"
    command = [sys.executable, "-m", "proof.selling", str(books.home), str(seed), str(sales)]
    record(command, trace)
    history = list(events(trace, books.home))
    trace.unlink()
    return history


def _is_word(event: Event) -> bool:
    """Tell whether a seller says here that a sale was acknowledged."""
    return event.call.kind == "write" and event.call.path.name == TOLD and not event.ended


def _points(history: list[Event], many: int, rng: Random) -> list[int]:
    """Choose points anywhere, and as many right behind an acknowledgement."""
    words = [place for place, event in enumerate(history) if _is_word(event)]
    return [rng.choice(words) if turn % 2 else rng.randrange(len(history)) for turn in range(many)]


def _walk(disk: Disk, history: list[Event], points: list[int]) -> Iterator[tuple[int, list[Told]]]:
    """Let the disk follow the record; stop at each point, with what was acknowledged by then."""
    heard: list[Told] = []
    waiting = iter([*points, None])
    point = next(waiting)
    for place, event in enumerate(history):
        disk.follow(event)
        if _is_word(event):
            heard.append(Told.read(event.call.data))
        while point == place:
            yield point, heard
            point = next(waiting)


@contextmanager
def _opened(home: Path, files: dict[str, bytes]) -> Iterator[Engine]:
    """Open the books that were left on a disk."""
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    for name, body in files.items():
        (home / name).write_bytes(body)
    engine = create_engine(url_of(home), **engine_options(url_of(home)))
    prepare(engine)
    try:
        yield engine
    finally:
        engine.dispose()


def _look(
    home: Path, files: dict[str, bytes], sellers: list[Seller], heard: list[Told]
) -> tuple[list[str], list[str]]:
    """Return which acknowledged sales a disk lost, and what else is wrong with its books."""
    with _opened(home, files) as engine:
        try:
            broken = [f"{c.name}: {c.detail}" for c in verify(engine, data_dir=home) if not c.ok]
            return lost(engine, sellers, heard), [*unsound(engine), *broken]
        except DBAPIError as error:
            return [], [f"does not open: {error.orig}"]


GOAL = Goal(
    name="power-loss",
    promise="unsynced writes dropped or torn: acknowledged sales there, database opens, laws hold",
    run=run,
    quick=20,
    full=500,
    databases=frozenset({"sqlite"}),
    needs=("strace",),
)
