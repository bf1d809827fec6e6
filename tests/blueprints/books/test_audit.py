"""/audit: who sees which entries, what a filter finds, and how an entry is told."""

from datetime import datetime, time, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from hsh.core import clock
from hsh.db import db
from hsh.models.books import AuditEntry
from hsh.models.sales import Document
from hsh.queries.books import audit as book
from hsh.services.books import audit
from hsh.services.sales.orders import CountEntry, CylinderEntry
from tests import a_day, given
from tests.visitor import is_page, words


@pytest.fixture
def world(app):
    world = given.a_world(full_at_depot=0, full_on_truck=0)
    a_day.count_in(world, 50)
    a_day.load(world, {"C127": 20})
    return world


@pytest.fixture
def admin(signed_in):
    return signed_in(given.an_admin())


def sell(world):
    sale = a_day.sell(
        world,
        cylinders=[CylinderEntry(equipment="C127", delivered=2)],
        services=[CountEntry(code="DELIVERY", quantity=1)],
    )
    return db.session.scalars(select(Document).where(Document.number == sale.document)).one()


def sequence_of(action):
    query = select(AuditEntry.sequence).where(AuditEntry.action == action)
    return db.session.scalars(query.order_by(AuditEntry.sequence.desc())).first()


def note(count, *, by=None, action="receipt.print"):
    from hsh.db import atomic

    @atomic
    def write():
        for _ in range(count):
            audit.record(action, by, record_type="transaction", ref=uuid4())

    write()


def entries_on(answer):
    body = answer.text.partition("<tbody>")[2].partition("</tbody>")[0]
    return body.count("<tr>")


@pytest.mark.parametrize(
    ("someone", "status"),
    [
        (given.a_driver, 403),
        (given.a_supervisor, 200),
        (given.an_admin, 200),
        (given.an_accountant, 200),
    ],
)
@pytest.mark.parametrize("path", ["/audit", "/audit/anchor?sequence=1&digits=" + "a" * 16])
def test_the_office_reads_it_and_a_driver_does_not(signed_in, someone, status, path):
    assert signed_in(someone()).get(path).status_code == status


def test_someone_who_is_both_driver_and_supervisor_reads_it(signed_in):
    assert signed_in(given.a_user("driver", "supervisor")).get("/audit").status_code == 200


def test_it_cannot_be_written_to(admin):
    for path in ("/audit", "/audit/1", "/audit/anchor"):
        assert admin.post(path).status_code == 405


@pytest.fixture(params=["few", "many"])
def records(request, monkeypatch):
    """However many records are theirs: they are looked for in two ways."""
    if request.param == "many":
        monkeypatch.setattr(book, "_FEW", 0)


def test_a_supervisor_finds_the_distribution_and_the_sale_of_their_depot(world, signed_in, records):
    document = sell(world)
    seen = words(signed_in(world.supervisor).get("/audit"))
    assert f"Sale confirmed Sale {document.transaction_number}" in seen
    assert "Distribution confirmed Distribution DIST-" in seen
    assert "Stock adjusted Change of stock ADJ-" in seen


def test_a_supervisor_of_another_depot_sees_nothing_of_it(world, signed_in, records):
    sell(world)
    stranger = signed_in(given.a_supervisor(given.a_depot()))
    assert entries_on(stranger.get("/audit")) == 0
    assert stranger.get(f"/audit/{sequence_of('sale.confirm')}").status_code == 404
    assert stranger.get(f"/audit/{sequence_of('stock.adjust')}").status_code == 404


@pytest.mark.parametrize("sequence", ["0", "999", "99999999999999999999999"])
def test_an_entry_that_is_not_there_is_a_404(admin, sequence):
    assert admin.get(f"/audit/{sequence}").status_code == 404


def test_a_sale_is_found_by_any_of_its_names(world, admin):
    sell(world)
    document = sell(world)
    ref = db.session.scalars(
        select(AuditEntry.record_ref).where(AuditEntry.sequence == document.anchor_sequence)
    ).one()
    short = f"{ref.hex[:4]}-{ref.hex[4:8]}".upper()
    for name in (document.number, document.transaction_number.lower(), str(ref), short):
        answer = admin.get("/audit", query_string={"record": name})
        assert entries_on(answer) == 1, name
        assert f"/audit/{document.anchor_sequence}" in answer.text


@pytest.mark.parametrize(
    "record", ["INV-2026-999999", "%", "'", "\0", "x" * 500, given.NOBODYS_REF]
)
def test_a_name_that_nothing_has_finds_nothing(world, admin, record):
    answer = admin.get("/audit", query_string={"record": record})
    assert answer.status_code in {200, 422}
    assert entries_on(answer) == 0


def test_filters_narrow_by_person_act_and_day(world, admin):
    sell(world)
    today = clock.today()
    for asked, there in (
        ({"who": str(world.driver.ref)}, "Sale confirmed"),
        ({"action": "distribution.confirm"}, "Distribution confirmed"),
        ({"since": today, "until": today}, "Sale confirmed"),
        (
            {"action": "sale.confirm", "who": str(world.driver.ref), "since": today},
            "Sale confirmed",
        ),
    ):
        answer = admin.get("/audit", query_string=asked)
        assert there in words(answer).partition("Record")[2]
    for asked in (
        {"who": str(world.driver.ref), "action": "distribution.confirm"},
        {"until": today - timedelta(days=1)},
        {"since": today + timedelta(days=1)},
        {"since": today, "until": today - timedelta(days=1)},
    ):
        assert entries_on(admin.get("/audit", query_string=asked)) == 0


@pytest.mark.parametrize("minutes", [(10, 0, 5), (-5, -1, -10), (0, -10, 10)])
def test_a_day_has_all_its_entries_though_acts_crossed_at_its_ends(app, admin, minutes):
    day = clock.today() - timedelta(days=9)
    midnight = datetime.combine(day, time(), clock.SINGAPORE)
    for late in minutes:
        with clock.running(lambda at=midnight + timedelta(minutes=late): at):
            note(1)
    told = [
        entries_on(admin.get("/audit", query_string={"who": "system", **asked}))
        for asked in ({"since": day}, {"until": day - timedelta(days=1)})
    ]
    assert told == [sum(late >= 0 for late in minutes), sum(late < 0 for late in minutes)]


def test_what_the_system_did_by_itself_is_found(app, admin):
    note(2, action="document.store")
    assert entries_on(admin.get("/audit?who=system")) == 2


@pytest.mark.parametrize(
    "asked", [{"who": "nobody"}, {"action": "steal"}, {"since": "yesterday"}, {"until": "x" * 999}]
)
def test_a_filter_that_will_not_do_is_told(admin, asked):
    answer = admin.get("/audit", query_string=asked)
    assert answer.status_code == 422
    assert is_page(answer)


def test_a_long_book_is_read_page_by_page_and_back(app, admin):
    note(120)
    seen, address = [], "/audit?who=system"
    while address:
        answer = admin.get(address)
        seen.append(entries_on(answer))
        address = link(answer, "next")
    assert seen == [50, 50, 20]
    back = admin.get(link(answer, "prev"))
    assert entries_on(back) == 50
    first = admin.get(link(back, "prev"))
    assert entries_on(first) == 50
    assert link(first, "prev") is None


@pytest.mark.parametrize("page", ["", "b0", "a0", "b999999", "a999999", "x", "b-1", "b" + "9" * 40])
def test_any_place_in_the_book_can_be_asked_for(app, admin, page):
    note(3)
    assert admin.get("/audit", query_string={"page": page, "who": "system"}).status_code == 200


def link(answer, rel):
    part = answer.text.partition(f'rel="{rel}" href="')[2].partition('"')[0]
    return part.replace("&amp;", "&") or None


def test_an_entry_tells_what_changed_in_words(world, admin):
    said = words(admin.get(f"/audit/{sequence_of('distribution.confirm')}"))
    assert "What was written What changed Field Value Number DIST-" in said
    assert "Jurong depot CYL 12.7 kg full 50 30" in said
    assert f"{world.truck.name} CYL 12.7 kg full 0 20" in said
    assert "out of the depot CYL 12.7 kg full 20" in said
    assert "The hash is that of what stands here" in said


def test_a_sale_is_told_with_its_money(world, admin):
    document = sell(world)
    said = words(admin.get(f"/audit/{document.anchor_sequence}"))
    assert "Net $73.60 GST $6.62" in said
    assert "delivered C127 2 $31.80 $63.60" in said
    assert "Payment cash" in said
    assert document.anchor_hash in said


def test_a_value_cannot_bring_markup_into_the_page(app, admin):
    evil = "<script>alert(1)</script>"

    from hsh.db import atomic

    @atomic
    def write():
        audit.record(
            "company.set", None, record_type="company", ref=uuid4(),
            before={"name": evil, "lines": [{evil: evil}]}, after={"name": "Ah Seng", "lines": []},
        )  # fmt: skip

    write()
    answer = admin.get(f"/audit/{sequence_of('company.set')}")
    assert answer.status_code == 200
    assert evil not in answer.text
    assert "&lt;script&gt;" in answer.text


@pytest.mark.parametrize(
    "remark",
    [
        "2026-11-20T12:00:00+99:99",
        "2026-13-40T12:00:00Z",
        "9999-12-31T23:59:59-23:59",
        "0001-01-01T00:00:00+23:59",
        "2026-02-30",
    ],
)
def test_a_remark_that_looks_like_a_time_is_told_as_it_was_typed(app, admin, remark):
    from hsh.db import atomic

    @atomic
    def write():
        audit.record(
            "distribution.plan",
            None,
            record_type="distribution",
            ref=uuid4(),
            after={"remarks": remark},
        )

    write()
    assert remark in words(admin.get(f"/audit/{sequence_of('distribution.plan')}"))


def test_entries_lead_to_their_neighbours_that_one_may_see(world, signed_in):
    given_sequence = sequence_of("distribution.plan")
    note(1)
    a_day.load(world, {"C9": 1})
    answer = signed_in(world.supervisor).get(f"/audit/{given_sequence + 1}")
    assert link_to(answer, "prev") == f"/audit/{given_sequence}"
    assert link_to(answer, "next") == f"/audit/{given_sequence + 3}"


def link_to(answer, rel):
    tag = next(tag for tag in answer.text.split("<a ") if f'rel="{rel}"' in tag)
    return tag.partition('href="')[2].partition('"')[0]


def test_an_anchor_from_a_receipt_agrees(world, admin):
    document = sell(world)
    for digits in (
        document.anchor_hash,
        document.anchor_hash[:16],
        " ".join(document.anchor_hash[i : i + 4].upper() for i in range(0, 16, 4)),
    ):
        answer = check(admin, document.anchor_sequence, digits)
        assert answer.status_code == 200
        assert "The paper and the book agree." in words(answer)


def test_an_anchor_of_a_rewritten_book_differs(world, admin):
    document = sell(world)
    assert "The paper and the book differ." in words(
        check(admin, document.anchor_sequence, "0" * 16)
    )


def test_an_anchor_of_a_book_that_was_cut_is_not_there(world, admin):
    assert "The book has no such entry." in words(check(admin, 99, "0" * 16))


@pytest.mark.parametrize(
    ("sequence", "digits"),
    [
        ("", ""),
        ("x", "0" * 16),
        ("-1", "0" * 16),
        ("0", "0" * 16),
        ("9" * 30, "0" * 16),
        ("1", "0" * 15),
        ("1", "0" * 65),
        ("1", "g" * 16),
        ("1", "0" * 5000),
        ("1\0", "0" * 16),
        ("\u0661", "0" * 16),
    ],
)
def test_an_anchor_that_is_none_is_told_beside_the_field(admin, sequence, digits):
    answer = check(admin, sequence, digits)
    assert answer.status_code == 422
    assert "-problem" in answer.text
    assert "The book" not in words(answer)


def check(visitor, sequence, digits):
    return visitor.get("/audit/anchor", query_string={"sequence": sequence, "digits": digits})


def test_htmx_gets_the_list_alone(admin):
    answer = admin.get("/audit", htmx=True)
    assert not is_page(answer)
    assert answer.text.lstrip().startswith('<section id="list">')
