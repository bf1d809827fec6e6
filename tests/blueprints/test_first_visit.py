"""What a tablet downloads on its first visit, over a phone network."""

import gzip
import json
import re
from urllib.parse import urljoin

from hsh.blueprints.static import bundled
from tests import given

MOST_KIB = 46
MOST_SCRIPTS_KIB = 40
GZIP = {"Accept-Encoding": "gzip"}


def sizes(visitor, page):
    """Return the bytes on the wire of everything that the page asks for, by address."""
    names = re.findall(r'(?:src|href)="(/static/[^"#]+)', page.text)
    return {
        name: len(visitor.get(urljoin("/", name), headers=GZIP).data)
        for name in dict.fromkeys(names)
    }


def test_the_first_visit_is_small(signed_in):
    driver = signed_in(given.a_driver())
    page = driver.get("/")
    files = sizes(driver, page)
    assert any("htmx" in name for name in files)
    total = sum(files.values()) + len(gzip.compress(page.data))
    assert total <= MOST_KIB * 1024, files


def test_the_scripts_are_sent_in_bundles_of_these_very_sources(app):
    assert bundled(), "the scripts changed: scripts/frontend bundles them again"


def test_all_scripts_with_htmx_and_the_worker_are_small(visitor):
    worker = visitor.get("/sw.js").text
    shell = json.loads(worker.partition("self.SHELL = ")[2].partition(";\n")[0])
    scripts = [name for name in shell["assets"] if ".js" in name]
    assert any("htmx" in name for name in scripts)
    sent = {name: len(visitor.get(name, headers=GZIP).data) for name in scripts}
    sent["/sw.js"] = len(gzip.compress(worker.encode(), mtime=0))  # with what it is to keep
    assert sum(sent.values()) <= MOST_SCRIPTS_KIB * 1024, sent


def test_a_driver_loads_the_printing_only_to_print(signed_in):
    page = signed_in(given.a_driver()).get("/").text
    assert "js/print/start.js" in page
    assert "js/print/printing.js" not in page


def test_text_is_compressed_for_who_can_unpack_it(visitor):
    packed = visitor.get("/static/css/hsh.css", headers=GZIP)
    plain = visitor.get("/static/css/hsh.css")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.data) == plain.data
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_a_file_that_did_not_change_is_not_sent_again(visitor):
    first = visitor.get("/static/css/hsh.css", headers=GZIP)
    again = visitor.get(
        "/static/css/hsh.css", headers=GZIP | {"If-None-Match": first.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")


def test_nothing_comes_from_another_site(visitor):
    page = visitor.get("/login").text
    assert re.findall(r'(?:src|href)="(?:https?:)?//', page) == []
