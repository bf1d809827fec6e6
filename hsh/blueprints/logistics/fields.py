"""Fields of logistics forms: a record chosen by its ref, from choices that the page knows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from markupsafe import Markup
from wtforms.widgets import html_params

from hsh.blueprints.fields import RefField

_BLANK = Markup('<option value="">{}</option>')
_OPTION = Markup('<option value="{}">{}</option>')
_CHOSEN = Markup('<option value="{}" selected>{}</option>')


class Menu:
    """Draws a ``RefChoiceField`` as a <select>."""

    def __call__(self, field: RefChoiceField, **attributes: Any) -> Markup:
        """Return the menu, with a blank entry where nothing may be chosen yet."""
        attributes = {"id": field.id, "name": field.name} | attributes
        if field.flags.required:
            attributes["required"] = True
        return Markup("<select {}>{}</select>").format(
            Markup(html_params(**attributes)),  # noqa: S704 - WTForms has escaped it
            Markup("").join(self._options(field)),
        )

    def _options(self, field: RefChoiceField) -> list[Markup]:
        blank = [_BLANK.format(field.blank)] if field.blank is not None else []
        return blank + [
            (_CHOSEN if ref == field.data else _OPTION).format(ref, label)
            for ref, label in field.choices
        ]


class RefChoiceField(RefField):
    """One record of a list. What may be chosen is the service's business, not the list's.

    So a form that is replayed later, without its page, needs no choices.
    """

    def __init__(self, label: Any, *, required: bool = True, **kwargs: Any) -> None:
        """Begin without choices: the page fills them in."""
        super().__init__(label, required=required, widget=Menu(), **kwargs)
        self.choices: Sequence[tuple[UUID, str]] = ()
        self.blank: Any = None
        """The words for nothing chosen; None where something is chosen always."""

    @property
    def chosen(self) -> str | None:
        """The label of what is chosen, if it is one of the choices."""
        return dict(self.choices).get(self.data) if self.data else None
