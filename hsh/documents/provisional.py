"""The slip of a sale that no server has seen yet: it has no number and is no tax invoice.

The tablet prints it in a basement from its own copy of this layout (js/print/slip); both give the
same bytes for the same record, so that a slip found later can be made again and compared. It is in
English, as every slip is until customers choose a language.
"""

from __future__ import annotations

from datetime import datetime
from itertools import chain

from hsh.documents import printer
from hsh.documents.content import Sold
from hsh.documents.environment import translations
from hsh.documents.slip import BLANK, CUT, RULE, pair, says
from hsh.documents.slip import Line as SlipLine
from hsh.documents.slip_parts import Lines, copies, day, letterhead, parties, settled, sold, totals
from hsh.documents.wording import Gettext

LANGUAGE = "en"


def escpos(record: Sold, *, copy: int = 0) -> bytes:
    """Return the bytes for the printer. ``copy`` 0 is the original, n prints COPY n."""
    return printer.encode(preview(record, copy=copy))


def preview(record: Sold, *, copy: int = 0) -> tuple[SlipLine, ...]:
    """Return the very lines that ``escpos`` prints."""
    content: Sold = {**record, "locale": LANGUAGE}
    _ = translations(LANGUAGE).gettext
    return tuple(
        chain(
            letterhead(content, _),
            _identity(content, copy, _),
            parties(content, _),
            sold(content, _),
            totals(content, _),
            settled(content, _),
            _foot(content, copy, _),
        )
    )


def _identity(content: Sold, copy: int, _: Gettext) -> Lines:
    title = _("PROVISIONAL - NOT A TAX INVOICE")
    yield from says(title, bold=True, align="center", size="tall")
    yield from says(content["short_code"], bold=True, align="center", size="large")
    yield from says(_("The numbered receipt follows, and decides"), align="center")
    yield from copies(copy, _)
    yield BLANK
    sold_at = datetime.fromisoformat(content["issued_at"])
    yield from pair(_("Date"), f"{day(content['issued_on'], content)} {sold_at:%H:%M}")
    if content["buyer_reference"]:
        yield from pair(_("Your reference"), content["buyer_reference"])
    yield RULE


def _foot(content: Sold, copy: int, _: Gettext) -> Lines:
    seller = content["seller"]
    yield RULE
    yield from pair(seller["person"], seller["source"])
    yield BLANK
    yield from says(_("Short code %(code)s") % {"code": content["short_code"]}, align="center")
    title = _("PROVISIONAL - NOT A TAX INVOICE")
    yield from says(title, bold=True, align="center")
    yield from copies(copy, _)
    yield CUT
