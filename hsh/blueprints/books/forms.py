"""The forms of the audit page: what the list shows, and an anchor from a paper receipt."""

from __future__ import annotations

from typing import override
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from hsh.blueprints.books.acts import ACTIONS
from hsh.blueprints.choices import options
from hsh.blueprints.fields import TextField
from hsh.blueprints.filters import DaysForm
from hsh.blueprints.forms import Form
from hsh.core.command import Actor
from hsh.queries.books import audit

_NUMBER_LENGTH = 40
_HASH_LENGTH = 100
"""64 digits, and the spaces between groups of four."""


class FilterForm(DaysForm):
    """Which entries the list shows."""

    who = SelectField(_l("Who"), default="")
    action = SelectField(
        _l("What"), choices=options([("", _l("Everything")), *ACTIONS.items()]), default=""
    )
    record = TextField(_l("Number"), most=_NUMBER_LENGTH, required=False)

    @override
    def offer(self, actor: Actor) -> None:
        """Let everybody be chosen, and the system itself."""
        named = [(str(ref), name) for ref, name in audit.people()]
        self.who.choices = options(
            [("", _l("Everybody")), (audit.SYSTEM, _l("The system itself")), *named]
        )

    def filter(self) -> audit.Filter:
        """Return the form as its query wants it."""
        who = self.who.data or None
        return audit.Filter(
            who=UUID(who) if who and who != audit.SYSTEM else who,
            action=self.action.data or "",
            record=self.record.data or "",
            since=self.since.data,
            until=self.until.data,
        )


class AnchorForm(Form):
    """An anchor as it stands at the foot of a receipt or a PDF."""

    sequence = TextField(_l("Audit anchor"), most=_NUMBER_LENGTH)
    digits = TextField(_l("The 16 digits below it, or all 64"), most=_HASH_LENGTH)
