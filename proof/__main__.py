"""``python -m proof [--full] [--seed N] [--database URL] [goal ...]``: one JSON line a goal.

Without an address the books are on SQLite. On a server ``--database`` is the address of the
tables' owner and ``--app-database`` that of the app's account; ``scripts/mariadb start --durable``
prints both as settings, and they are taken from the environment too. Exits with 1 when a promise
is broken; the line then says how to keep its seed, and kept seeds are run first from then on.
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys

from proof import runner


def main(arguments: list[str] | None = None) -> int:
    """Run the goals that are asked for; return the exit code."""
    asked = _parse(arguments)
    where = runner.Where(owner=asked.database, app=asked.app_database or asked.database)
    goals = runner.choose(asked.goal, where)
    results = [runner.prove(goal, where, seed=asked.seed, full=asked.full) for goal in goals]
    return 0 if all(results) else 1


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m proof", description="Prove the books.")
    parser.add_argument("goal", nargs="*", help=f"one of: {', '.join(runner.GOALS)}")
    parser.add_argument("--full", action="store_true", help="the size that docs/proof.md tells of")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**31))
    parser.add_argument("--database", metavar="URL", default=os.environ.get("HSH_TEST_DATABASE"))
    parser.add_argument(
        "--app-database", metavar="URL", default=os.environ.get("HSH_TEST_APP_DATABASE")
    )
    asked = parser.parse_args(arguments)
    unknown = set(asked.goal) - set(runner.GOALS)
    if unknown:
        parser.error(f"no such goal: {', '.join(sorted(unknown))}")
    return asked


if __name__ == "__main__":
    sys.exit(main())
