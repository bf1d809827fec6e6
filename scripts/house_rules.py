#!/usr/bin/env python3
"""Rules of this house that no linter knows; each breach is printed as file: what is wrong."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

ADDRESS = re.compile(r'"resolved"|--(extra-)?index-url|--find-links|\b(git\+)?(https?|ssh|file)://')
PIN = re.compile(r"^([\w.-]+)==(\S+)", re.MULTILINE)
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*\btype=\"application/json\")[^>]*>"
    r"|<style\b|\sstyle=|\son[a-z]+=[\"']|javascript:",
    re.IGNORECASE,
)


def breaches() -> Iterator[str]:
    """Go through every rule."""
    for file in [*(ROOT / "requirements").glob("*.txt"), ROOT / "package-lock.json"]:
        yield from lock_names_an_address(file)
    yield from pins_disagree()
    for file in (ROOT / "hsh" / "templates").rglob("*.html"):
        yield from template_is_blocked_by_its_own_policy(file)


def lock_names_an_address(file: Path) -> Iterator[str]:
    """Keep lock files working behind any mirror: they say what and which hash, not from where."""
    text = file.read_text()
    if file.suffix == ".json":
        text = re.sub(r'"url": "[^"]*"', "", text)  # where a package asks for donations
    for found in ADDRESS.finditer(text):
        yield f"{at(file, text, found)}: a download address: {found.group()}"


def pins_disagree() -> Iterator[str]:
    """Test on exactly the packages that production gets."""
    app, dev = (
        dict(PIN.findall((ROOT / "requirements" / name).read_text()))
        for name in ("app.txt", "dev.txt")
    )
    for package, version in app.items():
        if dev.get(package) != version:
            yield f"requirements: {package} is {version} in app.txt, {dev.get(package)} in dev.txt"


def template_is_blocked_by_its_own_policy(file: Path) -> Iterator[str]:
    """Find inline script and style: the Content-Security-Policy makes a browser ignore them."""
    text = file.read_text()
    for found in INLINE.finditer(text):
        yield f"{at(file, text, found)}: inline script or style: {found.group().strip()}"


def at(file: Path, text: str, found: re.Match[str]) -> str:
    """Say where in the project something was found."""
    line = text.count("\n", 0, found.start()) + 1
    return f"{file.relative_to(ROOT)}:{line}"


if __name__ == "__main__":
    wrong = list(breaches())
    sys.stdout.writelines(f"{line}\n" for line in wrong)
    sys.exit(bool(wrong))
