from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from hsh.core.refusals import NotEnoughStock, SubmissionReused
from hsh.db import db
from hsh.models.sales import Document
from hsh.services.sales.transactions import confirm_sale
from tests import given
from tests.selling import at_once, everything, held, level, order, reading, size


@pytest.fixture
def world(app):
    return given.a_world(full_on_truck=20)


def documents():
    return db.session.scalar(select(func.count()).select_from(Document))


def test_the_same_form_twice_is_one_sale_with_one_answer(world):
    one = order(world, cylinders=size(delivered=2), readings=reading(world.meter, "110"))
    first = confirm_sale(one)
    after = everything()
    assert confirm_sale(one) == first
    assert everything() == after


def test_the_same_form_again_from_another_device_is_the_same_answer(world):
    one = order(world, cylinders=size(delivered=2))
    assert confirm_sale(one) == confirm_sale(replace(one, device="another"))


def test_the_same_form_with_other_content_is_refused(world):
    one = order(world, cylinders=size(delivered=2))
    confirm_sale(one)
    after = everything()
    with pytest.raises(SubmissionReused):
        confirm_sale(replace(one, cylinders=size(delivered=3)))
    assert everything() == after


def test_eight_at_once_are_one_document_and_eight_equal_answers(app, world):
    one = order(world, cylinders=size(delivered=2), readings=reading(world.meter, "110"))
    answers = at_once(app, [lambda: confirm_sale(one)] * 8)
    assert answers == [answers[0]] * 8
    assert answers[0].document.startswith("INV-")
    assert (documents(), held(world)) == (1, 2)


def test_eight_sales_at_once_get_eight_numbers_in_a_row(app, world):
    sales = [order(world, cylinders=size(delivered=1)) for _ in range(8)]
    answers = at_once(app, [lambda one=one: confirm_sale(one) for one in sales])
    counted = sorted(int(answer.document[-6:]) for answer in answers)
    assert counted == list(range(1, 9))
    assert (held(world), level(world.truck, world.sizes["C127"])) == (8, 12)


def test_the_truck_is_never_sold_below_zero(app, world):
    """Twenty on board, six buyers of five: four get them."""
    sales = [order(world, cylinders=size(delivered=5)) for _ in range(6)]
    answers = at_once(app, [lambda one=one: confirm_sale(one) for one in sales])
    refused = [answer for answer in answers if isinstance(answer, NotEnoughStock)]
    assert len(refused) == 2
    assert (held(world), level(world.truck, world.sizes["C127"])) == (20, 0)


def test_a_refused_form_may_be_tried_again_under_its_own_uuid(world):
    one = order(world, cylinders=size(delivered=30))
    with pytest.raises(NotEnoughStock):
        confirm_sale(one)
    given.stock(world.truck, {world.sizes["C127"]: 10})
    assert confirm_sale(one).number


def test_the_record_is_known_by_its_submission(world):
    ref = uuid4()
    assert confirm_sale(order(world, submission=ref)).ref == ref
