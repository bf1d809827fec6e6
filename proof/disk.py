"""A disk that keeps what was synced, and of the rest whatever a power cut leaves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from proof.trace import Call, Event

SECTOR = 512
MODES = ("nothing", "everything", "a beginning", "anything", "anything")
"""What is left of the unsynced: no write, each, the first few with the last one torn, or any."""


@dataclass(kw_only=True)
class File:
    """The bytes that a power cut cannot take, and the changes since the last sync."""

    kept: bytearray = field(default_factory=bytearray)
    pending: list[Change] = field(default_factory=list)


@dataclass(kw_only=True)
class Change:
    """A write or a truncation; ``done`` when the program was told so: a sync then keeps it."""

    call: Call
    done: bool = False


@dataclass(kw_only=True)
class Naming:
    """A file begins to have a name, or ceases to; ``file`` None: the name goes."""

    name: str
    file: File | None


@dataclass(kw_only=True)
class Disk:
    """One folder of files. Names are lost in a power cut too, until the folder is synced."""

    folder: Path
    names: dict[str, File] = field(default_factory=dict)
    """As the running program sees them."""
    kept_names: dict[str, File] = field(default_factory=dict)
    pending: list[Naming] = field(default_factory=list)
    _syncing: dict[int, tuple[list[File], list[Change], int]] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: Path, names: Iterable[str]) -> Disk:
        """Return a disk on which these files have been for long."""
        files = {name: File(kept=bytearray((folder / name).read_bytes())) for name in names}
        return cls(folder=folder, names=dict(files), kept_names=dict(files))

    def follow(self, event: Event) -> None:
        """Do what the program asked."""
        call = event.call
        name = call.path.name
        match call.kind:
            case "create" if event.ended and name not in self.names:
                self.names[name] = File()
                self.pending.append(Naming(name=name, file=self.names[name]))
            case "unlink" if event.ended and name in self.names:
                del self.names[name]
                self.pending.append(Naming(name=name, file=None))
            case "pwrite64" | "truncate" if name in self.names:
                self._change(self.names[name], event)
            case "sync":
                self._sync(event)

    def cut(self, rng: Random) -> dict[str, bytes]:
        """Return what is on the disk after a power cut now."""
        mode = rng.choice(MODES)
        names = dict(self.kept_names)
        for naming in self.pending:
            if mode == "everything" or (mode == "anything" and rng.random() < 0.5):  # noqa: PLR2004
                _name(names, naming)
        return {name: bytes(_left(file, mode, rng)) for name, file in names.items()}

    def _change(self, file: File, event: Event) -> None:
        if not event.ended:
            file.pending.append(Change(call=event.call))
            return
        next(c for c in file.pending if c.call is event.call).done = True

    def _sync(self, event: Event) -> None:
        """Keep, once a sync has ended, what was done when it began."""
        if not event.ended:
            self._begin_sync(event.call)
            return
        files, changes, namings = self._syncing.pop(id(event.call))
        for file in files:
            for change in changes:
                _apply(file.kept, change.call)
            file.pending = [c for c in file.pending if all(c is not kept for kept in changes)]
        for naming in self.pending[:namings]:
            _name(self.kept_names, naming)
        del self.pending[:namings]

    def _begin_sync(self, call: Call) -> None:
        if call.path == self.folder:
            self._syncing[id(call)] = [], [], len(self.pending)
            return
        file = self.names.get(call.path.name)
        changes = [change for change in file.pending if change.done] if file else []
        self._syncing[id(call)] = [file] if file else [], changes, 0


def _name(names: dict[str, File], naming: Naming) -> None:
    if naming.file is None:
        names.pop(naming.name, None)
    else:
        names[naming.name] = naming.file


def _left(file: File, mode: str, rng: Random) -> bytearray:
    """Return the kept bytes and what ``mode`` leaves of the pending changes."""
    left = bytearray(file.kept)
    beginning = rng.randint(0, len(file.pending))
    for place, change in enumerate(file.pending):
        match mode:
            case "nothing":
                share = 0.0
            case "a beginning":
                share = 1.0 if place < beginning else 0.5 if place == beginning else 0.0
            case "anything":
                share = rng.choice((0.0, 0.5, 1.0))
            case _:
                share = 1.0
        _apply_share(left, change.call, share, rng)
    return left


def _apply_share(left: bytearray, call: Call, share: float, rng: Random) -> None:
    """Apply all of a call, none, or of a write some of its sectors."""
    if share == 1.0 or (share and call.kind == "truncate"):
        _apply(left, call)
    elif share:
        for begin in range(0, len(call.data), SECTOR):
            if rng.random() < share:
                _put(left, call.at + begin, call.data[begin : begin + SECTOR])


def _apply(left: bytearray, call: Call) -> None:
    if call.kind == "truncate":
        del left[call.at :]
        left.extend(bytes(call.at - len(left)))
    else:
        _put(left, call.at, call.data)


def _put(left: bytearray, at: int, data: bytes) -> None:
    left.extend(bytes(max(0, at - len(left))))
    left[at : at + len(data)] = data
