"""What a program asked of its disk, in order, from the record that strace made."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_LONGEST = 1 << 20
_LINE = re.compile(r"(\d+) +(?:(\w+)\(|<\.\.\. \w+ resumed>)(.*)")
_HEX = r'"((?:\\x[0-9a-f]{2})*)"'
_FILE = r"\d+<((?:\\x[0-9a-f]{2})*)>"
_SHAPES = {
    "openat": re.compile(rf"AT_FDCWD(?:<[^>]*>)?, {_HEX}, ([A-Z_|]+)"),
    "write": re.compile(rf"{_FILE}, {_HEX}, \d+(?:, (\d+))?"),
    "pwrite64": re.compile(rf"{_FILE}, {_HEX}, \d+(?:, (\d+))?"),
    "ftruncate": re.compile(rf"{_FILE}, (\d+)"),
    "fsync": re.compile(_FILE),
    "fdatasync": re.compile(_FILE),
    "unlink": re.compile(_HEX),
}
_KINDS = {"openat": "create", "fsync": "sync", "fdatasync": "sync", "unlink": "unlink"}


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call: ``began`` and ``ended`` may lie apart, with calls of other threads between."""

    kind: str
    """create, write (appends), pwrite64, truncate, sync or unlink."""
    path: Path
    data: bytes = b""
    at: int = 0
    """Where it writes; the new length of a truncated file."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """A call begins, or a call that began has ended."""

    call: Call
    ended: bool


def record(command: Sequence[str], file: Path) -> None:
    """Run ``command`` and write all that it asks of the disk into ``file``."""
    strace = shutil.which("strace") or "strace"
    how = ["-f", "-y", "-xx", "-s", str(_LONGEST), "--seccomp-bpf"]
    what = ["-e", f"trace={','.join(_SHAPES)}", "-o", str(file)]
    subprocess.run([strace, *how, *what, *command], check=True)  # noqa: S603 - our own program


def events(file: Path, below: Path) -> Iterator[Event]:
    """Yield what was asked about the files below a folder, call by call."""
    begun: dict[str, Call | None] = {}
    with file.open(encoding="ascii", errors="replace") as lines:
        for line in lines:
            parts = _LINE.match(line)
            if not parts:
                continue
            thread, called, rest = parts.groups()
            if called:
                begun[thread] = _call(called, rest, below)
            call = begun.get(thread)
            if call and called:
                yield Event(call=call, ended=False)
            if call and not rest.endswith("<unfinished ...>") and _succeeded(rest):
                yield Event(call=call, ended=True)


def _succeeded(rest: str) -> bool:
    return " = -1 " not in rest[rest.rfind(")") :]


def _call(name: str, rest: str, below: Path) -> Call | None:
    found = _read(name, rest)
    return found if found and found.path.is_relative_to(below) else None


def _read(name: str, rest: str) -> Call | None:
    parts = _SHAPES[name].match(rest)
    if not parts or (name == "openat" and "O_CREAT" not in parts[2]):
        return None
    path = _path(parts[1])
    match name:
        case "write" | "pwrite64":
            return Call(kind=name, path=path, data=_bytes(parts[2]), at=int(parts[3] or 0))
        case "ftruncate":
            return Call(kind="truncate", path=path, at=int(parts[2]))
        case _:
            return Call(kind=_KINDS[name], path=path)


def _bytes(escaped: str) -> bytes:
    return bytes.fromhex(escaped.replace("\\x", ""))


def _path(escaped: str) -> Path:
    return Path(_bytes(escaped).decode())
