"""What the worker does at night, when nobody waits: it proves the books."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

from hsh.config import ROOT
from hsh.core import clock
from hsh.db import db
from hsh.queries.books import verifications

HOURS = range(2, 5)
"""In Singapore."""
_A_NIGHT = timedelta(hours=20)
_VERIFY = (sys.executable, "-m", "flask", "verify", "--json")


class Night:
    """Has ``flask verify`` run once a night, in a process of its own, so that PDFs do not wait."""

    def __init__(self) -> None:
        """Begin without having asked."""
        self._asked_at = clock.now() - _A_NIGHT
        self._running: subprocess.Popen[bytes] | None = None

    def verify(self) -> bool:
        """Start to verify if it is time; tell whether that was done."""
        now = clock.now()
        if self._running is not None and self._running.poll() is None:
            return False
        if now.astimezone(clock.SINGAPORE).hour not in HOURS or now - self._asked_at < _A_NIGHT:
            return False
        self._asked_at = now
        is_due = verifications.is_due(now, after=_A_NIGHT)
        db.session.remove()
        if is_due:
            self._running = subprocess.Popen(  # noqa: S603 - our own command
                _VERIFY, cwd=ROOT, stdout=subprocess.DEVNULL
            )
        return is_due
