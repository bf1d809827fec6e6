"""What a sale's page tells the tablet, and the cases by which the tablet's own total is proved."""

import json
import os

from hsh.core.canonical import canonical
from tests import given, totalling


def test_the_shared_cases_are_what_the_server_says(app):
    visits = totalling.drawn(given.a_world(full_on_truck=2000))
    if os.environ.get("HSH_WRITE_TOTALS"):
        lines = ",\n".join(canonical(visit) for visit in visits)
        totalling.FILE.write_text(f"[\n{lines}\n]\n")
    assert json.loads(totalling.FILE.read_text()) == visits


def test_the_shared_cases_try_every_kind_of_line_and_every_rule():
    visits = json.loads(totalling.FILE.read_text())
    cases = [case["comes_to"] for visit in visits for case in visit["cases"]]
    priced = [case for case in cases if case]
    assert len(priced) > 100
    assert len(cases) - len(priced) > 20  # what the server refuses
    kinds = {line["kind"] for case in priced for line in case["lines"]}
    assert kinds == {
        "usage", "delivery", "collection", "return_full", "return_part", "accessory", "service",
        "deposit", "deposit_refund",
    }  # fmt: skip
    assert {case["totals"]["rounding"] for case in priced} == {-2, -1, 0, 1, 2}
    assert any(case["totals"]["payable"] < 0 for case in priced)
    assert any(len(case["taxes"]) > 2 for case in priced)
    assert {visit["rates"]["inclusive"] for visit in visits} == {True, False}
    assert {visit["rates"]["registered"] for visit in visits} == {True, False}
