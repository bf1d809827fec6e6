"""The state machine: acts drawn at random, each done by the services and by the model alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, ClassVar
from uuid import UUID

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from hsh.core import clock
from hsh.core.command import Command, Outcome
from hsh.core.refusals import Refusal, SubmissionReused
from hsh.core.words import RateScope, TaxCode
from hsh.documents.content import Anchor, Content, Numbers
from hsh.queries.verify import LAWS
from hsh.services.books.submissions import log_refusal
from hsh.services.books.work import work_once
from hsh.services.registry import assignments, equipment, meters, rates
from hsh.services.sales import papers, receipts
from proof.acts import do, other
from proof.books import Books
from proof.model import draw, logistics, sales, seen, state
from proof.model.money import units
from proof.model.state import No

BEGINS = datetime(2026, 12, 29, 8, tzinfo=clock.SINGAPORE)
SHARE = 16
"""After each step one in so many laws is proved, in turn, and all of them at the end.

Facts are only added, so a law that a step broke is still broken then; what can be mended by a
later step, the projections, is compared with the model after every step."""
FULL_STOCK = 60
SEEDS = st.integers(0, 2**32 - 1)
"""What decides about a step. Drawing each value alone is slower, and leans to the ends."""

MODELS: dict[str, Callable[[state.Model, Any], Outcome]] = {
    "distribution.plan": logistics.plan,
    "distribution.edit": logistics.edit,
    "distribution.drop": logistics.drop,
    "distribution.confirm": logistics.confirm,
    "distribution.reverse": logistics.reverse,
    "stock.adjust": logistics.adjust,
    "stock.transfer": logistics.transfer,
    "sale.confirm": sales.sell,
    "sale.void": sales.void,
}


class Trade(RuleBasedStateMachine):
    """Everything that can happen to the books, one step at a time."""

    books: ClassVar[Books]
    steps: ClassVar[int]

    def __init__(self) -> None:
        """Begin with the company as it was set up, on the day before the last of a year."""
        super().__init__()
        self.books.again()
        self.scene = ExitStack()
        self.scene.enter_context(self.books.app.app_context())
        self.model = state.begin(self.books.world, now=BEGINS, audited=_audited(self.books))
        self.scene.enter_context(clock.running(lambda: self.model.now))
        self.done: list[tuple[Command, Outcome]] = []
        self.refused: list[Command] = []
        self.forms = 0
        """Submissions that were applied."""
        self.turn = 0
        self.press = papers.Press(render=_printed, directory=self.books.home)

    @initialize(seed=SEEDS)
    def open_the_depots(self, seed: int) -> None:
        """Count the opening stock."""
        drawing, world = self.drawing(seed), self.model.world
        for place in (*world.depots, *world.trucks):
            self.act(draw.opening(drawing, place, FULL_STOCK))

    @rule(seed=SEEDS)
    def correct_the_stock(self, seed: int) -> None:
        """Count what differs, or bring stock elsewhere."""
        drawing = self.drawing(seed)
        self.act(drawing.one([draw.adjustment, draw.transfer])(drawing))

    @rule(seed=SEEDS)
    def distribute(self, seed: int) -> None:
        """Plan a distribution, or edit, drop, confirm or reverse one."""
        drawing = self.drawing(seed)
        plans, others = [draw.plan] * 3, [draw.edit, draw.drop, *[draw.confirm] * 4, draw.reverse]
        self.act(drawing.one(plans + others if self.model.runs else plans)(drawing))

    @rule(seed=SEEDS)
    def sell(self, seed: int) -> None:
        """Visit a site."""
        self.act(draw.sale(self.drawing(seed)))

    @rule(seed=SEEDS)
    def sell_more(self, seed: int) -> None:
        """Visit a site: sales are what there is most of."""
        self.act(draw.sale(self.drawing(seed)))

    @precondition(lambda self: self.model.sales)
    @rule(seed=SEEDS)
    def void(self, seed: int) -> None:
        """Take a sale back."""
        self.act(draw.void(self.drawing(seed)))

    @precondition(lambda self: self.done)
    @rule(seed=SEEDS)
    def send_again(self, seed: int) -> None:
        """Send a form again: the same answer, other content is refused, nothing else happens."""
        command, outcome = self.drawing(seed).one(self.done)
        _expect(do(command) == outcome, f"another answer to {command}")
        try:
            do(other(command))
        except SubmissionReused:
            return
        _expect(False, f"{command.op} was taken with other content")  # noqa: FBT003

    @precondition(lambda self: self.refused)
    @rule(seed=SEEDS)
    def try_again(self, seed: int) -> None:
        """Send a refused form again: by now it may be possible."""
        self.act(self.refused.pop(self.drawing(seed).number(0, len(self.refused) - 1)))

    @rule(hours=st.integers(0, 60))
    def wait(self, hours: int) -> None:
        """Let time pass."""
        self.model.now += timedelta(hours=hours, minutes=7)

    @precondition(lambda self: self.model.sales)
    @rule(seed=SEEDS)
    def work_on_paper(self, seed: int) -> None:
        """Print a receipt, let the worker store a PDF, or render one again."""
        drawing = self.drawing(seed)
        drawing.one([self._print_receipt, self._store_a_pdf, self._regenerate_a_pdf])(drawing)

    @rule(seed=SEEDS)
    def keep_the_registry(self, seed: int) -> None:
        """Set a price or the GST rate, put up a meter, give a truck, charge through the meter."""
        drawing = self.drawing(seed)
        acts = [self._set_a_price, self._set_gst, self._put_up_a_meter, self._give_a_truck]
        drawing.one([*acts, self._charge_through_the_meter])(drawing)

    @invariant()
    def the_books_say_what_the_model_says(self) -> None:
        """Compare all that is kept, and prove a share of the laws."""
        Trade.steps += 1
        engine = self.books.owner
        found = list(seen.differences(engine, self.model, submissions=self.forms))
        self.turn += 1
        found += self.books.breaks(LAWS[self.turn % SHARE :: SHARE])
        _expect(not found, "; ".join(found))

    def teardown(self) -> None:
        """Prove every law."""
        try:
            broken = self.books.broken()
            _expect(not broken, "; ".join(broken))
        finally:
            self.scene.close()

    def drawing(self, seed: int) -> draw.Draw:
        """Return what draws the next step."""
        return draw.Draw(model=self.model, rng=Random(f"{self.turn} {seed}"))  # noqa: S311 - no secret

    def act(self, command: Command) -> None:
        """Hand ``command`` to the model and to its service: both say the same."""
        note(repr(command))
        try:
            expected = MODELS[command.op](self.model, command)
        except No as no:
            self._must_refuse(command, no)
        else:
            outcome = do(command)
            _expect(outcome == expected, f"{outcome}, the model says {expected}")
            self.done.append((command, outcome))
            self.forms += 1

    def _must_refuse(self, command: Command, no: No) -> None:
        try:
            outcome = do(command)
        except Refusal as refusal:
            _expect(refusal.code in no.reasons, f"{refusal!r}, the model says {set(no.reasons)}")
            log_refusal(command, refusal)
            self.refused.append(command)
        else:
            _expect(False, f"{outcome}, the model refuses: {set(no.reasons)}")  # noqa: FBT003

    def _print_receipt(self, drawing: draw.Draw) -> None:
        """Print: the first is the original, the others are counted."""
        ref = drawing.one(list(self.model.sales))
        sale, actor = self.model.sales[ref], drawing.person(self.model.world.drivers)
        theirs = sales.sees(self.model, actor, sale)
        try:
            slip = receipts.print_receipt(actor, ref)
        except Refusal as refusal:
            _expect(refusal.code == "not_found" and not theirs, f"receipt: {refusal!r}")
            return
        _expect(theirs and slip.copy == sale.prints, f"receipt: copy {slip.copy}, theirs {theirs}")
        sale.prints += 1
        self.model.audited += 1

    def _store_a_pdf(self, _drawing: draw.Draw) -> None:
        """Let the worker make the oldest PDF that waits."""
        _expect(work_once(papers.work(self.press)) == bool(self.model.waiting), "the outbox")
        if self.model.waiting:
            self._is_stored(self.model.waiting.pop(0))

    def _regenerate_a_pdf(self, drawing: draw.Draw) -> None:
        """Render again: the same bytes."""
        sale = drawing.one(list(self.model.sales))
        command = papers.RegenerateDocument(
            actor=self.model.world.admin.actor, submission=drawing.submission(), transaction=sale
        )
        _expect(papers.regenerate(command, self.press), "a PDF came out otherwise")
        self._is_stored(sale)
        self.model.audited += 1
        self.forms += 1

    def _is_stored(self, sale: UUID) -> None:
        self.model.audited += not self.model.sales[sale].stored
        self.model.sales[sale].stored = True

    def _set_a_price(self, drawing: draw.Draw) -> None:
        scope, at, code = drawing.priced()
        subject, subject_id = drawing.subject(code)
        new = rates.NewRate(
            scope=RateScope(scope),
            scope_id=at,
            subject=subject,
            subject_id=subject_id,
            starts_on=drawing.day(),
            amount=Decimal(drawing.number(0, 20_000)).scaleb(-2),
        )
        prices = self.model.prices[scope, at, code]
        self._register(lambda: rates.set_rate(new, by=None), free=new.starts_on not in prices)
        prices.setdefault(new.starts_on, units(new.amount))

    def _set_gst(self, drawing: draw.Draw) -> None:
        rate = Decimal(drawing.number(0, 20)).scaleb(-2)
        new = rates.NewTaxRate(code=TaxCode.STANDARD, starts_on=drawing.day(), rate=rate)
        gst = self.model.gst
        self._register(lambda: rates.set_tax_rate(new, by=None), free=new.starts_on not in gst)
        gst.setdefault(new.starts_on, units(rate))

    def _register(self, act: Callable[[], object], *, free: bool) -> None:
        """Set a dated figure: refused where there is one for that very day."""
        try:
            act()
        except Refusal as refusal:
            _expect(refusal.code == "invalid" and not free, f"a dated figure: {refusal!r}")
            return
        _expect(free, "a dated figure was changed")
        self.model.audited += 1

    def _put_up_a_meter(self, drawing: draw.Draw) -> None:
        """Put up one more, with a dial that soon begins again."""
        new = drawing.meter()
        meters.add_meter(new, by=None)
        self.model.gauges[new.ref] = state.Gauge(
            site=new.site,
            last=units(new.opening_reading),
            wrap=units(Decimal(10**new.digits)),
            grain=units(Decimal(1).scaleb(-new.decimals)),
        )
        self.model.audited += 1

    def _give_a_truck(self, drawing: draw.Draw) -> None:
        """Give a truck to a driver from a day on, to one more perhaps."""
        world = self.model.world
        key = (drawing.one(world.drivers).actor.id, drawing.one(world.trucks).id)
        new = assignments.NewAssignment(driver=key[0], truck=key[1], starts_on=drawing.day())
        assignments.assign_truck(new, by=world.admin.actor)
        self.model.given[key] = min(new.starts_on, self.model.given.get(key, new.starts_on))
        self.model.audited += 1

    def _charge_through_the_meter(self, drawing: draw.Draw) -> None:
        """Let a site pay for a size by its meter."""
        site = drawing.one(self.model.world.sites[: draw.SITES]).id
        code = drawing.one(state.CYLINDERS)
        if (site, code) not in self.model.through_meter:
            equipment.charge_through_meter(site, self.model.world.equipment[code], by=None)
            self.model.through_meter.add((site, code))
            self.model.audited += 1


def _expect(held: bool, what: str) -> None:  # noqa: FBT001 - reads like an assertion
    """End the example: a counterexample was found."""
    if not held:
        raise AssertionError(what)


def _printed(
    content: Content, *, numbers: Numbers, anchor: Anchor, assets: Mapping[str, bytes]
) -> bytes:
    """Stand for the PDF: a function of what it is made from."""
    return repr((content, numbers, anchor, sorted(assets))).encode()


def _audited(books: Books) -> int:
    with books.owner.connect() as connection:
        return int(connection.exec_driver_sql("SELECT sequence FROM audit_head").scalar_one())
