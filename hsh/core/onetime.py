"""Codes of an authenticator app (RFC 6238): what a phone shows for thirty seconds.

The secret of an app is computed from the server's own and a random salt, so the database holds
nothing that a code could be made from (docs/decisions/0010).
"""

from __future__ import annotations

import base64
import hmac
from datetime import datetime
from hashlib import sha256
from uuid import UUID

import pyotp

STEP = 30
"""Seconds that a code lasts."""
DIGITS = 6
TOLERANCE = 1
"""Steps that a phone's clock may be ahead or behind."""
_BYTES = 20
"""Of a secret: what RFC 4226 recommends, and every app takes."""


def secret(key: str, person: UUID, salt: str) -> str:
    """Return the secret of the app that ``person`` set up with ``salt``; ``key``: the server's."""
    said = "\0".join(("second factor", str(person), salt))
    drawn = hmac.new(key.encode(), said.encode(), sha256).digest()
    return base64.b32encode(drawn[:_BYTES]).decode()


def address(kept: str, *, person: str, company: str) -> str:
    """Return what the QR code says to the app."""
    return pyotp.TOTP(kept).provisioning_uri(name=person, issuer_name=company)


def code(kept: str, at: datetime) -> str:
    """Return what the app shows at a moment."""
    return pyotp.TOTP(kept).generate_otp(_step(at))


def matching(kept: str, typed: str, at: datetime, *, after: int) -> int | None:
    """Return the step whose code was ``typed``; None: wrong, too old, or not later than ``after``.

    A code that was used once is so never good again.
    """
    app, now = pyotp.TOTP(kept), _step(at)
    good = [
        step
        for step in range(now - TOLERANCE, now + TOLERANCE + 1)
        if step > after and hmac.compare_digest(app.generate_otp(step).encode(), typed.encode())
    ]
    return good[-1] if good else None


def _step(at: datetime) -> int:
    return int(at.timestamp()) // STEP
