import pytest
from flask import Flask

from hsh.blueprints import render
from hsh.blueprints.access import allow
from hsh.blueprints.render import moved, shown
from tests import given
from tests.visitor import Visitor, is_page, location


@pytest.fixture
def page(make_app):
    """Someone signed in at an app whose POSTs end on the account page."""
    app = make_app()
    account = app.view_functions["account.own"]
    for name, answer in (("shown", shown), ("moved", moved)):
        view = allow("home")(lambda answer=answer: answer(account))
        app.add_url_rule(f"/{name}", name, view, methods=["POST"])
    with app.app_context():
        person = given.a_driver()
    return Visitor(app).enter(person)


def test_a_page_is_whole_and_a_fragment_is_its_block(page):
    assert is_page(page.get("/account/"))
    fragment = page.get("/account/", htmx=True)
    assert fragment.text.lstrip().startswith('<section id="account">')


@pytest.mark.parametrize(
    "headers",
    [
        {"HX-Request": "true", "HX-Request-Type": "full"},
        {"HX-Request": "true", "HX-History-Restore-Request": "true"},
    ],
)
def test_htmx_gets_the_whole_page_when_it_replaces_all_of_it(page, headers):
    assert is_page(page.get("/account/", headers=headers))


def test_after_a_post_htmx_gets_the_fragment_and_a_browser_is_sent_on(page):
    fragment, plain = page.post("/shown", htmx=True), page.post("/shown")
    assert (fragment.status_code, is_page(fragment)) == (200, False)
    assert (plain.status_code, location(plain)) == (303, "/account/")


def test_a_post_may_lead_to_another_page(page):
    fragment, plain = page.post("/moved", htmx=True), page.post("/moved")
    assert fragment.headers["HX-Redirect"] == "/account/"
    assert (plain.status_code, location(plain)) == (303, "/account/")


def test_a_server_compiles_what_nobody_compiled_for_it_and_writes_nothing(
    make_app, tmp_path, monkeypatch
):
    compiled = tmp_path / "compiled"
    compiled.mkdir()
    monkeypatch.setattr(render, "COMPILED", compiled)
    monkeypatch.setattr(Flask, "jinja_options", {})
    assert is_page(Visitor(make_app()).get("/login"))
    assert not list(compiled.iterdir())
