"""The Jinja environment of printed documents: no Flask, the locale is handed in."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import Any, override

from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup

from hsh.documents import figures, text, wording

HERE = Path(__file__).parent
STATIONERY = HERE / "stationery"
TRANSLATIONS = HERE.parent / "translations"


@cache
def translations(locale: str) -> NullTranslations:
    """Return the words of ``locale``; English where there are none."""
    return Translations.load(TRANSLATIONS, [locale])


class _Compiler(CodeGenerator):
    """Looks fixed words up when a template is compiled, not at each sale: they never change."""

    @override
    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: Any) -> str:
        match node:
            case nodes.Call(node=nodes.Name(name="_"), args=[nodes.Const(value=said)], kwargs=[]):
                words: NullTranslations = self.environment.words  # type: ignore[attr-defined]
                node = nodes.Const(Markup(words.gettext(said)) % {})  # noqa: S704 - ours
        return super()._output_child_to_const(node, frame, finalize)


@cache
def environment(locale: str) -> Environment:
    """Return the environment of one language. A name that the content lacks raises."""
    words = translations(locale)
    made = Environment(
        loader=FileSystemLoader(STATIONERY),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printable,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # else every sale asks the disk whether its templates have changed
    )
    made.install_gettext_translations(words, newstyle=True)  # type: ignore[attr-defined]
    made.extend(words=words)
    made.code_generator_class = _Compiler
    made.filters |= {
        "amount": figures.amount,
        "money": figures.money,
        "decimal": figures.decimal,
        "price": figures.price,
        "percent": figures.percent,
        "day": partial(figures.day, locale=locale),
        "description": partial(wording.description, _=words.gettext),
        "unit": partial(wording.unit, _=words.gettext),
        "method": partial(wording.method, _=words.gettext),
        "readings": partial(wording.readings, _=words.gettext, locale=locale),
    }
    return made


def _printable(value: object) -> object:
    """Clean every text that goes into a template; what is not text passes."""
    if isinstance(value, Markup):
        return Markup(text.clean(value))  # noqa: S704 - markup stays what it was, only cleaner
    return text.clean(value) if isinstance(value, str) else value
