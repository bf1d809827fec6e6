"""The invoice and the credit note as HTML: what the PDF is made from."""

from __future__ import annotations

from markupsafe import Markup

from hsh.documents import wording
from hsh.documents.content import (
    LAYOUT_VERSION,
    Anchor,
    Content,
    Numbers,
    charges,
    deposits,
    is_taxed,
)
from hsh.documents.environment import environment, translations
from hsh.documents.errors import UnknownLayoutError

PAGE_NUMBER = Markup('<span class="page-number"></span>')
PAGE_COUNT = Markup('<span class="page-count"></span>')


def html(content: Content, *, numbers: Numbers, anchor: Anchor) -> str:
    """Return the document as one HTML page.

    Cheap enough to be called within the act that writes the sale, with a specimen number, so
    that data that cannot be printed rolls the sale back (law 3).

    Raises:
        UnknownLayoutError: the content asks for another layout version.
        jinja2.UndefinedError, KeyError: the content lacks something that the document says.

    """
    if content["layout"] != LAYOUT_VERSION:
        raise UnknownLayoutError(f"layout {content['layout']}, not {LAYOUT_VERSION}")
    locale = content["locale"]
    return (
        environment(locale)
        .get_template("invoice.html")
        .render(
            doc=content,
            numbers=numbers,
            anchor=anchor,
            title=wording.title(content, translations(locale).gettext),
            charges=charges(content),
            deposits=deposits(content),
            taxed=is_taxed(content),
            page_number=PAGE_NUMBER,
            page_count=PAGE_COUNT,
            rates={tax["code"]: tax["rate"] for tax in content["taxes"]},
        )
    )
