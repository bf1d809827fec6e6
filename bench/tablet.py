"""A driver's tablet: Chromium with a profile of its own, slowed down, and what is read from it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import Page, sync_playwright

from bench.figure import NotCountedError
from hsh.services.registry.passwords import DEMO_PASSWORD
from tests.browser.conftest import QUIET, TABLET

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Playwright

SLOWDOWN = 4
"""How many times slower than this machine the tablet's pages run."""
PATIENCE = 60
_QUEUE = "async () => (await self.hsh.store.all()).map(item => item.state)"


class Tablet:
    """A tablet that may be switched off and on again: ``profile`` is its memory."""

    def __init__(self, playwright: Playwright, address: str, profile: Path) -> None:
        """Know where the tablet's things are; ``on`` starts it."""
        self._playwright, self._address, self._profile = playwright, address, profile

    @contextlib.contextmanager
    def on(self, *, offline: bool = False) -> Iterator[Page]:
        """Start the browser with one slow page; switch it off afterwards."""
        context = self._playwright.chromium.launch_persistent_context(
            str(self._profile),
            executable_path="/usr/bin/chromium",
            args=QUIET,
            base_url=self._address,
            viewport=TABLET,  # type: ignore[arg-type]
            has_touch=True,
            offline=offline,
        )
        try:
            yield self._slow(context)
        finally:
            context.close()

    def _slow(self, context: BrowserContext) -> Page:
        page = context.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        session = context.new_cdp_session(page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
        return page


@contextlib.contextmanager
def tablet(address: str, home: Path) -> Iterator[Tablet]:
    """Have a new tablet that asks the server at ``address``; its memory is below ``home``."""
    with sync_playwright() as playwright:
        yield Tablet(playwright, address, home / "tablet")


def sign_in(page: Page, username: str) -> None:
    """Sign in, and wait until the tablet has kept the pages of the day."""
    page.goto("/login")
    page.fill("[name=username]", username)
    page.fill("[name=password]", DEMO_PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    page.wait_for_function("() => Boolean(navigator.serviceWorker.controller)")
    until(page, "async () => Boolean((await self.hsh.store.fact('day'))?.pages)")


def states(page: Page) -> list[str]:
    """Return how each item of the tablet's queue stands, in the order of the acts."""
    found: list[str] = page.evaluate(_QUEUE)
    return found


def until(page: Page, asked: str) -> None:
    """Wait until ``asked``, a function of the page, answers with true.

    Raises:
        NotCountedError: it did not in a minute.

    """
    deadline = time.monotonic() + PATIENCE
    while not page.evaluate(asked):
        if time.monotonic() > deadline:
            raise NotCountedError(f"not within {PATIENCE} s: {asked}; queue: {states(page)}")
        page.wait_for_timeout(10)
