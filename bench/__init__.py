"""Speed, held against a floor: how HSH compares with the least that the same work can cost.

``python -m bench`` measures every figure, prints a table, writes ``bench/results.json`` and
exits with 1 when a must is missed. ``python -m bench sales paper`` measures these groups alone.
A figure counts only if the books are right in the same run.
"""
