import json
import re

import pytest
from sqlalchemy import select

from hsh.core.refusals import NotAllowed, NotFound, PaperDamaged
from hsh.db import db
from hsh.documents import child
from hsh.models.books import AuditEntry, OutboxMessage
from hsh.models.sales import StoredPdf
from hsh.services.books.work import work_once
from hsh.services.sales.papers import Press, RegenerateDocument, fetch, regenerate, work
from tests import given
from tests.selling import NOON, at, everything, sell, size


@pytest.fixture
def world(app):
    return given.a_world(full_on_truck=20)


@pytest.fixture
def sold(world):
    with at(NOON):
        return sell(world, cylinders=size(delivered=1))


@pytest.fixture
def press(tmp_path):
    return Press(render=child.render, directory=tmp_path)


class Broken:
    """A renderer that is out of order."""

    def __call__(self, *_args, **_kwargs):
        raise OSError("no paper")


class Newer:
    """A renderer that draws something else than before."""

    def __call__(self, *_args, **_kwargs):
        return b"%PDF-1.7 something newer"


def audited(action):
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == action))
    return [json.loads(entry.body)["after"] for entry in entries]


def path(tmp_path):
    return tmp_path / "invoices" / "202611" / "TRX-20261120-000001.pdf"


def test_the_worker_stores_what_waits_at_its_place_with_its_hash(world, sold, press, tmp_path):
    assert work_once(work(press)) is True
    assert work_once(work(press)) is False
    body = path(tmp_path).read_bytes()
    (row,) = db.session.scalars(select(StoredPdf))
    assert (row.path, row.size) == ("invoices/202611/TRX-20261120-000001.pdf", len(body))
    assert re.fullmatch("[0-9a-f]{64}", row.sha256)
    assert audited("document.store")[0]["sha256"] == row.sha256


def test_a_download_before_the_worker_renders_and_stores(world, sold, press, tmp_path):
    paper = fetch(world.driver.actor, sold.ref, press)
    assert paper.name == "TRX-20261120-000001.pdf"
    assert paper.body == path(tmp_path).read_bytes()
    assert work_once(work(press)) is True  # finds it stored, and is done
    assert len(audited("document.store")) == 1


def test_a_second_download_is_the_stored_one(world, sold, press, tmp_path):
    first = fetch(world.driver.actor, sold.ref, press)
    again = fetch(world.driver.actor, sold.ref, Press(render=Broken(), directory=tmp_path))
    assert again == first


def test_a_crash_between_file_and_row_loses_nothing(world, sold, press, tmp_path):
    first = fetch(world.driver.actor, sold.ref, press)
    path(tmp_path).unlink()
    assert fetch(world.driver.actor, sold.ref, press) == first
    assert path(tmp_path).read_bytes() == first.body


def test_a_failing_renderer_leaves_the_message_for_another_try(world, sold, press, tmp_path):
    with pytest.raises(OSError, match="no paper"):
        work_once(work(Press(render=Broken(), directory=tmp_path)))
    (message,) = db.session.scalars(select(OutboxMessage))
    assert (message.done_at, message.last_error) == (None, "OSError: no paper")
    assert list(tmp_path.glob("invoices/**/*.pdf")) == []


def test_a_changed_file_is_made_again_and_never_handed_out(world, sold, press, tmp_path):
    first = fetch(world.driver.actor, sold.ref, press)
    path(tmp_path).write_bytes(b"%PDF-1.7 forged")
    assert fetch(world.driver.actor, sold.ref, press) == first


def test_a_lost_file_that_cannot_be_made_the_same_again_is_told(world, sold, press, tmp_path):
    fetch(world.driver.actor, sold.ref, press)
    path(tmp_path).unlink()
    with pytest.raises(PaperDamaged):
        fetch(world.driver.actor, sold.ref, Press(render=Newer(), directory=tmp_path))


def wish(sold, actor):
    from uuid import uuid4

    return RegenerateDocument(actor=actor, submission=uuid4(), transaction=sold.ref)


def test_rendering_again_compares_and_is_audited(world, sold, press):
    assert regenerate(wish(sold, given.an_accountant().actor), press) is True
    (said,) = audited("document.regenerate")
    assert said["stored"] == said["rendered"]


def test_if_a_newer_renderer_differs_the_stored_one_is_served(world, sold, press, tmp_path):
    first = fetch(world.driver.actor, sold.ref, press)
    newer = Press(render=Newer(), directory=tmp_path)
    assert regenerate(wish(sold, given.an_admin().actor), newer) is False
    assert fetch(world.driver.actor, sold.ref, newer) == first


def test_who_may_not_see_the_sale_gets_no_paper(world, sold, press):
    stranger = given.a_driver(given.a_truck(world.depot)).actor
    before = everything()
    with pytest.raises(NotFound):
        fetch(stranger, sold.ref, press)
    assert everything() == before


def test_only_the_office_renders_again(world, sold, press):
    with pytest.raises(NotAllowed):
        regenerate(wish(sold, world.supervisor.actor), press)
