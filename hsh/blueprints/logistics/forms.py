"""The forms of distributions: plan, edit, drop, confirm, reverse; and the filter of the list."""

from __future__ import annotations

from typing import Any, cast, override

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from hsh.blueprints import words
from hsh.blueprints.choices import options
from hsh.blueprints.fields import CountsField, DayField, TextField, WholeField
from hsh.blueprints.filters import DaysForm
from hsh.blueprints.forms import SubmissionForm
from hsh.blueprints.logistics.fields import RefChoiceField
from hsh.core import clock
from hsh.core.command import Actor
from hsh.core.refusals import Refusal, StaleVersion
from hsh.core.words import Condition, Direction
from hsh.queries.logistics import choices
from hsh.queries.logistics.states import State
from hsh.services.logistics.distributions import ConfirmDistribution, ReverseDistribution
from hsh.services.logistics.drafts import (
    MOST_OF_A_SIZE,
    DropDistribution,
    EditDistribution,
    Plan,
    PlanDistribution,
    PlannedLine,
    RestoreDistribution,
)

type Line = tuple[Direction, Condition]

NOTE_LENGTH = 1000

COLUMNS: dict[str, Line] = {
    "out_full": (Direction.OUT, Condition.FULL),
    "in_empty": (Direction.IN, Condition.EMPTY),
    "in_full": (Direction.IN, Condition.FULL),
    "in_part": (Direction.IN, Condition.PART),
}
"""What each count of the form stands for."""

WAYS: dict[str, frozenset[Direction]] = {
    "load": frozenset({Direction.OUT}),
    "unload": frozenset({Direction.IN}),
    "both": frozenset(Direction),
}
"""Which directions count, by what the driver said they do."""


STATES = {
    State.PENDING: _l("Pending"),
    State.CONFIRMED: _l("Confirmed"),
    State.REVERSED: _l("Reversed"),
    State.REVERSAL: _l("Reversal"),
    State.DROPPED: _l("Dropped"),
}
TONES = {
    State.PENDING: "wait",
    State.CONFIRMED: "ok",
    State.REVERSED: "stop",
    State.REVERSAL: "note",
    State.DROPPED: "note",
}


class PlanForm(SubmissionForm):
    """What is to be exchanged between a depot and a truck."""

    way = RadioField(
        _l("What happens"),
        choices=options(
            [("load", _l("Load")), ("unload", _l("Unload")), ("both", _l("Both ways"))]
        ),
        default="both",
    )
    depot = RefChoiceField(_l("Depot"))
    truck = RefChoiceField(_l("Truck"))
    driver = RefChoiceField(_l("Driver"))
    planned_on = DayField(_l("Date"))
    out_full = CountsField(_l("Full out"), most=MOST_OF_A_SIZE)
    in_empty = CountsField(_l("Empty in"), most=MOST_OF_A_SIZE)
    in_full = CountsField(_l("Full back"), most=MOST_OF_A_SIZE)
    in_part = CountsField(_l("Part back"), most=MOST_OF_A_SIZE)
    remarks = TextField(_l("Remarks"), most=NOTE_LENGTH, required=False, lines=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Begin without anything wrong about the cylinders as a whole."""
        super().__init__(*args, **kwargs)
        self.lines_problem = ""

    @override
    def refuse(self, refusal: Refusal) -> None:
        """Put what is wrong with the cylinders above their counts."""
        if refusal.field == "lines":
            self.lines_problem = words.say(refusal)
        else:
            super().refuse(refusal)

    @override
    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Check the fields; what stands in counts that are out of the way does not matter."""
        for name in COLUMNS:
            if not self._matters(name):
                self.counts(name).problems.clear()
        return super().validate(*args, **kwargs)

    @override
    def command(self, actor: Actor, **record: Any) -> Plan:
        """Return the wish for a new draft."""
        return PlanDistribution(**self.envelope(actor), **self._plan(), **record)

    def counts(self, name: str) -> CountsField:
        """Return the counts of one of ``COLUMNS``."""
        return cast("CountsField", self[name])

    def load(self) -> dict[tuple[Direction, str, Condition], int]:
        """Return how many of each size go which way, as far as they were typed."""
        return {
            (direction, code, condition): quantity
            for name, (direction, condition) in COLUMNS.items()
            if self._matters(name)
            for code, quantity in sorted(self.counts(name).data.items())
        }

    def _plan(self) -> dict[str, Any]:
        return {
            "depot": self.depot.data,
            "truck": self.truck.data,
            "driver": self.driver.data,
            "planned_on": self.planned_on.data,
            "remarks": self.remarks.data or "",
            "lines": tuple(
                PlannedLine(
                    direction=direction, equipment=code, condition=condition, quantity=quantity
                )
                for (direction, code, condition), quantity in self.load().items()
            ),
        }

    def _matters(self, name: str) -> bool:
        direction, _condition = COLUMNS[name]
        return direction in WAYS.get(self.way.data or "", frozenset(Direction))


class EditForm(PlanForm):
    """A draft as someone wants it, and the version that they were shown."""

    version = WholeField(least=1, most=999_999_999, widget=HiddenInput())

    @override
    def refuse(self, refusal: Refusal) -> None:
        """Leave a lost race to the page, which shows who won it and what the draft says now."""
        if not isinstance(refusal, StaleVersion):
            super().refuse(refusal)

    @override
    def command(self, actor: Actor, **record: Any) -> Plan:
        """Return the wish to change the draft ``distribution``."""
        return EditDistribution(
            **self.envelope(actor), **self._plan(), version=self.version.data, **record
        )


class DropForm(SubmissionForm):
    """A draft is given up."""

    @override
    def command(self, actor: Actor, **record: Any) -> DropDistribution:
        """Return the wish to drop the draft ``distribution``."""
        return DropDistribution(**self.envelope(actor), **record)


class RestoreForm(SubmissionForm):
    """A dropped draft is wanted after all."""

    @override
    def command(self, actor: Actor, **record: Any) -> RestoreDistribution:
        """Return the wish to make ``distribution`` a draft again."""
        return RestoreDistribution(**self.envelope(actor), **record)


class ConfirmForm(SubmissionForm):
    """The planned cylinders have changed hands."""

    @override
    def command(self, actor: Actor, **record: Any) -> ConfirmDistribution:
        """Return the wish to confirm the draft ``distribution``."""
        return ConfirmDistribution(**self.envelope(actor), **record)


class ReverseForm(SubmissionForm):
    """A confirmed exchange was a mistake."""

    reason = TextField(_l("Reason"), most=NOTE_LENGTH, lines=True)

    @override
    def command(self, actor: Actor, **record: Any) -> ReverseDistribution:
        """Return the wish to take the distribution back."""
        return ReverseDistribution(
            **self.envelope(actor), reason=self.reason.data or "", **record
        )  # fmt: skip


class FilterForm(DaysForm):
    """What the list is narrowed to."""

    number = TextField(_l("Number"), most=40, required=False)
    truck = RefChoiceField(_l("Truck"), required=False)
    depot = RefChoiceField(_l("Depot"), required=False)
    state = SelectField(
        _l("Status"), choices=options([("", _l("All")), *STATES.items()]), validators=[Optional()]
    )

    @override
    def offer(self, actor: Actor) -> None:
        """Let the trucks and depots be chosen that the person sees."""
        trucks = choices.trucks_for(actor, self.until.data or clock.today())
        self.truck.choices = [(truck.ref, truck.plate) for truck in trucks]
        self.depot.choices = [(depot.ref, depot.name) for depot in choices.depots_for(actor)]
        self.truck.blank = self.depot.blank = _l("All")
