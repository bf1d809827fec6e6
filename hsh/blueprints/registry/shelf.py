"""The pages that every kind of registry record has: list, add, look at, change, close, reopen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, override
from uuid import UUID

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from hsh.blueprints import names, toasts
from hsh.blueprints.access import allow
from hsh.blueprints.books import timeline
from hsh.blueprints.device import ops
from hsh.blueprints.forms import SubmissionForm
from hsh.blueprints.render import moved, render, wants_fragment
from hsh.blueprints.versions import VersionForm
from hsh.core import clock
from hsh.core.command import Actor
from hsh.services.registry.closing import CloseRecord, ReopenRecord

type Key = UUID | int
type Values = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """A kind of record, as its pages show it.

    ``name`` is its table, and its place in addresses. ``act`` begins the names of its ops:
    ``depot`` those of ``depot.add`` and ``depot.edit``.
    """

    name: str
    act: str
    key: type[UUID | int]
    edit: type[VersionForm]
    one: Callable[[Any], Any]
    """Return the record with a key, or raise ``NotFound``."""
    values: Callable[[Any], Values]
    """Return what the fields of ``edit`` say of a record."""
    called: Callable[[Any], Any] = attrgetter("name")
    """Return what a record is called."""
    back: Callable[[Any], str]
    """Return the address of the page that leads to a record."""
    ref: Callable[[Any], UUID] = attrgetter("ref")
    """Return the address of a record in the audit book."""
    may_close: bool = True

    def blueprint(self) -> Blueprint:
        """Return the pages: look at a record, and change it."""
        pages = Blueprint(self.name, __name__, url_prefix=f"/{self.name}")
        rule, edit_op = f"/<{'uuid' if self.key is UUID else 'int'}:key>", f"{self.act}.edit"

        @pages.get(rule)
        @allow("registry.view")
        def show(key: Key) -> str:
            """Show one, and what can be changed."""
            return self.page(key)

        @pages.post(rule)
        @allow(edit_op)
        def edit(key: Key) -> ResponseReturnValue:
            """Change one; who came second sees both versions."""
            form = self.edit.sent()
            ops.perform(edit_op, form, redraw=lambda: self.page(key, form))
            return self.told(_l("%(thing)s is changed."), key)

        return pages

    def page(self, key: Key, form: VersionForm | None = None) -> str:
        """Show a record, with the ``form`` about it that will not do."""
        record = self.one(key)
        now = self.edit(data={**self.values(record), "version": record.version})
        opening = OpeningForm(data={"version": record.version})
        if isinstance(form, OpeningForm):
            opening = form.beside(opening)
        return render(
            "registry/shelf/show.html",
            block="record",
            shelf=self,
            record=record,
            key=key,
            today=clock.today(),
            form=form.beside(now) if isinstance(form, self.edit) else now,
            opening=opening if self.may_close else None,
            back=self.back(record),
            history=timeline.of(self.ref(record)),
        )

    def told(self, words: Any, key: Key, *, undo: toasts.Undo | None = None) -> ResponseReturnValue:
        """Answer a POST with the record as it is now, and say what was done with it."""
        called = str(self.called(self.one(key)))
        address = url_for(f"registry.{self.name}.show", key=key)
        toasts.tell(toasts.Toast(words=words, thing=called, address=address, undo=undo))
        if not wants_fragment():
            return redirect(address, 303)
        return self.page(key)


@dataclass(frozen=True, kw_only=True)
class ListedShelf(Shelf):
    """A kind of record with a list of its own.

    ``registry/<name>/_row.html`` writes a record as a row of it.
    """

    title: Any
    note: Any
    adding: Any
    """The words for one more."""
    columns: Sequence[Any]
    new: type[SubmissionForm]
    every: Callable[[], Sequence[Any]]

    @override
    def blueprint(self) -> Blueprint:
        """Return the pages: list and add, too."""
        pages, add_op = super().blueprint(), f"{self.act}.add"

        @pages.get("")
        @allow("registry.view")
        def index() -> str:
            """List all of them."""
            return self._list()

        @pages.get("/new")
        @allow(add_op)
        def new() -> str:
            """Ask what is to be added."""
            return self._asked(self.new())

        @pages.post("/new")
        @allow(add_op)
        def add() -> ResponseReturnValue:
            """Add one."""
            form = self.new.sent()
            ops.perform(add_op, form, redraw=lambda: self._asked(form))
            return moved(index)

        return pages

    def _list(self) -> str:
        return render(
            "registry/shelf/index.html",
            block="records",
            shelf=self,
            columns=[one if isinstance(one, tuple) else str(one) for one in self.columns],
            records=self.every(),
            names=names,
            today=clock.today(),
        )

    def _asked(self, form: SubmissionForm) -> str:
        return render("registry/shelf/new.html", block="record", shelf=self, form=form)


class OpeningForm(VersionForm):
    """A record is closed or reopened, as it was shown."""


class CloseForm(OpeningForm):
    """A record is not used any more."""

    @override
    def command(self, actor: Actor, **record: Any) -> CloseRecord:
        """Return the wish to close it."""
        return CloseRecord(**self.envelope(actor), version=self.version.data, **record)


class ReopenForm(OpeningForm):
    """A record is used again."""

    @override
    def command(self, actor: Actor, **record: Any) -> ReopenRecord:
        """Return the wish to open it again."""
        return ReopenRecord(**self.envelope(actor), version=self.version.data, **record)


def list_of(name: str) -> Callable[[Any], str]:
    """Return what leads back to the list of a ``ListedShelf``."""
    return lambda _record: url_for(f"registry.{name}.index")
