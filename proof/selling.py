"""Eight who sell until something ends them, and say of each sale what they were told.

As a program of its own (``python -m proof.selling HOME SEED SALES``) it sells in the embedded
books of ``HOME`` and appends what it was told to the file ``told`` there.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from uuid import UUID

from sqlalchemy import Engine, select

from hsh import config, create_app
from hsh.core.command import Outcome
from hsh.models.sales import Document, Transaction
from proof.acts import Seller, do
from proof.books import Books, url_of
from proof.crew import in_threads
from proof.world import World, stock_up

SELLERS = 8
WORLD = "world.pickle"
TOLD = "told"


@dataclass(frozen=True, kw_only=True)
class Told:
    """A seller was told that their ``n``-th sale is in the books under these numbers."""

    seller: int
    n: int
    number: str
    document: str

    def line(self) -> bytes:
        """Write it as one line, short enough for a pipe to take it whole."""
        return f"{self.seller} {self.n} {self.number} {self.document}\n".encode()

    @classmethod
    def read(cls, line: bytes) -> Told:
        """Read a line."""
        seller, n, number, document = line.decode().split()
        return cls(seller=int(seller), n=int(n), number=number, document=document)


def told(seller: Seller, n: int, outcome: Outcome) -> Told:
    """Return what ``seller`` heard of their ``n``-th sale."""
    return Told(
        seller=seller.number, n=n, number=outcome.number or "", document=outcome.document or ""
    )


def sell(seller: Seller, numbers: Iterable[int], tell: Callable[[bytes], object]) -> None:
    """Make these sales one after the other; tell of each once its commit has returned."""
    for n in numbers:
        tell(told(seller, n, do(seller.sale(n))).line())


def the_sellers(world: World, seed: int) -> list[Seller]:
    """Return all sellers."""
    return [Seller(world=world, number=number, seed=seed) for number in range(SELLERS)]


def open_shop(books: Books) -> None:
    """Fill the trucks."""
    with books.app.app_context():
        for truck in books.world.trucks:
            stock_up(books.world, truck)
    books.let_go()


def serve(books: Books, sellers: Sequence[Seller], begin: Sequence[int], pipe: int) -> None:
    """Sell in a thread each, from the ``begin``-th sale of each on, until killed."""

    def work(seller: Seller) -> None:
        sell(seller, count(begin[seller.number]), lambda line: os.write(pipe, line))

    in_threads(books.app, work, list(sellers))


def lost(engine: Engine, sellers: Sequence[Seller], heard: Iterable[Told]) -> list[str]:
    """Return every sale that a seller was told of and that is not in the books as told."""
    there = _kept(engine)
    return [
        f"seller {one.seller}'s sale {one.n}, told as {one.number} {one.document}"
        for one in heard
        if there.get(sellers[one.seller].sale(one.n).submission) != (one.number, one.document)
    ]


def is_there(engine: Engine, ref: UUID) -> bool:
    """Tell whether the books have the sale ``ref``."""
    query = select(Transaction.id).where(Transaction.ref == ref)
    with engine.connect() as connection:
        return connection.execute(query).first() is not None


def _kept(engine: Engine) -> dict[UUID, tuple[str, str]]:
    query = select(Transaction.ref, Document.transaction_number, Document.number).join(
        Document, Document.transaction_id == Transaction.id
    )
    with engine.connect() as connection:
        return {ref: (number, document) for ref, number, document in connection.execute(query)}


def main(home: Path, seed: int, sales: int) -> None:
    """Sell so many times each in the embedded books of ``home``."""
    world: World = pickle.loads((home / WORLD).read_bytes())  # noqa: S301 - we wrote it
    app = create_app(config.load({"DATABASE_URL": url_of(home), "HSH_DATA_DIR": str(home)}))
    paper = os.open(home / TOLD, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def work(seller: Seller) -> None:
        sell(seller, range(sales), lambda line: os.write(paper, line))

    in_threads(app, work, the_sellers(world, seed))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
