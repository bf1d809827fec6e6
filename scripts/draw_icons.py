#!/usr/bin/env python3
"""Draws the app's icons for home screens from hsh/static/img/icon.svg, in Chromium.

Run it when the drawing changed: .venv/bin/python scripts/draw_icons.py
"""

import shutil
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

IMAGES = Path(__file__).resolve().parent.parent / "hsh" / "static" / "img"
GROUND = "#0a4f9c"
SAFE = 0.8
"""A maskable icon's middle, which no shape of home screen cuts into."""


def main() -> None:
    """Draw them all."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for size in (192, 512):
            draw(browser, f"icon-{size}.png", size, share=1, ground="transparent")
        draw(browser, "icon-maskable-512.png", 512, share=SAFE, ground=GROUND)
        browser.close()


def draw(browser: Browser, name: str, size: int, *, share: float, ground: str) -> None:
    """Draw one icon of ``size`` pixels, the picture taking ``share`` of its width."""
    page = browser.new_page(viewport={"width": size, "height": size})
    width = round(size * share)
    picture = (IMAGES / "icon.svg").read_text()
    page.set_content(
        f"<style>body{{margin:0;height:{size}px;display:grid;place-content:center;"
        f"background:{ground}}} svg{{width:{width}px;height:{width}px}}</style>{picture}"
    )
    page.screenshot(path=IMAGES / name, omit_background=True)
    page.close()


if __name__ == "__main__":
    main()
