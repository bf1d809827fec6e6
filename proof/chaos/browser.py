"""A tablet: Chromium with a memory of its own, which outlives its tabs, its worker and its end."""

from __future__ import annotations

import os
import shutil
import signal
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Error, Page, Playwright, ViewportSize

from tests.browser.bluetooth_printer import SWITCHES
from tests.browser.conftest import QUIET

PATIENCE = 10.0
"""Seconds that a driver looks at a page that does nothing."""
LONG = 40.0
"""Seconds after which a page that should come, on a busy machine too, does not."""
_STEP = 0.03
_REST = 2.0
_ITEMS = """async () => {
  const late = new Promise((_, no) => setTimeout(() => no(new Error("no answer")), 5000));
  const items = await Promise.race([self.hsh.store.all(), late]);
  return items.map((item) => ({
    uuid: item.client_temp_id, op: item.op, path: item.path, state: item.state, said: item.said }));
}"""

_STRANGE = 'document.readyState === "complete" && !self.hsh?.store'


@dataclass(kw_only=True)
class Browser:
    """A browser with one page in front; others may be open behind it."""

    playwright: Playwright
    profile: Path
    address: str
    context: BrowserContext = field(init=False)
    page: Page = field(init=False)
    trouble: str = ""
    """Why the last page that was not shown was not."""

    def start(self) -> None:
        """Open it on what it remembers."""
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.profile),
            executable_path=shutil.which("chromium"),
            args=[*QUIET, *SWITCHES],
            base_url=self.address,
            viewport=ViewportSize(width=1280, height=800),
        )
        self.context.set_default_timeout(PATIENCE * 1000)
        self.page = self.context.pages[0]

    def stop(self) -> None:
        """Close it."""
        self.context.close()

    def kill(self) -> None:
        """End all of it at once, as a flat battery does, and start again."""
        for pid in self._pids():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        with suppress(Error):
            self.context.close()
        self.start()

    def kill_tab(self) -> None:
        """End the page in front; another takes its place."""
        dying = self.page
        self.page = self.context.new_page()
        dying.close()

    def leave_tab(self) -> None:
        """Go on in another tab, and leave this one and no third open."""
        for page in self.context.pages:
            if page is not self.page:
                page.close()
        self.page = self.context.new_page()

    def kill_worker(self) -> None:
        """Stop the service worker, whatever it is doing."""
        session = self.context.new_cdp_session(self.page)
        session.send("ServiceWorker.enable")
        session.send("ServiceWorker.stopAllWorkers")  # detaching now may wait for ever

    def go(self, path: str, wanted: str, patience: float = 1.5) -> bool:
        """Open a page; tell whether it shows ``wanted`` within some seconds."""
        try:
            longest = max(patience, PATIENCE) * 1000
            self.page.goto(path, wait_until="domcontentloaded", timeout=longest)
            self.page.wait_for_selector(wanted, timeout=patience * 1000)
        except Error as error:
            self.trouble = str(error)
            return False
        return True

    def come_to_rest(self) -> None:
        """Let a page arrive that was given up: it would cut the next one short."""
        self.page.wait_for_timeout(_REST * 1000)

    def items(self) -> list[dict[str, Any]]:
        """Return what the tablet keeps, from whichever page can tell."""
        began = time.monotonic()
        while True:
            waited = time.monotonic() - began
            try:
                found: list[dict[str, Any]] = self.page.evaluate(_ITEMS)
            except Error:  # between two pages, on one without scripts, or on none
                if waited > 2 * LONG:
                    raise
                self.page.wait_for_timeout(_STEP * 1000)
                if waited > PATIENCE or self._is_strange():
                    self.go("/pending", "#pending", patience=LONG)
            else:
                return found

    def _is_strange(self) -> bool:
        """Tell whether the page has loaded and is none of ours, or came without its scripts."""
        with suppress(Error):
            return bool(self.page.evaluate(_STRANGE))
        return False

    def item(self, uuid: str) -> dict[str, Any] | None:
        """Return what the tablet keeps of one form."""
        return next((item for item in self.items() if item["uuid"] == uuid), None)

    def keeps(self, uuid: str) -> bool:
        """Wait until a form is kept; tell whether it came to that."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self.item(uuid):
                return True
            self.page.wait_for_timeout(_STEP * 1000)
        return False

    def _pids(self) -> list[int]:
        """Return the processes that have this browser's profile on their command line."""
        ours = f"--user-data-dir={self.profile}".encode()
        return [
            int(folder.name)
            for folder in Path("/proc").iterdir()
            if folder.name.isdigit() and ours in _command(folder)
        ]


def _command(folder: Path) -> list[bytes]:
    try:
        return (folder / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return []
