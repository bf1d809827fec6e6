"""What a tablet downloads on its first visit, over a phone network."""

import gzip
import re
from urllib.parse import urljoin

from tests import given

MOST_KIB = 46
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
