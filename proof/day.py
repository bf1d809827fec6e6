"""A day on which something of every kind is written, so that there is something to cheat with."""

from __future__ import annotations

from uuid import UUID, uuid4

from hsh.core.refusals import Refusal
from hsh.db import db
from hsh.services.books.submissions import log_refusal
from hsh.services.books.work import work_once
from hsh.services.logistics.distributions import ReverseDistribution, reverse_distribution
from hsh.services.logistics.drafts import DropDistribution, drop_distribution
from hsh.services.sales import papers
from hsh.services.sales.papers import NoteComparison, Press, note_comparison
from hsh.services.sales.receipts import print_receipt
from proof.acts import Seller, do
from proof.books import Books
from proof.world import stock_up

SELLERS = 4
SALES = 3


def work(books: Books, seed: int) -> None:
    """Load, sell, credit, void, correct, refuse, print and store."""
    sellers = [Seller(world=books.world, number=n, seed=seed) for n in range(SELLERS)]
    with books.app.app_context():
        for place in (*books.world.depots, *books.world.trucks):
            stock_up(books.world, place)
        for seller in sellers:
            _go_round(seller)
        while work_once(papers.work(Press(render=printed, directory=books.home))):
            pass
        do(sellers[0].visit(99))  # its PDF is not stored yet
        db.session.remove()


def printed(content: object, *, numbers: object, anchor: object, assets: object) -> bytes:
    """Stand in for the PDF, where its looks do not matter."""
    del content, assets
    return f"{numbers} {anchor}".encode()


def _go_round(seller: Seller) -> None:
    for n in range(SALES):
        _print(seller, do(seller.sale(n)).ref)
    do(seller.credit(SALES))
    mistake = do(seller.visit(SALES)).ref
    do(seller.void(SALES, mistake))
    do(seller.adjustment(0))
    do(seller.transfer(0))
    do(seller.confirm(0, do(seller.plan(0)).ref))
    _undo(seller, do(seller.confirm(1, do(seller.plan(1)).ref)).ref)
    supervisor = seller.world.supervisors[0].actor
    dropped = do(seller.plan(2)).ref
    drop_distribution(DropDistribution(actor=supervisor, submission=uuid4(), distribution=dropped))
    _refused(seller, mistake)


def _undo(seller: Seller, run: UUID) -> None:
    supervisor = seller.world.supervisors[0].actor
    reverse_distribution(
        ReverseDistribution(
            actor=supervisor, submission=uuid4(), distribution=run, reason="Wrong truck"
        )
    )


def _print(seller: Seller, sale: UUID) -> None:
    """Print the original and a copy, and compare the PDF once."""
    driver = seller.sale(0).actor
    print_receipt(driver, sale)
    print_receipt(driver, sale)
    note_comparison(
        NoteComparison(
            actor=driver, submission=uuid4(), transaction=sale, stored="a" * 64, rendered="b" * 64
        )
    )


def _refused(seller: Seller, sale: UUID) -> None:
    """Void a sale a second time."""
    command = seller.void(0, sale)
    try:
        do(command)
    except Refusal as no:
        log_refusal(command, no)
