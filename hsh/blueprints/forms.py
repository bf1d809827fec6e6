"""What every form carries besides its own fields, and what happens when it will not do."""

from __future__ import annotations

from typing import Any, Self

from flask import request
from flask_babel import gettext as _
from flask_wtf.i18n import translations
from wtforms import Form as PlainForm
from wtforms import StringField
from wtforms.validators import Length, Optional, Regexp

from hsh.blueprints import words
from hsh.blueprints.fields import CountsField, InstantField, RefField
from hsh.core import clock
from hsh.core.command import Actor, Command
from hsh.core.refusals import Refusal


class Form(PlainForm):
    """A form without a submission of its own: a filter, signing in. CSRF is checked for all."""

    class Meta(PlainForm.Meta):  # type: ignore[misc]  # its type is Any
        """WTForms' own sentences follow the person's language."""

        def get_translations(self, _form: object) -> Any:
            """Return the translations of the request's language."""
            return translations

    @classmethod
    def sent(cls, **values: Any) -> Self:
        """Return the form as it came with this request."""
        return cls(request.form, **values)

    def refuse(self, refusal: Refusal) -> None:
        """Put the words of ``refusal`` beside its field, or above the form."""
        name, _, code = (refusal.field or "").partition("-")
        field = self._fields.get(refusal.field or "") or self._fields.get(name)
        if isinstance(field, CountsField) and code:
            field.problems[code] = words.say(refusal)
        elif field is not None:
            field.errors = (*field.errors, words.say(refusal))
        else:
            self.form_errors = [*self.form_errors, words.say(refusal)]

    def problems(self) -> list[str]:
        """Return what is wrong, as sentences that name their field."""
        return [
            *map(str, self.form_errors),
            *(
                _("%(field)s: %(problem)s", field=field.label.text, problem=problem)
                for field in self
                for problem in field.errors
            ),
        ]


class SubmissionForm(Form):
    """A form that changes something: it has a UUID of its own, so that it is done once (law 5)."""

    approved_by: Actor | None = None
    """The supervisor who settles a parked form, or brings a tablet's queue to the office."""
    client_temp_id = RefField()
    captured_at = InstantField()
    replaces = RefField(required=False)
    device_id = StringField(
        validators=[Optional(), Length(max=40), Regexp(r"^[A-Za-z0-9-]+$")],
    )

    def command(self, *args: Any, **record: Any) -> Command:
        """Return what the form asks for: of the actor (first), and of the record it is about."""
        raise NotImplementedError

    def envelope(self, actor: Actor) -> dict[str, Any]:
        """Return who sends it, under which UUID, when and on which device: for a ``Command``.

        A device's time in the future is taken for now (law 10).
        """
        captured = self.captured_at.data
        return {
            "actor": actor,
            "submission": self.client_temp_id.data,
            "captured_at": min(captured, clock.now()) if captured else None,
            "device": self.device_id.data or None,
            "replaces": self.replaces.data,
            "approved_by": self.approved_by,
        }
