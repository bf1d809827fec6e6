"""Take the pictures of README and of the driver's guide: a demo company, its tablet and office.

    .venv/bin/python -m scripts.pictures

Writes docs/pictures/. Needs what ``make test`` installs.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from playwright.sync_api import ViewportSize, sync_playwright

from tests.browser.conftest import QUIET
from tests.browser.serving import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
TABLET: ViewportSize = {"width": 1280, "height": 800}
PORTRAIT: ViewportSize = {"width": 800, "height": 1280}
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
SITE = "Casa"
OFFICE = {
    "today": "/",
    "stock": "/stock",
    "sales": "/transactions",
    "report": "/reports/sales-by-customer",
    "audit": "/audit",
}
FILE = b"""Shop,Address,Phone
Kopi Corner,"9 Sims Drive, #01-12, S380045",6745 1234
Nasi Padang Sari,"21 Marsiling Lane, S730021",
Nameless,"no postal code",
"""


def main() -> None:
    """Play two days, serve them, and look."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        database = f"sqlite:///{home}/hsh.sqlite3"
        environ = os.environ | {"DATABASE_URL": database, "HSH_DATA_DIR": home}
        for words in ("db upgrade", "demo --days 2 --seed 7", "worker --drain"):
            _run([sys.executable, "-m", "flask", *words.split()], environ)
        with serving(database, Path(home)) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
            _tablet(browser, address)
            _office(browser, address)
            browser.close()
        _invoice(Path(home))


def _tablet(browser: Browser, address: str) -> None:
    page = _signed_in(browser, address, "driver", TABLET)
    page.goto("/distributions/plan?way=load")
    for code, count in (("CYL-9", 4), ("CYL-12.7", 12), ("CYL-50", 2)):
        page.fill(f"[name='out_full-{code}']", str(count))
    _shoot(page, "tablet-load")
    page.get_by_role("button", name="Save the draft").click()
    page.get_by_role("button", name="Confirm").click()
    page.get_by_text("DIST-").first.wait_for()
    page.goto(f"/sites?q={SITE}")
    page.locator("main li a").first.click()
    page.get_by_role("link", name="Sell here").first.click()
    page.fill("[name='delivery-CYL-12.7']", "2")
    page.fill("[name='collection-CYL-12.7']", "1")
    page.locator("#totals").get_by_text("GST").first.wait_for()
    _shoot(page, "tablet-sale")
    page.set_viewport_size(PORTRAIT)
    _shoot(page, "tablet-sale-portrait")
    page.set_viewport_size(TABLET)
    page.get_by_role("button", name="Confirm").click()
    page.locator("#transaction").wait_for()
    _shoot(page, "tablet-receipt")
    page.get_by_role("link", name="Print receipt").click()
    page.locator("#printing").wait_for()
    _shoot(page, "tablet-print")
    _in_a_basement(page)


def _in_a_basement(page: Page) -> None:
    """One sale that the server refuses, one that waits, and the end of the day."""
    page.goto("/")
    page.wait_for_function("() => Boolean(navigator.serviceWorker.controller)")
    _shoot(page, "tablet-today")
    _sell_again(page, "[name='delivery-CYL-50']", "9")
    page.get_by_role("alert").first.wait_for()
    _sell_again(page, "[name='delivery-CYL-12.7']", "1", offline=True)
    page.get_by_role("heading", name="Saved on this tablet").wait_for()
    _shoot(page, "tablet-saved")
    page.get_by_role("link", name="need you").click()
    page.locator("#pending-list li").nth(1).wait_for()
    _shoot(page, "tablet-pending")
    page.context.set_offline(False)
    page.goto("/distributions/plan?way=unload")
    _shoot(page, "tablet-unload")


def _sell_again(page: Page, field: str, count: str, *, offline: bool = False) -> None:
    page.goto(f"/sites?q={SITE}")
    page.locator("main li a").first.click()
    page.get_by_role("link", name="Sell here").first.click()
    page.fill(field, count)
    page.context.set_offline(offline)
    page.locator("#visit button.primary").click()


def _office(browser: Browser, address: str) -> None:
    page = _signed_in(browser, address, "supervisor", DESKTOP)
    for name, path in OFFICE.items():
        page.goto(path)
        _shoot(page, f"office-{name}")
    page.goto("/stock/changes/new/adjust")
    page.get_by_label("fewer").check()
    page.fill("[name='full-CYL-12.7']", "2")
    _shoot(page, "office-adjust")
    _registry(_signed_in(browser, address, "admin", DESKTOP))


def _registry(page: Page) -> None:
    page.goto("/registry")
    _shoot(page, "office-registry")
    page.goto(f"/customers?q={SITE}")
    page.locator("tbody a").first.click()
    _shoot(page, "office-customer")
    page.goto("/prices/change")
    page.get_by_label("LPG cylinder 12.7 kg").first.check()
    page.fill("[name=percent]", "5")
    page.locator("main form button.primary").first.click()
    page.get_by_role("button", name="Set this price").wait_for()
    _shoot(page, "office-prices")
    page.goto("/imports")
    page.select_option("[name=kind]", "customers")
    page.set_input_files("[type=file]", {"name": "new.csv", "mimeType": "text/csv", "buffer": FILE})
    page.locator("main form button.primary").first.click()
    page.get_by_role("button", name="Look at the rows").click()
    _shoot(page, "office-import")


def _signed_in(browser: Browser, address: str, name: str, size: ViewportSize) -> Page:
    page = browser.new_context(base_url=address, viewport=size, has_touch=True).new_page()
    page.goto("/login")
    page.fill("[name=username]", name)
    page.fill("[name=password]", "hsh-demo")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    return page


def _shoot(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / f"{name}.png")
    _pack(PICTURES / f"{name}.png")


def _pack(path: Path) -> None:
    """Keep 128 colours: a screen has hardly more, and a third of the bytes is left."""
    few = Image.open(path).convert("RGB").quantize(128, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


def _invoice(home: Path) -> None:
    largest = max((home / "invoices").rglob("*.pdf"), key=lambda path: path.stat().st_size)
    _run(
        ["pdftoppm", "-r", "90", "-png", "-singlefile", str(largest), str(PICTURES / "invoice")],
        os.environ,
    )
    _pack(PICTURES / "invoice.png")


def _run(command: list[str], environ: os._Environ[str] | dict[str, str]) -> None:
    subprocess.run(command, check=True, cwd=ROOT, env=environ)  # noqa: S603 - our own commands


if __name__ == "__main__":
    main()
