"""What can go wrong on the way to paper. None of it changes the books."""

from __future__ import annotations


class DocumentError(Exception):
    """A document could not be made from its content."""


class UnknownLayoutError(DocumentError):
    """The content asks for a layout version that this program does not have."""


class MissingFontsError(DocumentError):
    """The font files were never copied to where documents take them from."""


class WrongAssetError(DocumentError):
    """The content names a logo that was not handed in, or was handed in with other bytes."""


class RenderFailedError(DocumentError):
    """The rendering process ended badly, was stopped at a limit, or could not be started."""
