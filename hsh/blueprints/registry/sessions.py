"""/login and /logout."""

from __future__ import annotations

from flask import Blueprint, current_app, make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_login import current_user, login_user, logout_user
from wtforms import HiddenField, PasswordField
from wtforms.validators import InputRequired, Length

from hsh.blueprints.access import demand_factor, own_path, public
from hsh.blueprints.fields import TextField
from hsh.blueprints.forms import Form
from hsh.blueprints.identity import Person
from hsh.blueprints.registry import known_device
from hsh.blueprints.render import render
from hsh.config import Settings
from hsh.core import clock
from hsh.core.refusals import Refusal
from hsh.queries.registry import people
from hsh.services.registry import factors, founding, passwords
from hsh.services.registry import sessions as service

bp = Blueprint("sessions", __name__)
PAGE = "registry/login.html"
CODE_PAGE = "registry/login_code.html"


class LoginForm(Form):
    """Name and password, and where to go then."""

    username = TextField(_l("Name"), most=40)
    password = PasswordField(
        _l("Password"),
        validators=[InputRequired(_l("This is needed.")), Length(max=passwords.MOST)],
    )
    next = HiddenField()


class CodeForm(Form):
    """The code that is asked for after the password."""

    step = HiddenField()
    """Says, signed, whose password was right."""
    code = TextField(_l("Code"), most=factors.CODE_LENGTH)
    next = HiddenField()


@bp.get("/login")
@public
def login() -> ResponseReturnValue:
    """Ask who it is."""
    target = own_path(request.args.get("next", ""))
    if current_user.is_authenticated:
        return redirect(target or url_for("home.today"), 303)
    return render(
        PAGE, block="login", form=LoginForm(next=target), is_new=founding.nobody_is_there()
    )


@bp.post("/login")
@public
def enter() -> ResponseReturnValue:
    """Let in who gives the right name and password."""
    form = LoginForm.sent()
    if not form.validate():
        return render(PAGE, block="login", form=form), 422
    try:
        opened = service.sign_in(
            _attempt(form), key=_key(), production=_settings().production
        )  # fmt: skip
    except Refusal as no:
        form.refuse(no)
        return render(PAGE, block="login", form=form), no.status
    if isinstance(opened, service.HalfWay):
        asking = CodeForm(step=opened.token, next=form.next.data)
        return render(CODE_PAGE, block="login", form=asking)
    return _let_in(opened, form.next.data)


@bp.post("/login/code")
@public
def finish() -> ResponseReturnValue:
    """Let in who gives the right code after the right password."""
    form = CodeForm.sent()
    try:
        person = service.half_way(form.step.data or "", key=_key())
        if not form.validate():
            return render(CODE_PAGE, block="login", form=form), 422
        opened = service.finish_sign_in(_second(form, person.actor.username), key=_key())
    except service.SignInOver as no:
        again = LoginForm(next=form.next.data)
        again.refuse(no)
        return render(PAGE, block="login", form=again), no.status
    except Refusal as no:
        form.refuse(no)
        return render(CODE_PAGE, block="login", form=form), no.status
    return _let_in(opened, form.next.data)


@bp.post("/logout")
@public
def leave() -> ResponseReturnValue:
    """End the session, here and in the database."""
    if current_user.is_authenticated:
        service.sign_out(current_user.actor, current_user.ref, current_user.token)
    logout_user()
    session.clear()
    return redirect(url_for(".login"), 303)


def _attempt(form: LoginForm) -> service.SignIn:
    username = (form.username.data or "").casefold()
    return service.SignIn(
        username=username,
        password=form.password.data or "",
        address=request.remote_addr or "",
        device=known_device.of(username),
        agent=request.user_agent.string,
    )


def _second(form: CodeForm, username: str) -> service.SecondStep:
    return service.SecondStep(
        token=form.step.data or "",
        code=form.code.data or "",
        address=request.remote_addr or "",
        device=known_device.of(username),
        agent=request.user_agent.string,
    )


def _let_in(opened: service.Opened, target: str | None) -> ResponseReturnValue:
    found = people.signed_in(service.token_hash(opened.token), clock.now())
    if found is None:  # switched off this very moment
        return redirect(url_for(".login"), 303)
    session.clear()  # nothing that a stranger put into the cookie before is carried over
    session.permanent = True
    login_user(
        Person(actor=found.actor, ref=found.ref, locale=found.locale, token=opened.token)
    )  # fmt: skip
    demand_factor(due=people.lacks_factor(found.actor))
    answer = make_response(redirect(own_path(target or "") or url_for("home.today"), 303))
    known_device.remember(answer, found.actor.username)
    return answer


def _key() -> str:
    key: str = current_app.config["SECRET_KEY"]
    return key


def _settings() -> Settings:
    settings: Settings = current_app.config["HSH"]
    return settings
