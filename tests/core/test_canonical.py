from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal as D
from uuid import UUID

import pytest

from hsh.core.canonical import canonical, digest
from hsh.core.command import Actor, Command
from hsh.core.roles import Role

ONE, TWO = UUID(int=1), UUID(int=2)


def test_equal_values_have_one_spelling():
    assert canonical({"b": D("2.50"), "a": 1}) == canonical({"a": 1, "b": D("2.5")})
    assert canonical(D("100")) == '"100"'
    assert canonical(D("-0")) == canonical(D("-0.000")) == canonical(D(0)) == '"0"'
    assert canonical([date(2026, 1, 2), ONE, frozenset({"y", "x"})]) == (
        '["2026-01-02","00000000-0000-0000-0000-000000000001",["x","y"]]'
    )


def test_what_has_no_canonical_form_is_refused():
    with pytest.raises(TypeError):
        canonical(object())


@dataclass(frozen=True, kw_only=True)
class Sell(Command):
    op = "sell"
    quantity: int


def sell(quantity: int = 1, who: int = 1, **more: object) -> Sell:
    actor = Actor(id=who, username="a", name="A", roles=frozenset({Role.DRIVER}))
    return Sell(**{"actor": actor, "submission": ONE, "quantity": quantity, **more})


def test_a_forms_hash_is_of_its_content_alone():
    same = sell(who=2, submission=TWO, device="d", captured_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert sell().content_hash() == same.content_hash()
    assert sell().content_hash() != sell(quantity=2).content_hash()
    assert digest("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
