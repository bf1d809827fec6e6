"""A record's public address, and how it is said aloud."""

from __future__ import annotations

from uuid import UUID


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
