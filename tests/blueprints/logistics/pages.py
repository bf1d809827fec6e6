"""The pages of distributions as a browser addresses them, and what stands in them."""

import re

from sqlalchemy import select

from hsh.core import clock
from hsh.db import db
from hsh.models.logistics import Distribution

PLAN = "/distributions/plan"


def page_of(ref, act=""):
    return f"/distributions/{ref}{f'/{act}' if act else ''}"


def fields(world, **changes):
    """What the planning form sends; counts as out_full_C127=5."""
    named = {
        "way": "both",
        "depot": str(world.depot.ref),
        "truck": str(world.truck.ref),
        "driver": str(world.driver.ref),
        "planned_on": clock.today().isoformat(),
        "remarks": "",
    }
    return named | {
        re.sub(r"^(out_full|in_empty|in_full|in_part)_", r"\1-", name): str(value)
        for name, value in changes.items()
    }


def value(response, name):
    """What stands in the input ``name``."""
    tag = re.search(rf'<input[^>]*\bname="{re.escape(name)}"[^>]*>', response.text)
    assert tag, f"there is no input {name}"
    found = re.search(r'\bvalue="([^"]*)"', tag[0])
    return found[1] if found else ""


def chosen(response, name):
    """The value that is chosen in the menu ``name``."""
    menu = re.search(rf'<select[^>]*\bname="{name}".*?</select>', response.text, re.DOTALL)
    assert menu, f"there is no menu {name}"
    return re.search(r'<option value="([^"]*)" selected>', menu[0])[1]


def beside(response, name):
    """The problem that stands beside the field ``name``."""
    found = re.search(rf'id="{re.escape(name)}-problem"[^>]*>(.*?)</p>', response.text, re.DOTALL)
    return found[1].strip() if found else None


def drafts():
    db.session.rollback()
    return list(db.session.scalars(select(Distribution).order_by(Distribution.id)))
