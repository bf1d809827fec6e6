"""Large exports: asked for once, made by the worker, taken by their owner alone, thrown away."""

import io
import re
import zipfile
from datetime import timedelta
from functools import partial

import pytest

from hsh.core import clock
from hsh.db import db
from hsh.models.books import Export
from hsh.models.people import UserRole
from hsh.services.books import exports
from hsh.services.books.work import work_once
from hsh.services.sales.papers import Press
from tests import given
from tests.selling import at, sell, size
from tests.visitor import location, words


@pytest.fixture
def world(app):
    return given.a_world(full_on_truck=30)


@pytest.fixture
def sold(world):
    return [sell(world, cylinders=size(delivered=1)) for _ in range(3)]


@pytest.fixture
def folder(app):
    return app.config["HSH"].data_dir


@pytest.fixture
def work(app, folder):
    def render(content, *, numbers, anchor, assets):
        return b"%PDF " + numbers.document.encode()

    make = partial(app.extensions["hsh_make"], press=Press(render=render, directory=folder))
    return lambda: work_once(exports.work(make, folder))


def order(visitor, kind="csv", query="listing=sales"):
    page = visitor.get(f"/exports/new?{query}&as={kind}")
    assert page.status_code == 200
    fields = dict(re.findall(r'name="(listing|kind|asked)" value="([^"]*)"', page.text))
    fields = {name: value.replace("&#34;", '"') for name, value in fields.items()}
    answer = visitor.submit("/exports/new", fields)
    assert answer.status_code == 303
    return location(answer)


def test_it_is_made_by_the_worker_and_taken_by_its_owner(sold, work, signed_in):
    office = signed_in(given.an_accountant())
    address = order(office)
    assert "It is being made" in words(office.get(address))
    assert office.get(f"{address}/file").status_code == 404
    assert work()
    assert "3 rows are in it." in words(office.get(address))
    file = office.get(f"{address}/file")
    assert all(one.number in file.text for one in sold)
    assert "attachment" in file.headers["Content-Disposition"]


def test_nobody_else_sees_it(sold, work, signed_in):
    address = order(signed_in(given.an_accountant()))
    work()
    other = signed_in(given.an_admin())
    assert other.get(address).status_code == 404
    assert other.get(f"{address}/file").status_code == 404
    assert "Nothing. Open a list" in words(other.get("/exports"))


def test_a_zip_has_the_pdf_of_each_chosen_row(sold, work, signed_in):
    office = signed_in(given.an_accountant())
    address = order(office, "zip", f"listing=sales&only={sold[0].ref}&only={sold[2].ref}")
    work()
    pack = zipfile.ZipFile(io.BytesIO(office.get(f"{address}/file").data))
    assert set(pack.namelist()) == {f"{sold[n].document}.pdf" for n in (0, 2)}
    assert pack.read(f"{sold[0].document}.pdf") == f"%PDF {sold[0].document}".encode()


def test_a_zip_of_very_many_comes_in_parts_and_none_is_left_out(sold, work, signed_in, monkeypatch):
    monkeypatch.setattr("hsh.queries.lists.AT_A_TIME", 1)
    monkeypatch.setattr("hsh.blueprints.making.MOST_PAPERS", 2)
    monkeypatch.setattr("hsh.blueprints.books.exports.MOST_PAPERS", 2)
    office = signed_in(given.an_accountant())
    asked = words(office.get("/exports/new?listing=sales&as=zip"))
    assert "All of them are taken, in 2 files of at most 2 PDFs." in asked
    order(office, "zip")
    work()
    assert "part 2" in words(office.get("/exports"))
    assert "Being made" in words(office.get("/exports"))
    work()
    assert not work()
    packs = []
    for row in db.session.query(Export).order_by(Export.id):
        answer = office.get(f"/exports/{row.ref}/file")
        packs.append(zipfile.ZipFile(io.BytesIO(answer.data)).namelist())
    assert "-part2.zip" in answer.headers["Content-Disposition"]
    assert packs == [[f"{sold[n].document}.pdf" for n in part] for part in ((2, 1), (0,))]


def test_a_zip_that_is_just_full_has_no_second_part(sold, work, signed_in, monkeypatch):
    monkeypatch.setattr("hsh.queries.lists.AT_A_TIME", 1)
    monkeypatch.setattr("hsh.blueprints.making.MOST_PAPERS", 3)
    order(signed_in(given.an_accountant()), "zip")
    work()
    assert db.session.query(Export).one().rows == 3


def test_it_has_what_its_owner_sees_and_no_more(sold, work, signed_in):
    stranger = signed_in(given.a_supervisor(given.a_depot()))
    address = order(stranger, "csv", f"listing=sales&only={sold[0].ref}")
    work()
    assert "TRX-" not in stranger.get(f"{address}/file").text


def test_who_lost_the_role_meanwhile_gets_nothing(sold, work, signed_in):
    person = given.an_accountant()
    office = signed_in(person)
    address = order(office, "csv", "listing=documents")
    db.session.query(UserRole).filter_by(user_id=person.id).update({"role": "driver"})
    db.session.commit()
    work()
    assert db.session.query(Export).one().problem == "not_allowed"
    assert office.get(address).status_code == 403


def test_the_same_form_twice_is_one_export(sold, work, signed_in):
    office = signed_in(given.an_accountant())
    fields = {
        "client_temp_id": str(given.uuid4()), "listing": "sales", "kind": "csv",
        "asked": '{"filters": {}, "sort": "", "only": []}',
    }  # fmt: skip
    first, second = (office.post("/exports/new", fields) for _ in range(2))
    assert location(first) == location(second)
    assert work()
    assert not work()


def test_it_is_thrown_away_after_some_days(sold, work, signed_in, folder):
    office = signed_in(given.an_accountant())
    address = order(office)
    work()
    [file] = (folder / "exports").iterdir()
    with at(clock.now() + exports.KEPT + timedelta(hours=1)):
        exports.sweep(folder)
    assert not file.exists()
    assert office.get(address).status_code == 404


def test_a_file_that_cannot_be_made_is_tried_again_and_then_given_up(sold, signed_in, folder):
    office = signed_in(given.an_accountant())
    address = order(office)

    def broken(_job, _target, _tell):
        raise OSError("no space")

    for minutes in (0, 10, 200):
        with at(clock.now() + timedelta(minutes=minutes)), pytest.raises(OSError, match="no space"):
            work_once(exports.work(broken, folder))
    assert "It could not be made." in words(office.get(address))
    assert list((folder / "exports").iterdir()) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"listing": "passwords"}, {"kind": "exe"}, {"asked": "{}"}, {"asked": "x"},
        {"listing": "people"}, {"kind": "zip", "listing": "audit"},
        {"asked": '{"filters": {"a": 1}, "sort": "", "only": []}'},
    ],
)  # fmt: skip
def test_a_form_that_was_tampered_with_changes_nothing(sold, signed_in, changes):
    office = signed_in(given.an_accountant())
    fields = {"listing": "sales", "kind": "csv", "asked": '{"filters":{},"sort":"","only":[]}'}
    assert office.submit("/exports/new", fields | changes).status_code == 422
    assert db.session.query(Export).count() == 0


def test_a_list_that_is_not_theirs_cannot_be_asked_for(signed_in):
    assert (
        signed_in(given.an_accountant()).get("/exports/new?listing=people&as=csv").status_code
        == 404
    )
    assert signed_in(given.a_driver()).get("/exports").status_code == 403
