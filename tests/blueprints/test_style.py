"""What the style sheet promises to eyes and fingers, computed from its first block."""

import re
from itertools import product

import pytest

from hsh import config

CSS = (config.ROOT / "hsh" / "static" / "css" / "hsh.css").read_text()
TEXT, EDGE = 4.5, 3
TONES = ("ok", "wait", "stop", "note")
REM = 16


def properties(block):
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", block))


def schemes():
    light, dark = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)[:2]
    return {"light": properties(light), "dark": properties(light) | properties(dark)}


def luminance(colour):
    def linear(part):
        return part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_on_every_ground(scheme):
    colours = schemes()[scheme]
    pairs = [
        *product(("text", "soft"), ("ground", "surface", "sunken")),
        *product(("accent", *TONES), ("ground", "surface")),
        *(("text", f"{tone}-ground") for tone in TONES),
        *((tone, f"{tone}-ground") for tone in TONES),
        ("on-accent", "accent"),
        ("on-accent", "accent-strong"),
    ]
    poor = {pair for pair in pairs if contrast(*(colours[name] for name in pair)) < TEXT}
    assert poor == set()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_edges_of_fields_can_be_seen(scheme):
    colours = schemes()[scheme]
    assert contrast(colours["edge"], colours["surface"]) >= EDGE
    assert contrast(colours["edge"], colours["ground"]) >= EDGE


def test_targets_fit_a_glove():
    sizes = schemes()["light"]
    assert float(sizes["target"].removesuffix("rem")) * REM >= 48
    assert float(sizes["primary"].removesuffix("rem")) * REM >= 64
