"""/print: receipts as bytes that the page sends to the driver's printer, or as a page."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, render_template

from hsh.blueprints.access import allow, who
from hsh.blueprints.qr import qr
from hsh.documents import printer_test, receipt
from hsh.services.sales import receipts

bp = Blueprint("print", __name__, url_prefix="/print")


@bp.get("/transaction/<uuid:ref>.escpos")
@allow("receipt.print")
def transaction(ref: UUID) -> Response:
    """Hand out a sale's receipt as ESC/POS bytes; each time after the first says COPY n."""
    slip = receipts.print_receipt(who(), ref)
    body = receipt.escpos(slip.content, numbers=slip.numbers, anchor=slip.anchor, copy=slip.copy)
    return _bytes(body, slip.numbers.document)


@bp.get("/transaction/<uuid:ref>")
@allow("receipt.print")
def page(ref: UUID) -> str:
    """Show a sale's receipt as a page to print or share; it counts as a print, like the bytes."""
    slip = receipts.print_receipt(who(), ref)
    lines = receipt.preview(slip.content, numbers=slip.numbers, anchor=slip.anchor, copy=slip.copy)
    return render_template("device/receipt.html", slip=lines, numbers=slip.numbers, qr=qr)


@bp.get("/printer")
@allow("receipt.print")
def printer() -> str:
    """Show the page where a printer is chosen, tried and tuned."""
    return render_template("device/printer.html")


@bp.get("/test.escpos")
@allow("receipt.print")
def test() -> Response:
    """Hand out a test page: it belongs to no sale, so nothing is counted."""
    return _bytes(printer_test.escpos(), "test")


def _bytes(body: bytes, name: str) -> Response:
    answer = Response(body, mimetype="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.escpos")
    answer.headers["Cache-Control"] = "no-store"
    return answer
