"""The PDF of an invoice or credit note: the same content gives the same bytes on any day.

Nothing else imports WeasyPrint: it takes half a second, and a web process does without.
"""

from __future__ import annotations

import hashlib
import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from functools import cache
from threading import Lock

from hsh.core.canonical import canonical, digest
from hsh.documents import fonts
from hsh.documents.content import LAYOUT_VERSION, Anchor, Content, Numbers
from hsh.documents.environment import STATIONERY
from hsh.documents.errors import WrongAssetError
from hsh.documents.invoice import html

# Read when WeasyPrint loads: it must see the packaged fonts alone, not what the machine has.
os.environ["FONTCONFIG_FILE"] = str(fonts.CONFIGURATION)
# Read when a variable font is cut down to one weight: the cut would bear the time it was made at.
os.environ["SOURCE_DATE_EPOCH"] = "0"

from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

ASSET = "asset:"
PNG = b"\x89PNG\r\n\x1a\n"


class NamedAssets(URLFetcher):  # type: ignore[misc]
    """Hands out the company's logo and the packaged fonts; knows no file and no network."""

    def __init__(self) -> None:
        """Begin with no assets but the fonts."""
        super().__init__(allowed_protocols=[])
        self.assets: Mapping[str, bytes] = {}

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """Return a named asset; any other URL raises, which leaves its place empty."""
        del headers
        if url.startswith(fonts.SCHEME):
            return URLFetcherResponse(url, fonts.piece_bytes(url.removeprefix(fonts.SCHEME)))
        body = self.assets[url.removeprefix(ASSET)]
        kind = "image/png" if body.startswith(PNG) else "image/svg+xml"
        return URLFetcherResponse(url, body, {"Content-Type": kind})


class Press:
    """What is costly to set up and the same for all documents: style, fonts, fetcher."""

    def __init__(self) -> None:
        """Load the style sheet and the text fonts."""
        fonts.require()
        self.lock = Lock()
        self.fetcher = NamedAssets()
        self.font_configuration = FontConfiguration()
        self.stylesheet = self.css((STATIONERY / "invoice.css").read_text())

    def css(self, text: str) -> CSS:
        """Return ``text`` as a style sheet whose fonts are loaded."""
        return CSS(string=text, font_config=self.font_configuration, url_fetcher=self.fetcher)

    @contextmanager
    def at_work(self, assets: Mapping[str, bytes]) -> Iterator[None]:
        """Let one document at a time have the press, with ``assets`` at hand."""
        with self.lock, warnings.catch_warnings():
            # WeasyPrint leaves the colour profile's file to the garbage collector.
            warnings.simplefilter("ignore", ResourceWarning)
            self.fetcher.assets = assets
            yield


def pdf(
    content: Content, *, numbers: Numbers, anchor: Anchor, assets: Mapping[str, bytes]
) -> bytes:
    """Return the document as PDF/A-3u, with the frozen content attached as ``content.json``.

    A pure function of its arguments and the layout version (law 8), for one set of package
    versions. ``assets`` holds the logo's bytes (SVG or PNG) by their SHA-256.

    Raises:
        MissingFontsError: the set-up has not brought the fonts.
        UnknownLayoutError: the content asks for another layout version.
        WrongAssetError: the logo is not in ``assets``, or its bytes have another hash.

    """
    _check_logo(content, assets)
    page, pieces = fonts.printable(html(content, numbers=numbers, anchor=anchor))
    press = _press()
    with press.at_work(assets):
        made: bytes = HTML(string=page, url_fetcher=press.fetcher).write_pdf(
            font_config=press.font_configuration,
            stylesheets=[press.stylesheet, press.css(fonts.han_css(pieces))],
            attachments=[_frozen(content, press)],
            pdf_identifier=_identifier(content, numbers, anchor),
            pdf_variant="pdf/a-3u",
        )
    return made


@cache
def _press() -> Press:
    return Press()


def _check_logo(content: Content, assets: Mapping[str, bytes]) -> None:
    logo = content["company"]["logo"]
    if logo and hashlib.sha256(assets.get(logo, b"")).hexdigest() != logo:
        raise WrongAssetError(f"the logo {logo} is missing, or its bytes are others")


def _frozen(content: Content, press: Press) -> Attachment:
    """Return what the document says in a form that programs read."""
    issued = datetime.fromisoformat(content["issued_at"])
    return Attachment(
        string=canonical(content),
        url_fetcher=press.fetcher,
        name="content.json",
        description="What this document says, for programs",
        created=issued,
        modified=issued,
        relationship="Data",
    )


def _identifier(content: Content, numbers: Numbers, anchor: Anchor) -> bytes:
    """Return an identifier that is the same for the same document, and for no other."""
    whole = canonical([LAYOUT_VERSION, content, asdict(numbers), asdict(anchor)])
    return digest(whole)[:32].encode()
