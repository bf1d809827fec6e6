"""Names that no clerk would type, in every place of the registry where a name can stand."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from random import Random
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import select

from hsh.core.roles import Role
from hsh.core.words import EquipmentKind, PlaceKind
from hsh.db import db
from hsh.models.registry import Place
from hsh.services.registry import assignments, equipment, places
from proof import staff
from proof.naughty import MARK, MARKUP, text
from proof.world import LONG_AGO, World

_HEADER = "name,address,latitude,longitude"
_HEADERS = (*[_HEADER] * 9, _HEADER.upper(), f"{_HEADER},id", "name;address", '"name')
_ALL = " ".join(MARKUP[:6])
"""Every mark that a name has room for."""


def haunt(app: Flask, world: World, folder: Path) -> list[UUID]:
    """Fill the registry with marks; return the sites that were imported with them."""
    with app.app_context():
        _accessory()
        _truck(world)
        _person()
    file = folder / "marks.csv"
    rows = [
        _row(f"Kopi {mark}", f"{n} Bishan {mark} Street 22") for n, mark in enumerate(MARKUP, 1)
    ]
    file.write_text(_table(_HEADER, rows), encoding="utf-8")
    done = app.test_cli_runner().invoke(args=["import", "customers", str(file)])
    if done.exit_code:
        raise RuntimeError(done.output)
    with app.app_context():
        marked = select(Place.ref).where(Place.kind == PlaceKind.SITE, Place.name.contains(MARK))
        return list(db.session.scalars(marked))


def broken_file(rng: Random) -> bytes:
    """Return a file of customers that something is wrong with, more often than not."""
    rows = [_row(f"Stall {rng.getrandbits(40)}", f"{n} Bishan Street 22") for n in range(1, 4)]
    for row in rows[rng.randrange(4) :]:
        row[rng.randrange(4)] = text(rng)[:50_000]
        row.extend([text(rng)[:10]] * (not rng.randrange(8)))
    body = bytearray(_table(rng.choice(_HEADERS), rows).encode("utf-8", "surrogatepass"))
    for _ in range(rng.choice([0, 0, 0, 1, 5])):
        body[rng.randrange(len(body))] = rng.randrange(256)
    coding = rng.choice(["utf-16", "latin-1", "shift_jis"])
    coded = bytes(body).decode("utf-8", "replace").encode(coding, "ignore")
    return rng.choice([bytes(body)] * 6 + [coded, b"", b"\xef\xbb\xbf" + bytes(body)])


def _row(name: str, street: str) -> list[str]:
    return [name, f"{street}, #01-1291, S570282", "1.35", "103.8"]


def _table(header: str, rows: list[list[str]]) -> str:
    made = io.StringIO()
    csv.writer(made).writerows(rows)
    return f"{header}\n{made.getvalue()}"


def _accessory() -> None:
    new = equipment.NewEquipment(code="MARKS", name=f"Hose {_ALL}", kind=EquipmentKind.ACCESSORY)
    equipment.add_equipment(new, by=None)


def _truck(world: World) -> None:
    """Give the first driver a truck of that name too."""
    name, home = f"Truck {_ALL}", world.depots[0].id
    new = places.NewTruck(ref=uuid4(), code="MARKS", name=name, plate="GX1", home_depot=home)
    truck = places.add_truck(new, by=None)
    driver = world.drivers[0].actor.id
    given = assignments.NewAssignment(driver=driver, truck=truck, starts_on=LONG_AGO)
    assignments.assign_truck(given, by=None)


def _person() -> None:
    """Add somebody whom filters and forms offer."""
    staff.add("marks", f"Lim {_ALL}", Role.DRIVER)
