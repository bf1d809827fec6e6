"""A supervisor looks into a sale that something is odd about, and says what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from hsh.core import clock
from hsh.core.command import Command, Outcome
from hsh.core.refusals import NotFound, OwnDiscrepancy, Replaced
from hsh.core.roles import require
from hsh.db import append, atomic
from hsh.models.sales import FlagReview
from hsh.queries.books import discrepancies
from hsh.queries.sales import transactions
from hsh.services.books import audit
from hsh.services.books.submissions import once
from hsh.services.sales import record


@dataclass(frozen=True, kw_only=True)
class CloseDiscrepancy(Command):
    """The flagged sale stands as it is; its seller reads the ``reason``.

    A sale that does not stand is taken back (``VoidTransaction``), which settles it too.
    """

    op: ClassVar[str] = "discrepancy.close"
    transaction: UUID
    reason: str


@atomic
@once
def close_discrepancy(command: CloseDiscrepancy) -> Outcome:
    """Write down what came of it; the flag itself stays for ever (law 6).

    Raises:
        NotFound: no such sale, or not theirs, or nothing is odd about it.
        OwnDiscrepancy: they sold it themselves.
        Replaced: it was settled meanwhile.

    """
    require(command.actor.roles, command.op)
    sale, document = transactions.load(command.actor, command.transaction, lock=True)
    flagged = discrepancies.of_sale(sale.id)
    if flagged is None:
        raise NotFound(what="discrepancy")
    if sale.seller_id == command.actor.id:
        raise OwnDiscrepancy
    if flagged.review or transactions.void_of(sale):
        raise Replaced
    at = clock.now()
    append(
        FlagReview,
        transaction_id=sale.id,
        reason=command.reason,
        reviewed_by=command.actor.id,
        reviewed_at=at,
    )
    audit.record(
        command.op,
        command,
        record_type=record.RECORD,
        ref=sale.ref,
        number=document.transaction_number,
        after={"reason": command.reason},
        at=at,
    )
    return Outcome(
        record=record.RECORD,
        ref=sale.ref,
        number=document.transaction_number,
        document=document.number,
    )
