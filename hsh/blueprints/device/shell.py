"""/sw.js, the manifest and the pages that the tablet keeps: what makes the pages an app."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, current_app, json, jsonify, render_template, url_for
from flask_babel import gettext as _

from hsh.blueprints.access import allow, public, who
from hsh.blueprints.static import asset, bundled, scripts, sent
from hsh.config import Settings
from hsh.core import clock
from hsh.core.canonical import canonical, digest
from hsh.queries.logistics import listing
from hsh.queries.sales import rounds

bp = Blueprint("shell", __name__)

_KEPT_KINDS = {".css", ".js", ".svg", ".png"}
_OF_THE_OFFICE = "js/office"
"""Scripts that no tablet needs."""
_WORKERS = ("sw.js", "sw-off.js")
_WORKER_PARTS = ("store", "answers", "send", "pages")
"""What the worker loads before itself, from js/offline; the pages load the same files."""
_PAGES = {"shell.offline": "device/offline.html", "shell.pending": "device/pending.html"}


@bp.get("/sw.js")
@public
def worker() -> Response:
    """Serve the service worker from the top: only there may it control every page.

    It begins with what it is to keep, so that it changes whenever one of those files does.
    With ``HSH_OFFLINE=off`` it is one that takes itself away and leaves the queue alone.
    """
    settings: Settings = current_app.config["HSH"]
    if settings.offline:
        text = f"self.SHELL = {json.dumps(_shell())};\n{sent('sw.js').read_text()}"
    else:
        text = sent("sw-off.js").read_text()
    answer = Response(text, mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@bp.get("/manifest.webmanifest")
@public
def manifest() -> Response:
    """Say how the app looks on a tablet's home screen."""
    answer = jsonify(
        id="/",
        name=_("HSH: cylinders and money"),
        short_name="HSH",
        start_url="/",
        display="standalone",
        background_color="#f3f5f7",
        theme_color="#0a4f9c",
        icons=[
            {"src": asset("img/icon-192.png"), "sizes": "192x192", "type": "image/png"},
            {"src": asset("img/icon-512.png"), "sizes": "512x512", "type": "image/png"},
            {
                "src": asset("img/icon-maskable-512.png"),
                "sizes": "512x512",
                "type": "image/png",
                "purpose": "maskable",
            },
            {"src": asset("img/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
        ],
    )
    answer.mimetype = "application/manifest+json"
    return answer


@bp.get("/offline")
@public
def offline() -> str:
    """Say that there is no network, and offer what the tablet has kept. Knows nobody."""
    return render_template("device/offline.html")


@bp.get("/pending")
@public
def pending() -> str:
    """Show what waits on the tablet; the page fills itself from the tablet's own store."""
    return render_template("device/pending.html")


@bp.get("/day.json")
@allow("sale.confirm")
def day() -> Response:
    """Name the pages of the person's day, which the tablet keeps for when there is no network."""
    return jsonify(pages=[*_fixed_pages(), *_open_drafts(), *_round()])


def _shell() -> dict[str, object]:
    """Return what the worker keeps: every static file and the pages that know nobody."""
    assets = [asset(name) for name in _static_files()]
    pages = [url_for(endpoint) for endpoint in _PAGES]
    drawn = [digest(render_template(template)) for template in _PAGES.values()]
    return {
        "version": digest(canonical([*assets, *drawn]))[:12],
        "assets": assets,
        "pages": pages,
        "parts": [asset(f"js/offline/{name}.js") for name in _WORKER_PARTS],
    }


def _static_files() -> list[str]:
    """Return what pages ask for: of bundled scripts, not the parts of the bundles."""
    static = Path(current_app.static_folder or "")
    names = {
        path.relative_to(static).as_posix()
        for path in static.rglob("*")
        if path.suffix in _KEPT_KINDS
        and path.name not in _WORKERS
        and path.parent != static / _OF_THE_OFFICE
    }
    return sorted(names - (set(scripts()) - bundled() if bundled() else set()))


type Page = dict[str, str]


def _fixed_pages() -> list[Page]:
    return [
        {"address": url_for("home.today"), "label": _("Today")},
        {"address": url_for("distributions.index"), "label": _("Distributions")},
        {"address": url_for("distributions.begin", way="load"), "label": _("Load")},
        {"address": url_for("distributions.begin", way="unload"), "label": _("Unload")},
        {"address": url_for("sites.search"), "label": _("Sell")},
    ]


def _open_drafts() -> list[Page]:
    return [
        {"address": url_for(endpoint, ref=run.ref), "label": label}
        for run in listing.open_drafts(who(), until=clock.today())
        for endpoint, label in (
            ("distributions.show", run.short_code),
            ("distributions.reopen", _("Edit %(code)s", code=run.short_code)),
        )
    ]


def _round() -> list[Page]:
    return [
        page
        for site in rounds.of(who(), clock.today())
        for page in (
            {"address": url_for("sites.sale", site=site.ref), "label": site.name},
            {"address": url_for("sites.one", ref=site.ref), "label": site.name, "kind": "site"},
        )
    ]
