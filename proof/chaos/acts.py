"""What a driver did, as the tablet told it, and what the books say of it afterwards."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import Engine, func, select

from hsh.models.books import AuditEntry, Submission
from hsh.models.logistics import Distribution
from hsh.models.sales import Transaction
from proof.goal import Found


@dataclass(frozen=True, kw_only=True)
class Act:
    """A form that the tablet said it has. ``mark`` is what the driver wrote on it alone."""

    uuid: str
    op: str
    mark: str
    needs: str | None = None
    """The act that it can only follow."""


@dataclass(kw_only=True)
class Diary:
    """Everything that a driver was told, on the screen or on paper."""

    acts: list[Act] = field(default_factory=list)
    slips: list[str] = field(default_factory=list)
    """Refs, or the codes that stand for them, which a driver read on the screen."""
    papers: list[str] = field(default_factory=list)
    """Codes on the paper that a customer has in hand, be it half a receipt."""
    before: int = 0
    """Sales that were in the books when the day began."""

    def check(self, engine: Engine, found: Found) -> None:
        """Compare with the books: what is lost, doubled or out of order."""
        books = _read(engine)
        doubled = sum(max(0, books.marks[act.mark] - 1) for act in self.acts if act.mark)
        doubled += max(0, books.sales - self.before - self._count("sale.confirm") - doubled)
        disorder = [act for act in self.acts if act.needs and not books.follows(act)]
        missing = [act for act in self.acts if act.uuid not in books.done]
        unmarked = [act for act in self.acts if act.mark and not books.marks[act.mark]]
        told = [*self.slips, *self.papers]
        slips = [slip for slip in told if not books.has_sale(slip)]
        found.count = len(self.acts)
        found.lost = len({act.uuid for act in [*missing, *unmarked]}) + len(slips)
        found.faults += [f"lost: {act}" for act in missing]
        found.faults += [f"a slip without a record: {slip}" for slip in slips]
        found.faults += [f"out of order: {act}" for act in disorder]
        found.expect(not doubled, f"{doubled} done twice: {books.twice()}")
        found.more |= {
            "submitted": len(self.acts),
            "doubled": doubled,
            "out_of_order": len(disorder),
            "slips": len(self.slips),
            "printed": len(self.papers),
        }

    def _count(self, op: str) -> int:
        return sum(act.op == op for act in self.acts)


@dataclass(frozen=True, kw_only=True)
class _Books:
    done: dict[str, int]
    """The place in the audit chain of each form that was done."""
    marks: Counter[str]
    refs: set[str]
    """Of every sale."""
    sales: int

    def follows(self, act: Act) -> bool:
        """Tell whether an act came after what it needs."""
        if act.needs not in self.done or act.uuid not in self.done:
            return act.uuid not in self.done  # lost is another matter
        return self.done[act.needs] < self.done[act.uuid]

    def has_sale(self, slip: str) -> bool:
        """Tell whether the sale with this ref, or short code, is there."""
        begins = slip.replace("-", "")[:8].lower()
        return any(ref.startswith(begins) for ref in self.refs)

    def twice(self) -> list[str]:
        """Return what stands in the books more than once."""
        return [mark for mark, count in self.marks.items() if count > 1]


def _read(engine: Engine) -> _Books:
    with engine.connect() as connection:
        known = {str(uuid) for uuid in connection.scalars(select(Submission.client_temp_id))}
        entries = connection.execute(select(AuditEntry.sequence, AuditEntry.body))
        places = {json.loads(body).get("submission"): sequence for sequence, body in entries}
        marks: Counter[str] = Counter()
        for column in (Transaction.purchase_order, Distribution.remarks):
            rows = connection.execute(select(column, func.count()).group_by(column))
            marks.update({mark: count for mark, count in rows if mark})
        refs = {str(ref) for ref in connection.scalars(select(Transaction.ref))}
    done = {uuid: places[uuid] for uuid in known if uuid in places}
    return _Books(done=done, marks=marks, refs=refs, sales=len(refs))
