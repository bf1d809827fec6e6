import pytest

from hsh.blueprints import access
from hsh.core import roles
from hsh.core.roles import Role
from tests import given
from tests.visitor import Visitor, is_page


def a_route(app, path, view):
    app.add_url_rule(path, path.strip("/"), view)


def hello():
    return "hello"


def test_a_route_without_a_rule_does_not_start(make_app):
    app = make_app()
    a_route(app, "/forgotten", hello)
    with pytest.raises(RuntimeError, match="forgotten"):
        access.check(app)


def test_a_route_with_an_unknown_action_does_not_start(make_app):
    app = make_app()
    a_route(app, "/mistyped", access.allow("sale.confrim")(lambda: "hello"))
    with pytest.raises(RuntimeError, match="mistyped"):
        access.check(app)


def test_every_route_of_ours_has_a_rule(app):
    access.check(app)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("action", ["stock.correct", "audit.view", "sale.confirm", "registry.edit"])
def test_only_the_roles_of_the_table_get_through(make_app, role, action):
    app = make_app()
    a_route(app, "/acting", access.allow(action)(lambda: "hello"))
    with app.app_context():
        person = given.a_user(role)
    answer = Visitor(app).enter(person).get("/acting")
    assert answer.status_code == (200 if role in roles.ACTIONS[action] else 403)


def test_a_person_may_hold_several_roles(make_app):
    app = make_app()
    for action in ("stock.correct", "registry.edit"):
        a_route(app, f"/{action}", access.allow(action)(lambda: "hello"))
    with app.app_context():
        person = given.a_user(Role.SUPERVISOR, Role.ADMIN)
    visitor = Visitor(app).enter(person)
    assert [visitor.get(f"/{a}").status_code for a in ("stock.correct", "registry.edit")] == [
        200
    ] * 2


def test_someone_without_any_role_sees_nothing_but_can_log_out(signed_in):
    person = signed_in(given.a_user())
    assert person.get("/").status_code == 403
    assert person.post("/logout").status_code == 303


def test_a_rule_is_asked_before_the_form_is_looked_at(make_app):
    app = make_app()
    app.add_url_rule("/acting", "acting", access.allow("home")(lambda: "hello"), methods=["POST"])
    answer = Visitor(app).post("/acting", csrf=False, headers={"Accept": "application/json"})
    assert answer.status_code == 401


def test_no_page_says_who_else_exists(visitor):
    assert visitor.get("/no/such/page").status_code == 404
    assert is_page(visitor.get("/no/such/page"))
