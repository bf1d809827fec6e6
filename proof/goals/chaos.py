"""A driver's day in which everything fails that can: what the tablet took is in the books once.

Real Chromium with its service worker, the app under gunicorn, and between them a network that
refuses, cuts, stalls, repeats and lies; tabs, worker, browser and server are killed, the database
is locked. The seed draws acts, weather and accidents; which request meets them is up to the moment.
"""

from __future__ import annotations

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from uuid import uuid4

from playwright.sync_api import sync_playwright

from hsh.core.words import PaymentMethod
from hsh.services.sales.orders import ConfirmSale, CylinderEntry
from proof.acts import do
from proof.books import Books, unsound
from proof.chaos.browser import Browser
from proof.chaos.driver import Driver
from proof.chaos.site import office
from proof.chaos.weather import Weather, network
from proof.goal import Found, Goal, Task
from proof.world import stock_up


def run(task: Task) -> Found:
    """Submit ``task.size`` forms."""
    rng = Random(task.seed)  # noqa: S311 - no secret
    with task.books() as books, TemporaryDirectory(prefix="hsh-tablet-") as profile:
        _visit_all(books)
        with office(books.home) as served, sync_playwright() as playwright:
            weather = Weather(upstream=served.port, rng=Random(rng.getrandbits(32)))  # noqa: S311
            with network(weather) as address:
                driver = Driver(
                    person=books.world.drivers[0],
                    sites=books.world.sites,
                    browser=Browser(playwright=playwright, profile=Path(profile), address=address),
                    weather=weather,
                    office=served,
                    rng=rng,
                )
                driver.diary.before = len(books.world.sites)
                driver.begin()
                driver.work(task.size)
                found = Found(faults=driver.settle())
                driver.browser.stop()
        driver.diary.check(books.owner, found)
        found.faults += [*unsound(books.owner), *books.broken()]
        found.more |= {"faults_met": sum(weather.met.values()), "accidents": dict(driver.met)}
        return found


def _visit_all(books: Books) -> None:
    """Fill the depots and sell once at each site, from a truck that is empty afterwards."""
    world = books.world
    with books.app.app_context():
        stock_up(world, world.depots[0])
        stock_up(world, world.trucks[0], len(world.sites), "C127")
        for site in world.sites:
            do(
                ConfirmSale(
                    actor=world.drivers[0].actor,
                    submission=uuid4(),
                    site=site.ref,
                    source=world.trucks[0].ref,
                    payment_method=PaymentMethod.CARD,
                    cylinders=(CylinderEntry(equipment="C127", delivered=1),),
                )
            )
    books.let_go()


GOAL = Goal(
    name="chaos",
    promise="a tablet's day while everything fails: nothing lost, nothing doubled, chains in order",
    run=run,
    quick=150,
    full=2_000,
    databases=frozenset({"sqlite"}),
    needs=("chromium",),
)
