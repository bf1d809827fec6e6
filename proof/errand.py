"""One thing to do at an address: what it is about, and a form that will do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from hsh.blueprints.device.ops import OPS
from hsh.blueprints.forms import Form

if TYPE_CHECKING:
    from proof.errands import Desk


@dataclass(frozen=True, kw_only=True)
class Aim:
    """What a request is about, and what it says: parts of the address, the form, the query.

    A tablet sends its queue as JSON: ``body``, in which ``form`` stands wherever it can.
    """

    args: dict[str, object] = field(default_factory=dict)
    form: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] | None = None

    def json(self) -> dict[str, Any]:
        """Return the body, with ``form`` in the envelope, in each item and among its fields."""
        body = self.form | (self.body or {})
        return body | {
            "items": [
                self.form | item | {"fields": self.form | item["fields"]} for item in body["items"]
            ]
        }

    def at_nothing(self, name: str) -> Aim:
        """Return the same about a record that is not there; ``name`` says which part names it."""
        if name in self.args:
            return replace(self, args=self.args | {name: _absent(self.args[name])})
        return replace(self, form=self.form | {name: str(_absent(UUID(int=0)))})


@dataclass(frozen=True, kw_only=True)
class Errand:
    """One thing to do at an address. ``record`` is the part that names whose record it is about."""

    endpoint: str
    method: str
    make: Callable[[Desk, str], Aim]
    record: str | None = None
    form: type[Form] | None = None


def _absent(value: object) -> object:
    if isinstance(value, UUID):
        return uuid4()
    if isinstance(value, str):
        return "999999999" if value.isdecimal() else "no-such-thing"
    return 999_999_999


def submission(**fields: object) -> dict[str, str]:
    """Return the fields of a form that is sent once; ``a__b`` is the field ``a-b``."""
    return {"client_temp_id": str(uuid4())} | {
        name.replace("__", "-"): str(value) for name, value in fields.items()
    }


def nothing(_desk: Desk, _person: str) -> Aim:
    """Be about no record in particular."""
    return Aim()


def asking(**query: str) -> Callable[[Desk, str], Aim]:
    """Be about what ``query`` asks for."""
    return lambda _desk, _person: Aim(query=query)


def get(endpoint: str, make: Callable[[Desk, str], Aim] = nothing, record: str = "") -> Errand:
    """Look at a page."""
    return Errand(endpoint=endpoint, method="GET", make=make, record=record or None)


def post(
    endpoint: str,
    make: Callable[[Desk, str], Aim] = nothing,
    record: str = "",
    form: type[Form] | str | None = None,
) -> Errand:
    """Send a form."""
    kind = OPS[form].form if isinstance(form, str) else form
    return Errand(endpoint=endpoint, method="POST", make=make, record=record or None, form=kind)
