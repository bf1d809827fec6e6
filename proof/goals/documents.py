"""Documents: whatever stands in names and remarks, paper says it and nothing obeys it.

The frozen content of real acts gets hostile text in every place where a person may type, and goes
through the invoice's HTML, the bytes of receipt and provisional slip and, now and then, the PDF.
The text itself goes through the CSV and XLSX of a list. There is no e-mail in the product yet; a
new module in ``hsh/documents`` makes this goal fail until it is here.
"""

from __future__ import annotations

import csv
import json
import pkgutil
import socket
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from io import BytesIO, StringIO
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any, override

from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select

from hsh import documents
from hsh.db import db
from hsh.documents import provisional
from hsh.documents.content import Anchor, Content, Numbers
from hsh.documents.invoice import html
from hsh.documents.pdf import pdf
from hsh.documents.receipt import escpos
from hsh.documents.sheets import Head, Kind, comma_separated, spreadsheet
from hsh.models.sales import Document
from proof import naughty
from proof.acts import Seller, do
from proof.books import Books
from proof.goal import Found, Goal, Task
from proof.world import stock_up
from tests.escpos_parser import BadBytesError, Code, parse

ONE_PDF_IN = 50
SECRET = "TOP SECRET"  # noqa: S105 - bait
NUMBERS = Numbers(document="INV-2026-000012", transaction="TRX-2026-000015")
ANCHOR = Anchor(sequence=123, hash="0123456789abcdef" * 4)
SEEN_TO = {
    "child", "content", "environment", "errors", "figures", "fonts", "invoice", "pdf", "picture",
    "printer", "printer_test", "provisional", "receipt", "sheets", "slip", "slip_parts", "text",
    "wording",
}  # fmt: skip
"""The modules that have a hand in what this goal looks at."""
_NOT_TYPED = {
    "kind", "locale", "issued_on", "issued_at", "supply_on", "due_on", "short_code", "price_basis",
    "quantity", "unit", "unit_price", "tax_code", "taxes", "method", "previous", "current",
    "final", "first", "previous_on", "current_on", "already_billed", "logo",
}  # fmt: skip
_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_MOST = 1_000


@dataclass(frozen=True, kw_only=True)
class Bait:
    """What a document must neither show nor ask: a file's content, and a server's address."""

    file: Path
    server: socket.socket

    def asked(self) -> bool:
        """Tell whether anybody has called at the server."""
        try:
            self.server.accept()
        except BlockingIOError:
            return False
        return True

    def text(self, rng: Random) -> str:
        """Return what a person might type to have the file or the server fetched."""
        url = f"http://127.0.0.1:{self.server.getsockname()[1]}/{rng.randrange(1000)}"
        target = rng.choice([url, f"file://{self.file}", f"asset:{url}", f"font:..{self.file}"])
        pattern = rng.choice([
            '"><img src="{}">', "<link rel=attachment href='{}'>", "<object data='{}'></object>",
            "</style><style>@import url({}); p { background: url({}) }</style>", "url({})", "{}",
            "<a href='{}' rel=attachment>x</a>", "<svg><image href='{}'/></svg>",
            "<base href='{}'>",
        ])  # fmt: skip
        return pattern.replace("{}", target)


def run(task: Task) -> Found:
    """Make ``task.size`` documents."""
    rng = Random(task.seed)  # noqa: S311 - no secret
    with task.books() as books, _bait(books.home) as bait:
        with books.app.app_context():
            contents = _contents(books)
        found = Found(count=task.size)
        new = {module.name for module in pkgutil.iter_modules(documents.__path__)} ^ SEEN_TO
        found.expect(not new, f"hsh/documents: {sorted(new)} is not seen to here")
        shapes = [_shape(html(_filled(c, "x"), numbers=NUMBERS, anchor=ANCHOR)) for c in contents]
        for turn in range(task.size):
            chosen = turn % len(contents)
            said = _text(rng, bait)
            content = _filled(contents[chosen], said)
            faults = _faults(content, shapes[chosen], with_pdf=turn % ONE_PDF_IN == 0)
            for fault in (*faults, *_faults_of_file(said)):
                found.faults.append(f"{fault} for {said[:200]!r}")
        found.expect(not bait.asked(), "somebody asked the server that stands in names")
        found.more = {"pdfs": -(-task.size // ONE_PDF_IN), "contents": len(contents)}
        return found


def _faults(content: Content, shape: set[str], *, with_pdf: bool) -> Iterator[str]:
    page = html(content, numbers=NUMBERS, anchor=ANCHOR)
    if more := _shape(page) - shape:
        yield f"the page has {sorted(more)}"
    if unseen := {sign for sign in page if sign != "\n" and _is_unseen(sign)}:
        yield f"the page has {unseen!r}"
    receipt = escpos(content, numbers=NUMBERS, anchor=ANCHOR, copy=1)
    yield from _faults_of_slip("the receipt", receipt, [NUMBERS.document])
    yield from _faults_of_slip("the provisional slip", provisional.escpos(content, copy=1), [])
    if with_pdf:
        yield from _faults_of_pdf(pdf(content, numbers=NUMBERS, anchor=ANCHOR, assets={}))


def _faults_of_slip(name: str, body: bytes, meant: list[str]) -> Iterator[str]:
    try:
        paper = parse(body)
    except BadBytesError as error:
        yield f"{name}: {error}"
    else:
        codes = [line.text for line in paper if isinstance(line, Code)]
        if codes != meant:
            yield f"{name} has the codes {codes}"


def _faults_of_file(said: str) -> Iterator[str]:
    """Look at ``said`` as a cell of a list's CSV and XLSX file."""
    heads = [Head(label=said, kind=Kind.TEXT)]
    body = b"".join(comma_separated(heads, [[said]])).decode("utf-8-sig")
    rows = list(csv.reader(StringIO(body, newline="")))
    if [len(row) for row in rows] != [1, 1]:
        yield f"the CSV file has the rows {rows}"
    for cell in chain.from_iterable(rows):
        if cell.startswith(("=", "+", "-", "@")) or any(map(_is_unseen, cell)):
            yield f"the CSV file has the cell {cell!r}"
    spreadsheet(heads, [[said]], book := BytesIO(), title="List")
    sheet = load_workbook(book, read_only=True).worksheets[0]
    for cell in chain.from_iterable(sheet.iter_rows()):
        if cell.data_type == "f" or any(map(_is_unseen, str(cell.value or ""))):
            yield f"the XLSX file has the cell {cell.value!r}"


def _faults_of_pdf(body: bytes) -> Iterator[str]:
    read = PdfReader(BytesIO(body))
    if list(read.attachments) != ["content.json"]:
        yield f"the PDF has {list(read.attachments)} attached"
    shown = "".join(page.extract_text() for page in read.pages)
    if SECRET in shown:
        yield "the PDF shows a local file"
    if any("/Annots" in page or page.images for page in read.pages):
        yield "the PDF has links or pictures"
    about = "".join(str(value) for value in (read.metadata or {}).values())
    if unseen := {sign for sign in about if _is_unseen(sign)}:
        yield f"the PDF's own data has {unseen!r}"


def _text(rng: Random, bait: Bait) -> str:
    """Return what a database can hold, as long as a remark at most."""
    said = bait.text(rng) if rng.randrange(3) == 0 else naughty.text(rng)
    said = said[:_MOST].encode("utf-8", "ignore").decode()
    return f"{said} {naughty.text(rng)[:60]}".encode("utf-8", "ignore").decode()[:_MOST] or "x"


def _filled(content: Content, said: str) -> Content:
    """Return ``content`` with ``said`` wherever a person may have typed."""
    filled: Content = _replaced(content, said)
    filled["note"] = filled["reason"] = filled["buyer_reference"] = said
    filled["customer"]["uen"] = filled["customer"]["email"] = filled["company"]["phone"] = said
    return filled


def _replaced(value: Any, said: str) -> Any:
    if isinstance(value, dict):
        return {
            key: part if key in _NOT_TYPED else _replaced(part, said) for key, part in value.items()
        }
    if isinstance(value, list):
        return [_replaced(part, said) for part in value]
    return said if isinstance(value, str) else value


def _contents(books: Books) -> list[Content]:
    """Sell, credit and void; return what the documents froze."""
    seller = Seller(world=books.world, number=0, seed=0)
    for place in books.world.trucks:
        stock_up(books.world, place)
    for n in range(6):
        do(seller.sale(n))
    do(seller.credit(6))
    do(seller.void(7, do(seller.visit(7)).ref))
    kept = db.session.scalars(select(Document.content).order_by(Document.id))
    return [json.loads(content) for content in kept]


class _Shape(HTMLParser):
    """Collects what a page is made of: tags with the names of their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: set[str] = set()

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts.add(" ".join([tag, *sorted(name for name, _ in attrs)]))

    @override
    def handle_comment(self, data: str) -> None:
        self.parts.add("comment")


def _shape(page: str) -> set[str]:
    reader = _Shape()
    reader.feed(page)
    return reader.parts


def _is_unseen(sign: str) -> bool:
    return unicodedata.category(sign) in _UNSEEN


@contextmanager
def _bait(folder: Path) -> Iterator[Bait]:
    file = folder / "secret.txt"
    file.write_text(SECRET)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        yield Bait(file=file, server=server)


GOAL = Goal(
    name="documents",
    promise="hostile names and remarks on paper: no control byte, nothing fetched, no markup",
    run=run,
    quick=500,
    full=20_000,
)
