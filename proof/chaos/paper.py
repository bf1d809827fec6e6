"""What comes out of the printer, whole or torn off where the link broke."""

from __future__ import annotations

import re
from contextlib import suppress

from playwright.sync_api import Error, Page

from tests.browser.bluetooth_printer import BluetoothPrinter

_CODE = re.compile(rb"Short code ([0-9A-F]{4}-[0-9A-F]{4})")
_OFFERED = "main [data-print]:visible, main [data-slip]:visible"
_ENDED = "#printing li :is([data-when=printed], [data-when=failed], [data-when=unknown])"
_PATIENCE = 5_000
"""Milliseconds that a driver waits for the paper."""


def printed(page: Page, *, dies_after: int | None) -> list[str]:
    """Print what ``page`` offers to print; return the short codes that reached the paper."""
    printer = BluetoothPrinter(page)
    printer.dies_after = dies_after
    with suppress(Error):  # the page may go while it prints
        page.locator(_OFFERED).first.click(timeout=_PATIENCE)
        page.locator(_ENDED).filter(visible=True).first.wait_for(timeout=_PATIENCE)
    with suppress(Error):
        printer.power_off()
    return [code.decode() for code in set(_CODE.findall(printer.received))]
