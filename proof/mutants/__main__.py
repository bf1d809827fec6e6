"""``python -m proof.mutants [name ...]``: break the code in each way, and see a test go red.

Everything happens in a copy of the working tree in a folder of its own. Prints a line for each
mutant and a JSON summary; exits with 1 when one survives, or when the untouched copy is red.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack

from proof.mutants import MUTANTS
from proof.mutants.copy import Copy, tree
from proof.mutants.mutant import Mutant
from proof.server import own_server

CAUGHT, SURVIVED, SKIPPED, WRONG = "caught", "SURVIVED", "skipped", "WRONG"


def main(names: Sequence[str]) -> int:
    """Run the mutants whose names contain one of ``names``, or all."""
    began = time.monotonic()
    chosen = [one for one in MUTANTS if not names or any(name in one.name for name in names)]
    outcomes: Counter[str] = Counter()
    bad: list[str] = []
    with ExitStack() as stack:
        copy = stack.enter_context(tree())
        for mutant, outcome, why in _outcomes(copy, chosen, stack):
            outcomes[outcome] += 1
            bad += [mutant.name] if outcome in {SURVIVED, WRONG} else []
            _say(f"{outcome:<9} {mutant.name}  {why}".rstrip())
    seconds = round(time.monotonic() - began, 1)
    _say(json.dumps({"mutants": len(chosen), **outcomes, "bad": bad, "seconds": seconds}))
    return 1 if bad or not chosen else 0


def _outcomes(
    copy: Copy, chosen: Sequence[Mutant], stack: ExitStack
) -> Iterator[tuple[Mutant, str, str]]:
    """Yield what became of each mutant, those that need a server last."""
    yield from _try_all(copy, [mutant for mutant in chosen if not mutant.on_server])
    on_server = [mutant for mutant in chosen if mutant.on_server]
    if on_server and not copy.has("mariadbd"):
        yield from (
            (mutant, SKIPPED, "there is no mariadbd on this machine") for mutant in on_server
        )
    elif on_server:
        copy.server = stack.enter_context(own_server())
        yield from _try_all(copy, on_server)


def _try_all(copy: Copy, chosen: Sequence[Mutant]) -> Iterator[tuple[Mutant, str, str]]:
    able = []
    for mutant in chosen:
        lacking = [program for program in mutant.needs if not copy.has(program)]
        if lacking:
            yield mutant, SKIPPED, f"there is no {lacking[0]} on this machine"
        else:
            able.append(mutant)
    red = copy.red_without_a_mutant(able)
    for mutant in able:
        if fault := mutant.fault(copy.root):
            yield mutant, WRONG, fault
        elif broken := red & set(mutant.tests):
            yield mutant, WRONG, f"red without it: {' '.join(sorted(broken))}"
        else:
            yield mutant, *_try(copy, mutant)


def _try(copy: Copy, mutant: Mutant) -> tuple[str, str]:
    began = time.monotonic()
    before = mutant.apply(copy.root)
    try:
        failed, last = copy.test(mutant.tests)
    finally:
        (copy.root / mutant.file).write_text(before, encoding="utf-8")
    took = f"{time.monotonic() - began:.1f} s"
    return (CAUGHT, took) if failed else (SURVIVED, last)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
