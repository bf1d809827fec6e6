"""What the database says, read in plain SQL, beside what the model says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Engine

from proof.model.state import Model

type Rows = dict[Any, Any]

_LEVELS = """
SELECT place_id, code, `condition`, quantity
FROM stock_levels JOIN equipment ON id = equipment_id WHERE quantity <> 0
"""
_MOVES = """
SELECT place_id, code, state, SUM(n) FROM (
  SELECT to_place_id AS place_id, equipment_id, to_condition AS state, quantity AS n
    FROM stock_moves
  UNION ALL SELECT from_place_id, equipment_id, from_condition, -quantity FROM stock_moves
) AS moved JOIN equipment ON equipment.id = equipment_id
GROUP BY place_id, code, state HAVING SUM(n) <> 0
"""
_COUNTERS = "SELECT series, year, issued FROM counters"
_METERS = "SELECT ref, last_reading, estimated, version FROM meters"
_DEPOSITS = """
SELECT site_id, code, quantity, amount
FROM deposit_balances JOIN services ON id = service_id WHERE quantity <> 0 OR amount <> 0
"""
_RUNS = "SELECT ref, number, version, dropped_at IS NOT NULL FROM distributions"
_SALES = """
SELECT ref, transaction_number, number, net, tax, deposits, rounding, payable,
  (SELECT COUNT(*) FROM transaction_lines WHERE transaction_id = t.id),
  (SELECT COUNT(*) FROM receipt_prints WHERE transaction_id = t.id),
  (SELECT COUNT(*) FROM stored_pdfs WHERE document_id = d.id)
FROM transactions AS t JOIN documents AS d ON d.transaction_id = t.id
"""
_COUNTS = """
SELECT (SELECT sequence FROM audit_head), (SELECT COUNT(*) FROM discrepancies),
  (SELECT COUNT(*) FROM transactions), (SELECT COUNT(*) FROM submissions)
"""


def differences(engine: Engine, model: Model, *, submissions: int) -> Iterator[str]:
    """Yield every place where the database and the model disagree."""
    with engine.connect() as connection:
        for name, said, meant in _pairs(connection, model, submissions):
            for key in said.keys() | meant.keys():
                if said.get(key) != meant.get(key):
                    yield f"{name} {key}: books {said.get(key)}, model {meant.get(key)}"


def _pairs(
    connection: Connection, model: Model, submissions: int
) -> Iterator[tuple[str, Rows, Rows]]:
    levels = {tuple(key): n for key, n in model.levels.items() if n}
    yield "level", _read(connection, _LEVELS, 3), levels
    yield "moves", _read(connection, _MOVES, 3), levels
    yield "counter", _read(connection, _COUNTERS, 2), dict(model.issued)
    yield "meter", _read(connection, _METERS, 1), _meters(model)
    yield "deposits", _read(connection, _DEPOSITS, 2), _deposits(model)
    yield "distribution", _read(connection, _RUNS, 1), _runs(model)
    yield "sale", _read(connection, _SALES, 1), _sales(model)
    counts = (model.audited, model.discrepancies, len(model.sales), submissions)
    yield "counts", _read(connection, _COUNTS, 0), {(): counts}


def _read(connection: Connection, query: str, width: int) -> Rows:
    """Return the rows by their first ``width`` columns; one column stands for itself."""
    found: Rows = {}
    for row in connection.exec_driver_sql(query):
        key, values = tuple(row[:width]), tuple(row[width:])
        found[key[0] if width == 1 else key] = int(values[0]) if len(values) == 1 else values
    return found


def _meters(model: Model) -> Rows:
    return {str(ref): (g.last, g.estimated, g.version) for ref, g in model.gauges.items()}


def _deposits(model: Model) -> Rows:
    return {key: tuple(held) for key, held in model.deposits.items() if any(held)}


def _runs(model: Model) -> Rows:
    return {str(ref): (r.number, r.version, int(r.dropped)) for ref, r in model.runs.items()}


def _sales(model: Model) -> Rows:
    return {
        str(ref): (
            sale.number, sale.document,
            sale.sum.net, sale.sum.tax, sale.sum.deposits, sale.sum.rounding, sale.sum.payable,
            len(sale.lines), sale.prints, int(sale.stored),
        )
        for ref, sale in model.sales.items()
    }  # fmt: skip
