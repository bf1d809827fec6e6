"""Answer with a whole page, or with the one block of it that htmx asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, override
from uuid import uuid4

from flask import Flask, Response, current_app, make_response, redirect, request, url_for
from flask import render_template as render_page
from flask.typing import ResponseReturnValue
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket
from jinja2_fragments.flask import render_block

from hsh.blueprints import formats, toasts, words

COMPILED = Path(__file__).parent.parent / "compiled"
_PROGRAMS = {"sync"}
"""Blueprints that no person looks at."""

type View = Callable[..., ResponseReturnValue]


def wants_fragment() -> bool:
    """Tell whether htmx asked for a part of a page."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Request-Type") != "full"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def wants_json() -> bool:
    """Tell whether a program asks: it sent JSON, or prefers it to a page."""
    if request.blueprint in _PROGRAMS:
        return True
    accepts = request.accept_mimetypes
    return request.is_json or accepts["application/json"] > accepts["text/html"]


def render(template: str, *, block: str, **context: Any) -> str:
    """Render ``block`` alone for htmx, else the page that contains it.

    The block's name is also the id of its outermost element and the hx-target of what changes it.
    What was just done goes along, to the place that a page has for it.
    """
    if wants_fragment():
        return render_block(template, block, **context) + _toast()
    return render_page(template, **context)


def _toast() -> str:
    told = toasts.take()
    ui: Any = current_app.jinja_env.globals["ui"]
    return str(ui.toast_beside(told)) if told else ""


def shown(view: View, **record: Any) -> ResponseReturnValue:
    """Answer a POST with what the GET ``view`` shows now.

    htmx gets the fragment at once; a browser without JavaScript is sent to the page (303).
    """
    if not wants_fragment():
        return redirect(address_of(view, **record), 303)
    return view(**record)


def moved(view: View | str, **record: Any) -> ResponseReturnValue:
    """Answer a POST by going to the page of another ``view``, with htmx or without.

    A view of another area is named by its endpoint: areas do not import each other's pages.
    """
    address = url_for(view, **record) if isinstance(view, str) else address_of(view, **record)
    if not wants_fragment():
        return redirect(address, 303)
    answer = make_response("")
    answer.headers["HX-Redirect"] = address
    return answer


def address_of(view: View, **record: Any) -> str:
    """Return the address at which ``view`` answers."""
    endpoint = next(name for name, found in current_app.view_functions.items() if found is view)
    return url_for(endpoint, **record)


class _Compiled(FileSystemBytecodeCache):
    """The templates as scripts/compile left them; one that was changed since is compiled anew."""

    @override
    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep nothing: a server may not write into its code."""


def register(app: Flask) -> None:
    """Give the templates what they all use: macros and formats."""
    if app.jinja_env.bytecode_cache is None:
        app.jinja_env.bytecode_cache = _Compiled(str(COMPILED))
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(formats.FILTERS)
    app.jinja_env.globals.update(new_uuid=uuid4, role_names=words.role_names)
    # A fragment is rendered without its page's imports: macros must be known everywhere.
    app.jinja_env.globals["ui"] = app.jinja_env.get_template("base/ui.html").module
    app.jinja_env.globals["lists"] = app.jinja_env.get_template("base/list.html").module
    app.jinja_env.globals["charts"] = app.jinja_env.get_template("base/chart.html").module
    app.after_request(_fragments_are_not_pages)


def _fragments_are_not_pages(response: Response) -> Response:
    """Keep every cache from giving a fragment to who asks for the page, or a page to a stranger."""
    if request.endpoint != "static":
        response.vary.update(["HX-Request", "Cookie"])
        response.headers.setdefault("Cache-Control", "no-store")
    return response
