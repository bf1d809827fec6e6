import pytest

from hsh.blueprints.access import allow
from tests import given
from tests.visitor import Visitor, is_page, words

PRODUCTION = {"HSH_ENV": "production", "HSH_SECRET_KEY": "k" * 40}


@pytest.fixture
def keeper(make_app):
    """Someone signed in at an app with a form that keeps what it is sent."""
    app, kept = make_app(), []
    view = allow("home")(lambda: kept.append(1) or "kept")
    app.add_url_rule("/keep", "keep", view, methods=["POST"])
    with app.app_context():
        person = given.a_driver()
    visitor = Visitor(app).enter(person)
    visitor.kept = kept
    return visitor


def test_every_answer_is_marked_and_guarded(visitor):
    for path in ("/login", "/", "/nope", "/healthz", "/sw.js", "/static/css/hsh.css"):
        headers = visitor.get(path).headers
        assert headers["X-HSH"] == "1"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]


def test_pages_are_kept_by_no_cache_and_fragments_are_told_apart(signed_in):
    headers = signed_in(given.a_driver()).get("/").headers
    assert headers["Cache-Control"] == "no-store"
    assert "HX-Request" in headers["Vary"]


def test_a_static_file_with_its_fingerprint_is_kept_for_ever(app, visitor):
    with app.test_request_context():
        from hsh.blueprints.static import asset

        address = asset("css/hsh.css")
    answer = visitor.get(address)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "name", ["x" * 300, "css/nope.css", "../config.py", "/etc/passwd", "a%00b"]
)
def test_a_static_file_that_cannot_be_is_not_found_and_kept_by_nobody(visitor, name):
    answer = visitor.get(f"/static/{name}?v=1")
    assert answer.status_code == 404
    assert "immutable" not in answer.headers.get("Cache-Control", "")


def test_production_cookies_are_bound_to_this_host_and_https(make_app):
    app = make_app(**PRODUCTION)
    with app.app_context():
        driver = given.a_driver()
    visitor = Visitor(app)
    page = visitor.get("/login", base_url="https://hsh.example/")
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    answer = visitor.client.post(
        "/login",
        data={"csrf_token": token, "username": driver.username, "password": given.PASSWORD},
        base_url="https://hsh.example/",
        headers={"Referer": "https://hsh.example/login"},
    )
    cookies = answer.headers.getlist("Set-Cookie")
    assert answer.status_code == 303
    assert len(cookies) == 2
    for cookie in cookies:
        assert cookie.startswith("__Host-hsh-")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
        assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_on_a_laptop_it_works_without_https(visitor):
    answer = visitor.get("/login")
    assert "Secure" not in answer.headers["Set-Cookie"]
    assert "Strict-Transport-Security" not in answer.headers


def test_a_form_without_its_token_changes_nothing(keeper):
    answer = keeper.post("/keep", csrf=False)
    assert (answer.status_code, keeper.kept) == (419, [])


def test_a_stale_page_comes_back_with_what_was_typed(keeper):
    typed = {"remarks": "Tap <b>twice</b>", "password": "secret"}
    answer = keeper.post("/keep", typed, csrf=False, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 419
    assert 'name="remarks" value="Tap &lt;b&gt;twice&lt;/b&gt;"' in answer.text
    assert "secret" not in answer.text
    token = answer.text.split('name="csrf_token" value="')[1].split('"')[0]
    again = keeper.client.post("/keep", data=typed | {"csrf_token": token})
    assert (again.status_code, keeper.kept) == (200, [1])


@pytest.mark.parametrize(
    "sender",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example"},
        {"Referer": "https://evil.example/form"},
        {},
    ],
)
def test_a_forged_form_does_not_come_back_with_a_button(keeper, sender):
    answer = keeper.post("/keep", {"remarks": "forged"}, csrf=False, headers=sender)
    assert answer.status_code == 419
    assert "forged" not in answer.text
    assert is_page(answer)


def test_htmx_gets_a_fresh_token_and_keeps_its_form(keeper):
    answer = keeper.post("/keep", csrf=False, htmx=True)
    assert answer.status_code == 419
    assert "what you typed is still here" in words(answer)
    again = keeper.client.post("/keep", headers={"X-CSRFToken": answer.headers["X-CSRF-Token"]})
    assert (again.status_code, keeper.kept) == (200, [1])


def test_only_the_names_of_this_server_are_answered(make_app):
    visitor = make_app(HSH_HOSTS="hsh.example, tablet.example").test_client()
    for host in ("hsh.example", "tablet.example:8000"):
        assert visitor.get("/login", headers={"Host": host}).status_code == 200
    for host in ("evil.example", "hsh.example.evil.example", ""):
        answer = visitor.get("/login", headers={"Host": host})
        assert answer.status_code == 400
        assert "Nothing was changed" in answer.text
        assert "evil.example" not in answer.text


def test_the_clients_address_comes_from_as_many_proxies_as_are_trusted(make_app):
    app = make_app(HSH_PROXIES="1")
    seen = []
    from flask import request

    from hsh.blueprints.access import public

    app.add_url_rule("/whence", "whence", public(lambda: seen.append(request.remote_addr) or ""))
    Visitor(app).get("/whence", headers={"X-Forwarded-For": "6.6.6.6, 203.0.113.7"})
    assert seen == ["203.0.113.7"]


def test_nobodys_header_is_believed_without_a_proxy(make_app):
    app = make_app()
    seen = []
    from flask import request

    from hsh.blueprints.access import public

    app.add_url_rule("/whence", "whence", public(lambda: seen.append(request.remote_addr) or ""))
    Visitor(app).get("/whence", headers={"X-Forwarded-For": "6.6.6.6"})
    assert seen == ["127.0.0.1"]


def test_an_address_with_a_doubled_slash_is_nobodys(app):
    for path in ("/account//sessions", "/login//"):
        answer = app.test_client().get(path, base_url="http://localhost")
        assert (answer.status_code, answer.headers.get("Location")) == (404, None)


def test_an_id_that_no_database_keeps_leads_nowhere(signed_in):
    admin = signed_in(given.an_admin())
    for number in ("9" * 15, "9" * 20):
        assert admin.get(f"/registry/services/{number}").status_code == 404
        assert admin.submit(f"/registry/services/{number}").status_code in {404, 405}
        assert (
            admin.submit(f"/registry/services/{number}/close", {"version": "1"}).status_code == 404
        )
    assert admin.submit("/registry/services/soup/close", {"version": "1"}).status_code == 404
    for wrong in ("depots/5", "permits/5", f"services/{given.a_depot().ref}"):
        assert admin.submit(f"/registry/{wrong}/close", {"version": "1"}).status_code == 404
