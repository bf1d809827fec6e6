import json
import re
from dataclasses import replace

import pytest

from hsh import config
from hsh.blueprints.static import sent
from hsh.core.roles import Role
from hsh.db import db
from tests import given
from tests.selling import sell, size
from tests.visitor import Visitor

STATIC = config.ROOT / "hsh" / "static"


def shell_of(answer):
    """Return what the worker is told to keep."""
    return json.loads(re.match(r"self\.SHELL = (.*);\n", answer.text)[1])


def test_the_service_worker_is_served_from_the_top_and_looked_up_each_time(visitor):
    answer = visitor.get("/sw.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.text.endswith(sent("sw.js").read_text())


def test_the_worker_keeps_every_file_of_ours_by_the_address_of_its_content(visitor):
    shell = shell_of(visitor.get("/sw.js"))
    kept = {address.partition("?")[0] for address in shell["assets"]}
    for name in ("css/hsh.css", "js/offline/queue.js", "vendor/htmx.min.js", "img/icon-192.png"):
        assert f"/static/{name}" in kept
    for address in [*shell["assets"], *shell["parts"]]:
        answer = visitor.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
    assert "/static/sw.js" not in kept


def test_another_file_makes_another_version(visitor, tmp_path, app, monkeypatch):
    before = shell_of(visitor.get("/sw.js"))["version"]
    assert shell_of(visitor.get("/sw.js"))["version"] == before
    (tmp_path / "js" / "offline").mkdir(parents=True)
    for file in STATIC.rglob("*.*"):
        copy = tmp_path / file.relative_to(STATIC)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes())
    (tmp_path / "css" / "hsh.css").write_text("body { color: red }")
    monkeypatch.setattr(app, "static_folder", str(tmp_path))
    assert shell_of(visitor.get("/sw.js"))["version"] != before


def test_an_address_of_other_content_is_not_kept_for_ever(visitor):
    answer = visitor.get("/static/css/hsh.css?v=0123456789")
    assert answer.status_code == 200
    assert "immutable" not in answer.headers["Cache-Control"]


def test_the_kill_switch_takes_the_worker_away(make_app):
    app = make_app()
    app.config["HSH"] = replace(app.config["HSH"], offline=False)
    text = Visitor(app).get("/sw.js").text
    assert "unregister()" in text
    assert "indexedDB" not in text


@pytest.mark.parametrize("value", ["perhaps", "1"])
def test_the_switch_is_on_or_off(value):
    with pytest.raises(config.UnsafeSettings, match="HSH_OFFLINE"):
        config.load({"HSH_OFFLINE": value})


def test_a_tablet_can_put_it_on_its_home_screen(visitor):
    answer = visitor.get("/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    icons = answer.json["icons"]
    assert {icon["sizes"] for icon in icons} == {"192x192", "512x512", "any"}
    assert any(icon.get("purpose") == "maskable" for icon in icons)
    for icon in icons:
        assert visitor.get(icon["src"]).mimetype == icon["type"]


@pytest.mark.parametrize("page", ["/offline", "/pending"])
def test_the_pages_of_the_tablet_know_nobody(page, signed_in):
    driver = given.a_driver()
    answer = signed_in(driver).get(page)
    assert answer.status_code == 200
    assert driver.username not in answer.text
    assert "csrf" not in answer.text


def test_an_answer_says_whose_it_is(visitor, signed_in):
    driver = given.a_driver()
    assert signed_in(driver).get("/").headers["X-HSH-User"] == str(driver.ref)
    assert visitor.get("/login").headers["X-HSH-User"] == "-"
    assert "X-HSH-User" not in visitor.get("/healthz").headers


def test_the_day_is_what_this_person_sold_and_has_to_confirm(app, signed_in):
    world = given.a_world(full_on_truck=9)
    sell(world, cylinders=size(delivered=1))
    db.session.commit()
    mine = [page["address"] for page in signed_in(world.driver).get("/day.json").json["pages"]]
    assert f"/sites/{world.site.ref}/sale" in mine
    assert "/distributions/plan?way=load" in mine
    other = signed_in(given.a_driver()).get("/day.json").json["pages"]
    assert not any(str(world.site.ref) in page["address"] for page in other)


def test_the_office_has_no_day_on_a_tablet(signed_in):
    person = signed_in(given.a_user(Role.ACCOUNTANT))
    assert person.get("/day.json", headers={"Accept": "application/json"}).status_code == 403
