"""What was just done, told once above the next page: with the way to it, and the way back.

Kept in the session, so that neither a redirect nor a swap loses it; only the newest. In the field
a page says by itself how its record stands, and the room is the driver's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask import Flask, Response, g, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user

from hsh.core import roles
from hsh.core.command import Outcome
from hsh.core.refs import short_code
from hsh.services.books.approvals import RECORD as REQUEST

ONCE = "X-HSH-Once"
"""On an answer that tells what was done: a tablet that keeps pages does not keep this one."""
_KEY = "toast"
_THING = "%(thing)s"
_LONGEST = 80


@dataclass(frozen=True, kw_only=True)
class Undo:
    """The act that takes it back: where its form is sent, and with which fields.

    They name the version that the act left behind: after another act on the record it is refused.
    """

    address: str
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Toast:
    """A sentence about ``thing``, which leads to ``address``: it says ``%(thing)s`` once."""

    words: Any
    thing: str
    address: str = ""
    undo: Undo | None = None


@dataclass(frozen=True, kw_only=True)
class Made:
    """An act that was done: its form as it was sent, and the parts of its address."""

    form: Any
    outcome: Outcome
    parts: Mapping[str, Any]

    @property
    def ref(self) -> UUID:
        """The record's."""
        return self.outcome.ref


type Says = Callable[[Made], Toast]


def numbered(words: Any, page: str, *, undo: Callable[[Made], Undo | None] | None = None) -> Says:
    """Tell of a record by its number, or of the request that someone else approves."""

    def says(made: Made) -> Toast:
        if made.outcome.record == REQUEST:
            return request_made(made)
        return Toast(
            words=words,
            thing=made.outcome.number or short_code(made.ref),
            address=url_for(page, ref=made.ref),
            undo=undo(made) if undo else None,
        )

    return says


def request_made(made: Made) -> Toast:
    """Tell that a second person is asked, who can be spared it."""
    return Toast(
        words=_("%(thing)s waits for another person's approval."),
        thing=_("Your request"),
        address=url_for("approvals.show", ref=made.ref),
        undo=Undo(address=url_for("approvals.withdraw", ref=made.ref)),
    )


def named(words: Any, called: str, page: str, part: str = "ref") -> Says:
    """Tell of a record by the form's field ``called``; ``page`` takes its ref as ``part``."""

    def says(made: Made) -> Toast:
        record: dict[str, Any] = {part: made.ref}
        address = url_for(page, **record)
        return Toast(words=words, thing=str(made.form[called].data or ""), address=address)

    return says


def at(words: Any, thing: Any, page: str, **fixed: Any) -> Says:
    """Tell of ``thing``, a word, which stands on a page that its act's address names."""

    def says(made: Made) -> Toast:
        return Toast(words=words, thing=str(thing), address=url_for(page, **fixed, **made.parts))

    return says


def undone_by(page: str, action: str) -> Callable[[Made], Undo | None]:
    """Take a numbered record back by another, with a reason that says so."""

    def undo(made: Made) -> Undo | None:
        if not roles.may(current_user.actor.roles, action):
            return None
        address = url_for(page, ref=made.ref)
        return Undo(address=address, fields={"reason": _("Undone at once.")})

    return undo


def back(page: str, ref: UUID, version: int) -> Undo | None:
    """Take it back by the act of another ``page``, if nobody changed the record since."""
    return Undo(address=url_for(page, ref=ref), fields={"version": version}) if page else None


def tell(toast: Toast) -> None:
    """Have the next page say it."""
    if not current_user.is_authenticated or current_user.in_the_field:
        return
    before, _thing, after = str(toast.words).partition(_THING)
    undo = toast.undo and [toast.undo.address, {k: str(v) for k, v in toast.undo.fields.items()}]
    thing = toast.thing if len(toast.thing) <= _LONGEST else f"{toast.thing[:_LONGEST]}…"
    session[_KEY] = [before, thing, after, toast.address, undo]


def take() -> dict[str, Any] | None:
    """Return what this page is to say, which no other says then.

    What a script fetches beside the page, to keep it, is seen by nobody.
    """
    mode = request.headers.get("Sec-Fetch-Mode", "navigate")
    if _KEY not in session or (mode != "navigate" and "HX-Request" not in request.headers):
        return None
    g.toast_told = True
    before, thing, after, address, undo = session.pop(_KEY)
    return {"before": before, "thing": thing, "after": after, "address": address, "undo": undo}


def register(app: Flask) -> None:
    """Let every page tell it."""
    app.jinja_env.globals["toast"] = take
    app.after_request(_mark)


def _mark(response: Response) -> Response:
    if g.get("toast_told"):
        response.headers[ONCE] = "1"
    return response
