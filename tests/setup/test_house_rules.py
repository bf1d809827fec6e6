# ruff: noqa: S603 - they start our own programs and ask our own server
"""The rules of the house see what they are there to see."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def house(tmp_path):
    """Build a small project that keeps every rule."""
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts/house_rules.py", tmp_path / "scripts")
    write(tmp_path, "requirements/app.txt", "flask==3.1.0 \\\n    --hash=sha256:00\n")
    write(tmp_path, "requirements/dev.txt", "flask==3.1.0 \\\n    --hash=sha256:00\n")
    write(tmp_path, "package-lock.json", '{"funding": {"url": "https://give.example"}}')
    write(tmp_path, "hsh/templates/page.html", '<script src="/a.js" defer></script>')
    return tmp_path


def write(house, name, text):
    (house / name).parent.mkdir(parents=True, exist_ok=True)
    (house / name).write_text(text)


def breaches(house):
    command = [sys.executable, str(house / "scripts/house_rules.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == bool(done.stdout), done.stderr
    return done.stdout


def test_a_good_house_has_no_breach(house):
    assert breaches(house) == ""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("package-lock.json", '{\n"resolved": "x"}'),
        ("package-lock.json", '{\n"version": "git+ssh://git@example/x"}'),
        ("requirements/uv.txt", "\n--index-url x"),
        ("requirements/uv.txt", "\n--extra-index-url x"),
        ("requirements/uv.txt", "\nuv @ https://example/uv.whl"),
        ("requirements/uv.txt", "\n--find-links file:///x"),
    ],
)
def test_a_lock_file_with_an_address_is_found(house, name, text):
    write(house, name, text)
    assert f"{name}:2: a download address" in breaches(house)


def test_a_package_tested_in_another_version_is_found(house):
    write(house, "requirements/dev.txt", "flask==3.0.0\n")
    assert "flask is 3.1.0 in app.txt, 3.0.0 in dev.txt" in breaches(house)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<style>p {}</style>",
        '<p style="color: red">',
        "<button onclick='go()'>",
        '<a href="javascript:go()">',
    ],
)
def test_inline_script_and_style_in_a_template_are_found(house, text):
    write(house, "hsh/templates/sales/page.html", f"<p>\n{text}")
    assert "hsh/templates/sales/page.html:2: inline script or style" in breaches(house)
