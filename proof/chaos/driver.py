"""A driver who plans, confirms and sells, whatever happens to the tablet meanwhile."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

from playwright.sync_api import Error

from proof.chaos.acts import Act, Diary
from proof.chaos.browser import LONG, Browser
from proof.chaos.paper import printed
from proof.chaos.site import Office
from proof.chaos.weather import CALM, FAIR, STORM, Weather
from proof.staff import PASSWORD
from proof.world import Person, Spot
from tests.browser import tablet

A_LOAD = 6
"""Cylinders that are loaded at a time; then they are sold one by one."""
LOCKS = (0.3, 1.0, 3.0)
SETTLE = 180.0
"""Seconds until everything that waits must be in the books, once nothing fails any more."""
ONE_PRINT_IN = 2
LINK_LIVES = (None, None, None, 0, 3)
"""Writes until the link to the printer breaks."""
_TAPS = (1, 1, 1, 3)
_ACCIDENTS = (
    *["none"] * 50, *["tab"] * 10, *["tab at the tap"] * 8, *["second tab"] * 6, *["worker"] * 12,
    *["browser"] * 2, *["server"] * 5, *["locked"] * 7,
)  # fmt: skip
_ANSWERED = "#saved, #transaction, #distribution"


@dataclass(kw_only=True)
class Driver:
    """One driver with one tablet. ``diary`` has what they were told."""

    person: Person
    sites: tuple[Spot, ...]
    browser: Browser
    weather: Weather
    office: Office
    rng: Random
    diary: Diary = field(default_factory=Diary)
    met: Counter[str] = field(default_factory=Counter)
    aboard: int = 0
    onto: str | None = None
    """The confirmation that brought what is aboard."""
    written: int = 0

    def begin(self) -> None:
        """Log in, in calm weather, and wait until the day is kept on the tablet."""
        self.browser.start()
        self._log_in()

    def work(self, submissions: int) -> None:
        """Submit so many forms."""
        while len(self.diary.acts) < submissions:
            self._change_weather()
            if self.aboard:
                self._sell()
            else:
                self._load()

    def settle(self) -> list[str]:
        """Come back into coverage and wait until everything is sent; return what is not."""
        self.weather.become(CALM)
        self.office.await_answer()
        self._look_at("/pending", "#pending")
        deadline = time.monotonic() + SETTLE
        while time.monotonic() < deadline:
            left = [item for item in self.browser.items() if item["state"] != "sent"]
            if not left or all(item["state"] == "refused" for item in left):
                break
            with suppress(Error):
                self.browser.page.evaluate("self.hsh.flush()")
            self.browser.page.wait_for_timeout(300)
        return [f"not sent: {item}" for item in left]

    def _change_weather(self) -> None:
        match self.rng.randrange(10):
            case 0:
                self.weather.become(CALM)
            case 1 | 2:
                self.weather.become(CALM, dark=True)
            case 3 | 4:
                self.weather.become(STORM)
            case 5:
                self.weather.become(FAIR)

    def _load(self) -> None:
        """Plan a load and confirm it: cylinders to sell come aboard by no other way."""
        self._look_at("/distributions/plan?way=load", "#plan-form[data-queue]")
        mark = self._mark()
        self.browser.page.fill("[name=out_full-C127]", str(A_LOAD))
        self.browser.page.fill("[name=remarks]", mark)
        plan = self._submit("#plan-form", "distribution.plan", mark)
        if plan:
            self._confirm(plan)

    def _confirm(self, plan: str) -> None:
        """Press the button that confirms ``plan``, on whichever page it is."""
        for _ in range(3):
            kept = self.browser.item(plan)
            if kept and kept["state"] == "waiting":
                self._look_at("/pending", "#pending")
                button = f"[id='{plan}'] button[data-act=confirm]"
            else:
                self._look_at(f"/distributions/{plan}", "#distribution")
                button = "form[data-queue='distribution.confirm'] button"
            with suppress(Error):
                self.browser.page.click(button, timeout=2_000, no_wait_after=True)
            confirmed = self._await_confirmation(plan)
            if confirmed:
                self._note(Act(uuid=confirmed, op="distribution.confirm", mark="", needs=plan))
                self.aboard, self.onto = A_LOAD, confirmed
                self._suffer(self._accident())
                return

    def _await_confirmation(self, plan: str) -> str | None:
        deadline = time.monotonic() + 2
        while time.monotonic() < deadline:
            for item in self.browser.items():
                if item["path"] == f"/distributions/{plan}/confirm":
                    return str(item["uuid"])
            self.browser.page.wait_for_timeout(30)
        return None

    def _sell(self) -> None:
        site = self.rng.choice(self.sites)
        self._look_at(f"/sites/{site.ref}/sale", "#visit[data-queue]")
        mark = self._mark()
        self.browser.page.fill("[name='delivery-C127']", "1")
        self.browser.page.fill("[name=purchase_order]", mark)
        if self._submit("#visit", "sale.confirm", mark, needs=self.onto):
            self.aboard -= 1

    def _submit(self, form: str, op: str, mark: str, needs: str | None = None) -> str | None:
        """Tap, let happen what happens; return the form's UUID if the tablet has it."""
        page = self.browser.page
        uuid = page.input_value(f"{form} [name=client_temp_id]")
        accident = self._accident()
        page.locator(f"{form} button.primary").click(
            click_count=self.rng.choice(_TAPS), no_wait_after=True
        )
        if accident == "tab at the tap":
            self.browser.kill_tab()
            kept = self.browser.item(uuid) is not None  # the driver looks at what waits
        else:
            kept = self.browser.keeps(uuid)
        if not kept:
            return None
        self._note(Act(uuid=uuid, op=op, mark=mark, needs=needs))
        if not accident and self.rng.randrange(2):
            self._read(op)
        self._suffer(accident)
        return uuid

    def _read(self, op: str) -> None:
        """Wait for what the page says; a customer gets the code that stands there."""
        page = self.browser.page
        with suppress(Error):
            page.wait_for_selector(_ANSWERED, timeout=4_000)
            if op != "sale.confirm":
                return
            code = page.locator("#saved [data-code]")
            in_address = (
                page.url.rpartition("/transactions/")[2] if "/transactions/" in page.url else ""
            )
            self.diary.slips += [slip for slip in (*code.all_inner_texts(), in_address) if slip]
            if not self.rng.randrange(ONE_PRINT_IN):
                self.diary.papers += printed(page, dies_after=self.rng.choice(LINK_LIVES))

    def _accident(self) -> str:
        drawn = self.rng.choice(_ACCIDENTS)
        return "" if drawn == "none" else drawn

    def _suffer(self, accident: str) -> None:
        """Let an accident happen, somewhere in the tenths of a second after a tap."""
        if not accident:
            return
        self.met[accident] += 1
        self.browser.page.wait_for_timeout(self.rng.choice([0, 0, 20, 100, 300]))
        happen: dict[str, Callable[[], None]] = {
            "tab": self.browser.kill_tab,
            "second tab": self.browser.leave_tab,
            "worker": self.browser.kill_worker,
            "browser": self.browser.kill,
            "server": self.office.kill,
            "locked": lambda: self.office.lock(self.rng.choice(LOCKS)),
        }
        if accident in happen:
            happen[accident]()

    def _look_at(self, path: str, wanted: str) -> None:
        """Open a page that shows ``wanted``; go where the network is if it is not kept."""
        if self.browser.go(path, wanted):
            return
        with self.weather.clearing():
            self.office.await_answer()
            for _ in range(3):
                if self.browser.go(path, wanted, LONG):
                    return
                if "/login" in self.browser.page.url:
                    self._log_in()
                self.browser.come_to_rest()
        shown = self.browser.page.inner_text("body")[:300]
        why = f"{self.browser.page.url} {shown!r} {self.browser.trouble}"
        raise RuntimeError(f"{path} does not show {wanted}: {why}")

    def _log_in(self) -> None:
        page = self.browser.page
        tablet.sign_in(page, self.person.actor, PASSWORD)
        tablet.prepare(page)

    def _mark(self) -> str:
        self.written += 1
        return f"Act {self.written}"

    def _note(self, act: Act) -> None:
        self.diary.acts.append(act)
