"""What the sales pages are sent, and what they say."""

import re

from tests.visitor import location


def sale_address(world):
    return f"/sites/{world.site.ref}/sale"


def quote_address(world):
    return f"{sale_address(world)}/quote"


def fields(world, **typed):
    """A visit as the page sends it: fields(world, **{"delivery-C127": 2}), on account."""
    return {"source": str(world.truck.ref), "payment_method": "on_account"} | typed


def reading(world, current, *, previous="100", kind="normal", **more):
    name = f"meter-{world.meter.ref}"
    parts = {"previous": previous, "current": current, "kind": kind} | more
    return {f"{name}-{part}": value for part, value in parts.items()}


def sold(visitor, world, **typed):
    """Sell and return the address of the sale."""
    answer = visitor.submit(sale_address(world), fields(world, **typed))
    assert answer.status_code == 303, answer.text
    return location(answer)


def value_of(response, name):
    """Return what stands in an input."""
    found = re.search(rf'<input[^>]*name="{re.escape(name)}"[^>]*>', response.text)
    assert found, f"there is no input {name}"
    value = re.search(r'value="([^"]*)"', found[0])
    return value[1] if value else ""


def live(response, name):
    """Return what is said beside an input, as text."""
    found = re.search(
        rf'<p class="live" id="{re.escape(name)}"[^>]*>(.*?)</p>', response.text, re.DOTALL
    )
    assert found, f"nothing is said at {name}"
    return re.sub(r"<[^>]+>", "", found[1]).strip()
