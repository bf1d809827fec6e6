"""Reads a PDF back with poppler's tools: nothing of what wrote it has a say."""

from __future__ import annotations

import subprocess
import zlib
from functools import cache
from io import BytesIO

from pypdf import PdfReader

from hsh.documents.pdf import pdf
from tests.documents.given import ANCHOR, NUMBERS


def made(content, *, numbers=NUMBERS, anchor=ANCHOR, assets=None):
    return pdf(content, numbers=numbers, anchor=anchor, assets=assets or {})


def tool(name, data, *arguments):
    return subprocess.run(  # noqa: S603
        [name, *arguments], input=data, capture_output=True, check=True
    ).stdout.decode()


def text(data):
    """Return the words of all pages, runs of space as one."""
    return " ".join(tool("pdftotext", data, "-layout", "-", "-").split())


def lines(data):
    """Return the lines of all pages, runs of space as one."""
    pages = tool("pdftotext", data, "-layout", "-", "-")
    return [" ".join(x.split()) for x in pages.splitlines() if x.strip()]


def pages(data):
    return [
        " ".join(x.split()) for x in tool("pdftotext", data, "-layout", "-", "-").split("\f")[:-1]
    ]


def fonts(data):
    """Return (name, encoding, embedded) of each font."""
    rows = tool("pdffonts", data, "-").splitlines()[2:]
    return [(cells[0], cells[-6], cells[-5]) for cells in map(str.split, rows)]


def reader(data):
    return PdfReader(BytesIO(data))


def attachments(data):
    return {name: parts[0] for name, parts in reader(data).attachments.items()}


def images(data):
    return [image for page in reader(data).pages for image in page.images]


@cache
def a_png(width=4, height=4):
    """Return the bytes of a plain red picture."""
    rows = b"".join(b"\x00" + b"\xcc\x22\x11" * width for _ in range(height))
    head = width.to_bytes(4) + height.to_bytes(4) + bytes([8, 2, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4)
        for kind, body in ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    )
