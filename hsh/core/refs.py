"""A record's public address, and how it is said aloud."""

from __future__ import annotations

import re
from uuid import UUID, uuid5

_SHORT_CODE = re.compile(r"([0-9a-f]{4})-?([0-9a-f]{4})", re.IGNORECASE | re.ASCII)


def short_code(ref: UUID) -> str:
    """Return what a record without a number is called: the first eight digits, ``A1B2-C3D4``.

    The draft's page, the provisional slip and the receipt share it (design part 6).
    """
    digits = ref.hex[:8].upper()
    return f"{digits[:4]}-{digits[4:]}"


def device_code(device: str) -> str:
    """Return what a tablet is called: the short code of its id, which its own pages show too."""
    try:
        return short_code(UUID(device))
    except ValueError:
        return device


def short_range(text: str) -> tuple[str, str] | None:
    """Return between which refs those with the short code ``text`` lie; None when it is none.

    By a range an index finds them; by LIKE, SQLite would look at every record.
    """
    code = _SHORT_CODE.fullmatch(text)
    if code is None:
        return None
    first = f"{code[1]}{code[2]}".lower()
    return first, f"{first}~"


def act_of(request: UUID) -> UUID:
    """Return the submission under which an approved ``request`` is carried out, once."""
    return uuid5(request, "approved")
