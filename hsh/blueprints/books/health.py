"""/books and /meters-due: how the books are, and which meters nobody read for a while."""

from __future__ import annotations

from flask import Blueprint, url_for
from flask_babel import lazy_gettext as _l

from hsh.blueprints import lists
from hsh.blueprints.access import may
from hsh.blueprints.lists import Column, Listing
from hsh.core import clock
from hsh.documents.sheets import Kind
from hsh.queries.books import verifications
from hsh.queries.registry import meters_due

bp = Blueprint("books", __name__)

VERIFICATIONS = lists.serve(
    bp,
    Listing(
        name="books-health",
        title=_l("Books' health"),
        note=_l("What flask verify found. The worker runs it each night."),
        action="report.view",
        ask=lambda _actor, _form: verifications.every(),
        empty=_l("Verify never ran. Whoever runs the system starts it with: flask verify"),
        key="",
        columns=(
            Column(name="verified_at", label=_l("When"), kind=Kind.INSTANT),
            Column(
                name="state", label=_l("Result"),
                says=lambda row: str(_l("Broken") if row.broken else _l("All laws hold")),
                tone=lambda row: "stop" if row.broken else "ok",
            ),
            Column(name="laws", label=_l("Laws"), kind=Kind.COUNT),
            Column(name="broken", label=_l("Broken"), kind=Kind.COUNT),
            Column(name="seconds", label=_l("Seconds"), kind=Kind.COUNT),
            Column(name="detail", label=_l("Which")),
        ),
    ),
    path="/books-health",
    index="health",
)  # fmt: skip
METERS_DUE = lists.serve(
    bp,
    Listing(
        name="meters-due",
        title=_l("Meters to read"),
        note=_l("Not read for 35 days or more, the longest first."),
        action="report.view",
        ask=lambda _actor, _form: meters_due.due(clock.today()),
        empty=_l("Every meter was read within 35 days."),
        columns=(
            Column(name="serial", label=_l("Meter")),
            Column(
                name="site", label=_l("Site"),
                link=lambda row: (
                    url_for("sites.one", ref=row.site_ref) if may("site.view") else None
                ),
            ),
            Column(name="site_code", label=_l("Site code"), under=True),
            Column(name="customer", label=_l("Customer")),
            Column(name="last_read_on", label=_l("Last read"), kind=Kind.DAY),
            Column(name="last_reading", label=_l("It showed"), kind=Kind.EXACT),
            Column(name="unit", label=_l("Unit")),
        ),
    ),
    path="/meters-due",
    index="meters_due",
)  # fmt: skip
