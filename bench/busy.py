"""HSH as it must not be: SQLite's writers wait by busy_timeout alone, and not for their turn."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from sqlalchemy import Engine

from hsh import db


def _no_turn(_engine: Engine) -> AbstractContextManager[None]:
    return nullcontext()


db._writer_turn = _no_turn  # type: ignore[assignment]  # noqa: SLF001

from wsgi import app  # noqa: E402

__all__ = ["app"]
