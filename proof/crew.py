"""Many at once: processes of threads that begin together, each process forked from this one."""

from __future__ import annotations

import multiprocessing
import os
import threading
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Any

from flask import Flask

from proof.books import Books

_fork = multiprocessing.get_context("fork")
PATIENCE = 120
"""Seconds that members wait for each other before they give up."""


@dataclass(frozen=True, kw_only=True)
class Member:
    """One thread of the crew."""

    number: int
    together: Barrier

    def wait(self) -> None:
        """Wait until every member has come this far."""
        self.together.wait(PATIENCE)


def gather[R](
    books: Books, work: Callable[[Member], R], *, processes: int, threads: int
) -> list[R]:
    """Run ``work`` in ``threads`` threads of each of ``processes``; return all answers in order.

    Raises:
        RuntimeError: one of them stumbled; says over what.

    """
    books.let_go()
    together = _fork.Barrier(processes * threads)
    members = [Member(number=n, together=together) for n in range(processes * threads)]

    def careful(member: Member) -> R:
        try:
            return work(member)
        except BaseException:
            together.abort()  # nobody waits for one who is not coming
            raise

    parts = [members[first : first + threads] for first in range(0, len(members), threads)]
    answers = in_processes([partial(in_threads, books.app, careful, part) for part in parts])
    return [answer for part in answers for answer in part]


def in_processes[R](works: Sequence[Callable[[], R]]) -> list[R]:
    """Run each of ``works`` in a process of its own; return the answers.

    Raises:
        RuntimeError: one of them stumbled; says over what.

    """
    children = [_start(work) for work in works]
    answers: list[R] = [_hear(here) for _, here in children]
    for child, _ in children:
        child.join()
    return answers


def in_threads[M, R](app: Flask, work: Callable[[M], R], members: list[M]) -> list[R]:
    """Run ``work`` for each of ``members`` in a thread that has the app; return the answers.

    Raises:
        RuntimeError: one of them stumbled; says over what.

    """
    answers: dict[int, R] = {}
    troubles: list[str] = []

    def run(place: int, member: M) -> None:
        try:
            with app.app_context():
                answers[place] = work(member)
        except BaseException:  # noqa: BLE001 - told to the caller
            troubles.append(traceback.format_exc())

    crew = [threading.Thread(target=run, args=pair) for pair in enumerate(members)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    if troubles:
        raise RuntimeError(troubles[0])
    return [answers[place] for place in range(len(members))]


def _start[R](work: Callable[[], R]) -> tuple[multiprocessing.process.BaseProcess, Connection]:
    here, there = _fork.Pipe(duplex=False)
    child = _fork.Process(target=_be, args=(work, there))
    child.start()
    there.close()
    return child, here


def _be[R](work: Callable[[], R], parent: Connection) -> None:
    try:
        parent.send((work(), None))
    except BaseException:  # noqa: BLE001 - told to the parent
        parent.send((None, traceback.format_exc()))
    parent.close()
    os._exit(0)  # nothing that this process inherited is ended here


def _hear(here: Connection) -> Any:
    try:
        answer, trouble = here.recv()
    except EOFError:
        raise RuntimeError("a process of the crew went without a word") from None
    if trouble:
        raise RuntimeError(trouble)
    return answer
