"""/welcome: who was sent a link chooses a password."""

from __future__ import annotations

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField

from hsh.blueprints.access import public
from hsh.blueprints.fields import Needed
from hsh.blueprints.forms import Form
from hsh.blueprints.render import render
from hsh.core.refusals import Invalid
from hsh.services.registry import invitations

bp = Blueprint("welcome", __name__, url_prefix="/welcome")


class ChooseForm(Form):
    """The password that one wants."""

    password = PasswordField(_l("The password you want"), validators=[Needed()])


@bp.get("/<string(length=43):token>")
@public
def ask(token: str) -> str:
    """Greet the person of the link, and ask for their password."""
    return _page(token, ChooseForm())


@bp.post("/<string(length=43):token>")
@public
def choose(token: str) -> ResponseReturnValue:
    """Take the password, and say that they can log in with it."""
    person, form = invitations.invited(token), ChooseForm.sent()
    if not form.validate():
        return _page(token, form), 422
    demo = not current_app.config["HSH"].production
    try:
        invitations.accept(token, form.password.data or "", demo=demo)
    except Invalid as no:
        form.refuse(no)
        return _page(token, form), no.status
    return render("registry/welcome.html", block="welcome", person=person)


def _page(token: str, form: ChooseForm) -> str:
    person = invitations.invited(token)
    return render("registry/welcome.html", block="welcome", form=form, person=person, token=token)
