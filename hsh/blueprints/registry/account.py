"""/account: the person's own data and password, and the browsers in which they are logged in."""

from __future__ import annotations

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import PasswordField
from wtforms.validators import InputRequired, Length

from hsh.blueprints import toasts
from hsh.blueprints.access import allow, who
from hsh.blueprints.books import timeline
from hsh.blueprints.forms import Form
from hsh.blueprints.registry.sessions import login
from hsh.blueprints.render import moved, render, shown
from hsh.core import clock
from hsh.core.refusals import Refusal
from hsh.queries.registry import people
from hsh.services.registry import passwords, users
from hsh.services.registry import sessions as service

bp = Blueprint("account", __name__, url_prefix="/account")
_NEEDED = _l("This is needed.")


class PasswordForm(Form):
    """The password that one has, and the one that one wants."""

    current = PasswordField(
        _l("The password you have"),
        validators=[InputRequired(_NEEDED), Length(max=passwords.MOST)],
    )
    password = PasswordField(_l("The new password"), validators=[InputRequired(_NEEDED)])


@bp.get("/")
@allow("home")
def own() -> ResponseReturnValue:
    """Show who is logged in, and where."""
    return _page(PasswordForm())


@bp.post("/password")
@allow("home")
def change_password() -> ResponseReturnValue:
    """Take a new password, and have them log in with it."""
    form = PasswordForm.sent()
    if not form.validate():
        return _page(form), 422
    try:
        users.change_own_password(
            who(),
            form.current.data or "",
            form.password.data or "",
            demo=not current_app.config["HSH"].production,
        )
    except Refusal as no:
        form.refuse(no)
        return _page(form), no.status
    return moved(login)


@bp.post("/sessions/<name>/revoke")
@allow("home")
def revoke(name: str) -> ResponseReturnValue:
    """Log out another browser, at once."""
    service.revoke(who(), current_user.ref, name)
    toasts.tell(toasts.Toast(words=_l("%(thing)s is logged out."), thing=_("The other browser")))
    return shown(own)


def _page(form: PasswordForm) -> str:
    live = people.open_sessions(who(), clock.now())
    here = service.session_name(service.token_hash(current_user.token))
    named = [(service.session_name(one.token_hash), one) for one in live]
    return render(
        "registry/account.html",
        block="account",
        form=form,
        sessions=named,
        here=here,
        has_factor=people.has_factor(who()),
        history=timeline.of(current_user.ref),
    )
