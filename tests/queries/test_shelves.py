"""Lists of people with more than one truck or depot: all that is theirs, once, and nothing else."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import chain

import pytest
from sqlalchemy import select

from hsh.core import clock
from hsh.core.roles import Role
from hsh.core.words import DocumentKind
from hsh.db import db
from hsh.models.logistics import Distribution
from hsh.models.registry import Place
from hsh.models.sales import Document, Transaction
from hsh.queries import keyset, scope
from hsh.queries.logistics import listing
from hsh.queries.sales import archive, journal
from hsh.services.logistics.drafts import plan_distribution
from tests import given
from tests.distributing import plan_order
from tests.selling import NOON, at, sell, void

DAYS = (1, 2, 3)
ALL = {f"{store}.{day}" for store in ("TA", "TB", "TC", "DB") for day in DAYS}
SEEN = {
    "ann": {"TA.1", "TA.2", "TA.3", "TB.2"},
    "ben": {"TB.1", "TB.3"},
    "cat": {one for one in ALL if one[:2] in {"TA", "TB", "DB"}},
    "dan": {one for one in ALL if one[:2] in {"TA", "TC"}},
    "eve": set(),
    "fay": set(),
    "accountant": ALL,
    "admin": ALL,
}
"""Who sees which sales, by their truck or counter and their day."""


@dataclass
class Company:
    world: given.World
    depots: list
    stores: dict
    people: dict

    def whose(self, store, day):
        """Who has that truck on that day, or stands at that counter."""
        return self.people[
            {"TA": "ann", "TB": "ann" if day == 2 else "ben", "TC": "dan", "DB": "cat"}[store]
        ]

    def sell(self, store, day):
        with at(noon(day)):
            seller = self.whose(store, day).actor
            return sell(self.world, actor=seller, source=self.stores[store].ref)

    def plan(self, depot, store, day):
        """Write a distribution of that day, on the first."""
        driver = self.whose(store, day)
        with at(noon(1)):
            places = {"depot": self.depots[depot].ref, "truck": self.stores[store].ref}
            on = clock.business_date(noon(day))
            plan_distribution(
                plan_order(
                    self.world, actor=driver.actor, driver=driver.ref, planned_on=on, **places
                )
            )


@pytest.fixture
def company(app):
    """Three depots with a truck each. Ann drives TA, and TB on day 2; Ben TB on the days around it.

    Cat oversees the first two depots; Dan the first, and drives TC, and TA on day 3. Eve drives
    and Fay oversees nothing yet.
    """
    world = given.a_world()
    depots = [world.depot, given.a_depot("DB"), given.a_depot("DC")]
    trucks = [given.a_truck(*one) for one in zip(depots, ("TA", "TB", "TC"), strict=True)]
    people = {
        "ann": given.a_driver(trucks[0]),
        "ben": given.a_driver(),
        "cat": given.a_supervisor(*depots[:2]),
        "dan": given.a_user(Role.DRIVER, Role.SUPERVISOR, depots=depots[:1]),
        "eve": given.a_driver(),
        "fay": given.a_supervisor(),
        "accountant": given.an_accountant(),
        "admin": given.an_admin(),
    }
    given.assign(people["dan"], trucks[2])
    for person, truck, day in (("ann", 1, 2), ("ben", 1, 1), ("ben", 1, 3), ("dan", 0, 3)):
        on = clock.business_date(noon(day))
        given.assign(people[person], trucks[truck], starts_on=on, ends_on=on)
    stores = {place.code: place for place in (*trucks, depots[1])}
    return Company(world=world, depots=depots, stores=stores, people=people)


@pytest.fixture
def sold(company):
    """Two sales from every truck and at Cat's counter on each day, in turn; their ids by place."""
    for day in DAYS:
        for store in ("TA", "TB", "TC", "DB", "TC", "TB", "TA", "DB"):
            company.sell(store, day)
    return company


def noon(day):
    return NOON + timedelta(days=day - len(DAYS))


def label(code, on):
    return f"{code}.{len(DAYS) - (clock.business_date(NOON) - on).days}"


def expected(person):
    """The ids of the sales that ``person`` sees, newest first."""
    rows = db.session.execute(
        select(Transaction.id, Place.code, Transaction.confirmed_on)
        .join(Place, Place.id == Transaction.source_id)
        .order_by(Transaction.id.desc())
    )
    return [key for key, code, on in rows if label(code, on) in SEEN[person]]


def walk(page, way, cursor=""):
    """The ids on the pages from ``cursor`` on, and the last page."""
    found = page(cursor)
    pages = [[row.id for row in found.rows]]
    while cursor := getattr(found, way):
        found = page(cursor)
        pages.append([row.id for row in found.rows])
    return pages, found


def pages_of(actor, size):
    """What turns the pages of the sales of ``actor``."""
    order = keyset.Order(Transaction.confirmed_on, Transaction.id)
    query = select(Transaction.confirmed_on, Transaction.id).where(scope.transactions(actor))
    shelves = scope.transaction_shelves(actor)
    return lambda cursor: keyset.page(query, order, cursor, shelves=shelves, size=size)


@pytest.mark.parametrize("size", [1, 3, 4, 50])
def test_everybody_turns_the_pages_of_their_own_sales_forward_and_back(sold, size):
    for name, person in sold.people.items():
        page = pages_of(person.actor, size)
        forward, last = walk(page, "after")
        assert list(chain(*forward)) == expected(name), name
        assert all(len(one) == size for one in forward[:-1]), name
        if last.before:
            back, _first = walk(page, "before", last.before)
            assert list(chain(*reversed(back), forward[-1])) == expected(name), name


def test_the_list_of_sales_is_all_theirs_and_nothing_else(sold):
    for name, person in sold.people.items():
        shown = journal.sales(person.actor, journal.Filter()).page("", "").rows
        assert [row.id for row in shown] == expected(name), name


@pytest.mark.parametrize("filtered", ["source", "site", "day", "number"])
def test_a_filter_of_sales_never_widens_what_a_person_sees(sold, filtered):
    chosen = db.session.scalars(
        select(Transaction)
        .join(Place, Place.id == Transaction.source_id)
        .where(Place.code == "TB", Transaction.confirmed_on == clock.business_date(noon(2)))
    ).first()
    number = db.session.scalar(
        select(Document.transaction_number).where(Document.transaction_id == chosen.id)
    )
    wanted, kept = {
        "source": (journal.Filter(source=sold.stores["TB"].ref), {"TB.1", "TB.2", "TB.3"}),
        "site": (journal.Filter(site=sold.world.site.code), ALL),
        "day": (journal.Filter(since=chosen.confirmed_on, until=chosen.confirmed_on),
                {one for one in ALL if one.endswith(".2")}),
        "number": (journal.Filter(number=number), {"TB.2"}),
    }[filtered]  # fmt: skip
    for name, person in sold.people.items():
        shown = journal.sales(person.actor, wanted).page("", "").rows
        labels = {label(sold_from(row.id), row.confirmed_on) for row in shown}
        assert labels == SEEN[name] & kept, name
        assert len({row.id for row in shown}) == len(shown), name


def sold_from(key):
    return db.session.scalar(
        select(Place.code)
        .join(Transaction, Transaction.source_id == Place.id)
        .where(Transaction.id == key)
    )


def documents(actor, **filters):
    return [
        row.number for row in archive.documents(actor, archive.Filter(**filters)).page("", "").rows
    ]


def papers(person, kind=None):
    """The numbers of the documents that ``person`` sees, newest first."""
    rows = db.session.execute(
        select(Document.transaction_id, Document.number, Document.kind).order_by(Document.id.desc())
    )
    seen = expected(person)
    return [number for sale, number, of in rows if sale in seen and kind in {None, of}]


@pytest.fixture
def filed(sold):
    """A sale from each truck on day 3 was taken back."""
    overseer = given.a_supervisor(*sold.depots).actor
    for store in ("TA", "TB", "TC"):
        outcome = sold.sell(store, 3)
        with at(noon(3)):
            void(sold.world, outcome, actor=overseer)
    return sold


@pytest.mark.parametrize(
    ("filters", "kind"),
    [
        ({}, None),
        ({"kind": DocumentKind.INVOICE}, DocumentKind.INVOICE),
        ({"kind": DocumentKind.CREDIT_NOTE}, DocumentKind.CREDIT_NOTE),
        ({"customer": "Eatery"}, None),
        ({"customer": "eatery", "kind": DocumentKind.CREDIT_NOTE}, DocumentKind.CREDIT_NOTE),
        ({"since": clock.business_date(noon(1))}, None),
    ],
)
def test_the_archive_shows_a_persons_documents_and_nothing_else(filed, filters, kind):
    for name, person in filed.people.items():
        assert documents(person.actor, **filters) == papers(name, kind), name
    assert papers("accountant", kind)


def test_a_number_opens_no_document_of_another_truck(filed):
    for name, person in filed.people.items():
        for number in papers("accountant"):
            assert documents(person.actor, number=number) == (
                [number] if number in papers(name) else []
            ), name


def test_distributions_planned_in_any_order_are_listed_by_their_day(company):
    for day in (3, 1, 2):
        for depot, truck in enumerate(("TA", "TB", "TC")):
            company.plan(depot, truck, day)
    for name, person in company.people.items():
        rows = db.session.execute(
            select(Distribution.ref, Place.code, Distribution.planned_on)
            .join(Place, Place.id == Distribution.truck_id)
            .order_by(Distribution.planned_on.desc(), Distribution.id.desc())
        )
        theirs = [ref for ref, code, on in rows if label(code, on) in SEEN[name]]
        shown = listing.distributions(person.actor, listing.Wanted()).page("", "").rows
        assert [entry.ref for entry in shown] == theirs, name
