"""The forms by which stock is put right: one shape for every kind of change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, cast, override
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from hsh.blueprints import toasts
from hsh.blueprints.choices import options
from hsh.blueprints.device import ops
from hsh.blueprints.fields import CountsField, TextField
from hsh.blueprints.forms import SubmissionForm
from hsh.blueprints.logistics.fields import RefChoiceField
from hsh.core.command import Actor
from hsh.core.words import Condition, CorrectionKind
from hsh.services.logistics.corrections import (
    REASON_MOST,
    AdjustStock,
    CorrectStock,
    DumpStock,
    ReverseCorrection,
    StockLine,
    TransferStock,
    WriteOffStock,
    correct_stock,
    reverse_correction,
)


class CorrectionForm(SubmissionForm):
    """How many of each size and condition, at which place, and why."""

    wanted: ClassVar[type[CorrectStock]]
    conditions: ClassVar[Sequence[Condition]] = (Condition.FULL, Condition.PART, Condition.EMPTY)

    place = RefChoiceField(_l("Place"))
    other = RefChoiceField(_l("To"), required=False)
    full = CountsField(_l("Full"))
    part = CountsField(_l("Part"))
    empty = CountsField(_l("Empty"))
    held = CountsField(_l("At the site"))
    reason = TextField(_l("Reason"), most=REASON_MOST, lines=True)

    @override
    def command(self, actor: Actor, **record: Any) -> CorrectStock:
        """Return the wish to change the stock."""
        return self.wanted(
            **self.envelope(actor),
            **record,
            place=self.place.data,
            other=self.other.data,
            reason=self.reason.data or "",
            lines=tuple(self._lines()),
        )

    def offer(self, ends: list[tuple[UUID, str]], others: list[tuple[UUID, str]]) -> None:
        """Let the place be one of ``ends``, and where it goes one of ``others``."""
        self.place.choices, self.other.choices = ends, others
        self.place.blank = self.other.blank = _l("Choose")

    def columns(self, *, at_site: bool) -> list[CountsField]:
        """Return the counts that can be entered: at a site nobody sees the condition."""
        states = (Condition.HELD,) if at_site else self.conditions
        return [self._counts(state) for state in states]

    def _lines(self) -> list[StockLine]:
        return [
            StockLine(equipment=code, condition=state, quantity=self.sign() * count)
            for state in (*self.conditions, Condition.HELD)
            for code, count in (self._counts(state).data or {}).items()
        ]

    def sign(self) -> int:
        """Return 1 for what is there, -1 for what is missing."""
        return 1

    def _counts(self, state: Condition) -> CountsField:
        return cast("CountsField", self[state.value])


class AdjustForm(CorrectionForm):
    """More or fewer are there than the books say."""

    wanted = AdjustStock
    way = RadioField(
        _l("Beside the books there are"),
        choices=options([("more", _l("more")), ("fewer", _l("fewer"))]),
        default="more",
    )

    @override
    def sign(self) -> int:
        return -1 if self.way.data == "fewer" else 1


class TransferForm(CorrectionForm):
    """Between two depots, or a depot and the supplier."""

    wanted = TransferStock
    place = RefChoiceField(_l("From"))
    other = RefChoiceField(_l("To"))


class DumpForm(CorrectionForm):
    """Let the gas out: what was full or partly used is empty."""

    wanted = DumpStock
    conditions = (Condition.FULL, Condition.PART)


class WriteOffForm(CorrectionForm):
    """Gone for good."""

    wanted = WriteOffStock
    other = RefChoiceField(_l("What became of them"))


class ReverseForm(SubmissionForm):
    """The change was a mistake."""

    reason = TextField(_l("Why is it taken back?"), most=REASON_MOST, lines=True)

    @override
    def command(self, actor: Actor, **record: Any) -> ReverseCorrection:
        """Return the wish to take the change ``correction`` back."""
        return ReverseCorrection(
            **self.envelope(actor), **record, reason=self.reason.data or ""
        )  # fmt: skip


FORMS: dict[CorrectionKind, type[CorrectionForm]] = {
    form.wanted.kind: form for form in (AdjustForm, TransferForm, DumpForm, WriteOffForm)
}
_MADE = {
    CorrectionKind.ADJUST: _l("Adjustment %(thing)s is in the books."),
    CorrectionKind.TRANSFER: _l("Transfer %(thing)s is in the books."),
    CorrectionKind.DUMP: _l("%(thing)s is in the books: the cylinders are empty now."),
    CorrectionKind.WRITE_OFF: _l("Write-off %(thing)s is in the books."),
}
for form in FORMS.values():
    ops.enter(
        form.wanted.op, form=form, service=correct_stock, endpoint="corrections.make",
        says=toasts.numbered(
            _MADE[form.wanted.kind], "corrections.show",
            undo=toasts.undone_by("corrections.reverse", "stock.reverse"),
        ),
    )  # fmt: skip
ops.enter(
    "stock.reverse", form=ReverseForm, service=reverse_correction,
    endpoint="corrections.reverse", names={"ref": "correction"},
    says=toasts.numbered(_l("%(thing)s takes everything back."), "corrections.show"),
)  # fmt: skip
