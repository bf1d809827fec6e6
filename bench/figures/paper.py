"""The invoice's PDF: against WeasyPrint as its manual begins, and once stored against rendering."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median

import weasyprint
from sqlalchemy import select
from weasyprint.text.fonts import FontConfiguration

from bench import books
from bench.company import Seller, found
from bench.figure import Bars, Figure, NotCountedError, in_turn
from bench.plan import Plan
from hsh.core.command import Outcome
from hsh.db import db
from hsh.documents import fonts, invoice
from hsh.documents.content import Anchor, Content, Numbers
from hsh.documents.environment import STATIONERY
from hsh.documents.pdf import ASSET, pdf
from hsh.models.sales import Document
from hsh.queries.sales import documents
from hsh.services.sales import papers
from hsh.services.sales.transactions import confirm_sale

RENDERED = Bars(must=2.0, aim=2.5, more_is_better=True)
STORED = Bars(must=0.1, aim=0.03)
STYLE = STATIONERY / "invoice.css"
AT_ONCE = 5
"""Documents in one measurement, of which the middle one counts."""


def measure(plan: Plan) -> Iterator[Figure]:
    """Yield how much faster a PDF is made than by default, and how much faster it is found."""
    with books.opened(books.sqlite_url(plan.home / "paper.sqlite3"), plan.home):
        [seller] = found()
        sales = seller.sales()
        sold = [confirm_sale(next(sales)) for _ in range(AT_ONCE)]
        printed = [_printed(outcome) for outcome in sold]
        pairs = in_turn(
            plan.pairs,
            lambda: _middle(printed, lambda one: one.ours()),
            lambda: _middle(printed, lambda one: one.naive()),
        )
        yield pairs.figure("PDF, naive WeasyPrint / ours", RENDERED, unit="ms", inverse=True)
        yield _stored(plan, seller, sold, printed)
        books.prove(plan.home)


def _stored(plan: Plan, seller: Seller, sold: list[Outcome], printed: list[_Document]) -> Figure:
    """Return the time to fetch a stored PDF as its seller does, against the time to render it."""
    press = papers.Press(render=pdf, directory=plan.home)
    fetched = [papers.fetch(seller.actor, outcome.ref, press).body for outcome in sold]
    if fetched != [one.ours() for one in printed]:
        raise NotCountedError("a PDF that was stored is another than one made again")
    pairs = in_turn(
        plan.pairs,
        lambda: _middle(sold, lambda outcome: papers.fetch(seller.actor, outcome.ref, press)),
        lambda: _middle(printed, lambda one: one.ours()),
    )
    return pairs.figure("PDF, stored again / rendering it", STORED, unit="ms")


def _middle[T](things: Sequence[T], work: Callable[[T], object]) -> float:
    """Return the median of the ms of one core that ``work`` takes for each of ``things``."""
    taken = []
    for thing in things:
        began = time.process_time()
        work(thing)
        taken.append((time.process_time() - began) * 1000)
    return median(taken)


class _Document:
    """A document of the books, to be printed in both ways."""

    def __init__(self, row: Document) -> None:
        self.content: Content = json.loads(row.content)
        self.numbers = Numbers(document=row.number, transaction=row.transaction_number)
        self.anchor = Anchor(sequence=row.anchor_sequence, hash=row.anchor_hash)
        self.assets = documents.logo(self.content["company"]["logo"])

    def ours(self) -> bytes:
        return pdf(self.content, numbers=self.numbers, anchor=self.anchor, assets=self.assets)

    def naive(self) -> bytes:
        """Print the same HTML as WeasyPrint's manual begins: style, fonts and logo for it alone."""
        page = invoice.html(self.content, numbers=self.numbers, anchor=self.anchor)
        for name, image in self.assets.items():
            data = base64.b64encode(image).decode()
            page = page.replace(f"{ASSET}{name}", f"data:image/svg+xml;base64,{data}")
        font_config = FontConfiguration()
        style = weasyprint.CSS(string=f"{_FACES}{STYLE.read_text()}", font_config=font_config)
        made: bytes = weasyprint.HTML(string=page).write_pdf(
            stylesheets=[style], font_config=font_config
        )
        return made


def _family_and_weight(file: Path) -> tuple[str, str]:
    """Read ``Inter_600SemiBold.ttf`` as Inter, 600."""
    family, _, weight = file.stem.partition("_")
    return {"NotoSansTamil": "Noto Sans Tamil"}.get(family, family), weight[:3]


_FACES = "".join(
    f"@font-face {{ font-family: {family}; font-weight: {weight}; src: url({file.as_uri()}); }}"
    for file in sorted(fonts.TEXT.glob("*.ttf"))
    for family, weight in [_family_and_weight(file)]
)


def _printed(outcome: Outcome) -> _Document:
    row = db.session.scalars(select(Document).where(Document.number == outcome.document)).one()
    return _Document(row)
