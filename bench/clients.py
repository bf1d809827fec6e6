"""Sellers at once: each in a process of its own, as the workers of a web server are."""

from __future__ import annotations

import contextlib
import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from bench import books
from bench.company import Seller
from hsh.services.sales.transactions import confirm_sale

type Change = Callable[[int], AbstractContextManager[None]]
"""Makes the product, in the process of the client of that number, what it must not be."""

_PROCESSES = multiprocessing.get_context("fork")


class Clients:
    """So many processes that sell when told to."""

    def __init__(self, pipes: Sequence[Connection]) -> None:
        """Speak to the processes through ``pipes``."""
        self.pipes = pipes

    def sell(self, each: int) -> float:
        """Have every client make so many sales; return sales a second of all together."""
        began = time.perf_counter()
        for pipe in self.pipes:
            pipe.send(each)
        for pipe in self.pipes:
            _require_done(pipe.recv())
        return each * len(self.pipes) / (time.perf_counter() - began)


@contextlib.contextmanager
def at(url: str, home: Path, sellers: Sequence[Seller], change: Change) -> Iterator[Clients]:
    """Start a client for each seller at the books ``url``; stop them afterwards."""
    pipes, processes = [], []
    for number, seller in enumerate(sellers):
        ours, theirs = _PROCESSES.Pipe()
        arguments = (theirs, url, home, seller, number, change)
        processes.append(_PROCESSES.Process(target=_client, args=arguments, daemon=True))
        processes[-1].start()
        pipes.append(ours)
    try:
        for pipe in pipes:
            _require_done(pipe.recv())
        yield Clients(pipes)
    finally:
        for pipe in pipes:
            with contextlib.suppress(OSError):
                pipe.send(None)
        for process in processes:
            process.join(timeout=30)


def _client(
    pipe: Connection, url: str, home: Path, seller: Seller, number: int, change: Change
) -> None:
    sales = seller.sales()
    with books.opened(url, home), change(number):
        each: Any = 1
        while each:
            pipe.send(_sold(list(islice(sales, each))))
            each = pipe.recv()


def _sold(sales: Sequence[Any]) -> str:
    """Confirm ``sales``; return what went wrong."""
    try:
        for sale in sales:
            confirm_sale(sale)
    except Exception as error:  # noqa: BLE001 - the parent is told
        return f"{type(error).__name__}: {error}"
    return ""


def _require_done(problem: str) -> None:
    if problem:
        raise RuntimeError(problem)
