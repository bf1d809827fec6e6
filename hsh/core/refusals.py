"""Every no that the business can say. Nothing was written when one is raised.

A refusal carries a code and parameters; the blueprints put it into words (blueprints.words).
"""

from __future__ import annotations

from typing import ClassVar


class Refusal(Exception):  # noqa: N818 - it is a business answer, not a bug
    """The business says no."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409

    def __init__(self, *, field: str | None = None, **params: object) -> None:
        """Keep ``params`` for the message, and the form ``field`` that it stands beside."""
        super().__init__(self.code, params)
        self.field = field
        self.params = params


class NotFound(Refusal):
    """No such record, or none that this person may see (law 11)."""

    code = "not_found"
    status = 404


class NotAllowed(Refusal):
    """This person's roles do not include the action (law 11)."""

    code = "not_allowed"
    status = 403


class NotEnoughStock(Refusal):
    """A depot or truck does not hold that many (law 2). Params: ``shortages``."""

    code = "not_enough_stock"
    lacking: tuple[tuple[int, int, str, int], ...] = ()
    """The same for the books: ids of place and equipment, condition, and how many are missing."""


class SiteHoldsFewer(Refusal):
    """More is collected than the site's ledger holds; a tick lets the driver go on (law 2).

    Params: ``shortages``.
    """

    code = "site_holds_fewer"
    status = 422


class StaleVersion(Refusal):
    """Someone else changed the record since it was shown (law 6)."""

    code = "stale_version"


class AlreadyConfirmed(Refusal):
    """The distribution was confirmed before. Params: ``number``."""

    code = "already_confirmed"


class NotConfirmed(Refusal):
    """Only a confirmed distribution can be reversed."""

    code = "not_confirmed"


class AlreadyReversed(Refusal):
    """The record was reversed before. Params: ``number`` of the reversal."""

    code = "already_reversed"


class DraftDropped(Refusal):
    """The draft was dropped."""

    code = "draft_dropped"


class SubmissionReused(Refusal):
    """One submission UUID came with two different contents (law 5)."""

    code = "submission_reused"


class Replaced(Refusal):
    """The refused form that this one puts right was done or settled meanwhile: never both."""

    code = "replaced"


class RefusedForGood(Refusal):
    """A supervisor settled the form: it is not to be done. Params: ``reason``."""

    code = "refused_for_good"


class Reported(Refusal):
    """The driver handed the form to a supervisor. Params: ``note``."""

    code = "reported"


class MeterMoved(Refusal):
    """Another reading of the meter came first (rulings, meters)."""

    code = "meter_moved"


class ReadingBackwards(Refusal):
    """A normal reading below the last: the driver says which kind it is."""

    code = "reading_backwards"
    status = 422


class Invalid(Refusal):
    """A value the business cannot use. Params: ``reason``, a key of blueprints.words."""

    code = "invalid"
    status = 422


class ImportUnderWay(Refusal):
    """The rows of the file are being taken in: what they mean cannot change now."""

    code = "import_under_way"


class PreviewChanged(Refusal):
    """Something changed since a preview was shown: nothing was done, look at the fresh one."""

    code = "preview_changed"


class NoRate(Refusal):
    """No price has been set for this on that date."""

    code = "no_rate"
    status = 422


class NoTerms(Refusal):
    """The customer has no credit terms, so nothing can go on account."""

    code = "no_terms"
    status = 422


class RefundTooHigh(Refusal):
    """A site cannot get back more deposits than it paid."""

    code = "refund_too_high"
    status = 422


class OwnDiscrepancy(Refusal):
    """Whoever made a sale may not settle what is odd about it."""

    code = "own_discrepancy"
    status = 403


class CountClosed(Refusal):
    """The stock count was closed: its figures stand."""

    code = "count_closed"


class OwnRequest(Refusal):
    """Nobody decides what they asked for themselves."""

    code = "own_request"
    status = 403


class AlreadyDecided(Refusal):
    """Someone decided about the request before."""

    code = "already_decided"


class AlreadyAsked(Refusal):
    """The same is asked for already, and waits for a decision."""

    code = "already_asked"


class OwnSale(Refusal):
    """Whoever made a sale may not void it."""

    code = "own_sale"
    status = 403


class TooOld(Refusal):
    """Older than seven days: a supervisor is asked (law 10)."""

    code = "too_old"
    status = 422


class PaperDamaged(Refusal):
    """A stored PDF was changed or lost, and cannot be made again. Params: ``name``."""

    code = "paper_damaged"


class Unavailable(Refusal):
    """The books cannot be reached or are busy; try again."""

    code = "unavailable"
    status = 503
