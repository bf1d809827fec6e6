"""/registry/login: what logging in asks of everybody."""

from __future__ import annotations

from typing import Any, override

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from hsh.blueprints import toasts
from hsh.blueprints.access import allow
from hsh.blueprints.books import timeline
from hsh.blueprints.device import ops
from hsh.blueprints.render import render, shown
from hsh.blueprints.versions import VersionForm
from hsh.core.command import Actor
from hsh.models.people import LoginRules
from hsh.queries.registry import people
from hsh.services.registry import records
from hsh.services.registry.login_rules import SetLoginRules, set_login_rules

bp = Blueprint("login_rules", __name__, url_prefix="/login")


class RulesForm(VersionForm):
    """The rules as they are to be."""

    second_factor = BooleanField(_l("Admins and supervisors must use a second factor"))

    @override
    def command(self, actor: Actor, **record: Any) -> SetLoginRules:
        """Return the wish to set them."""
        return SetLoginRules(
            **self.envelope(actor),
            version=self.version.data,
            second_factor=bool(self.second_factor.data),
        )


ops.enter(
    "login_rules.set", form=RulesForm, service=set_login_rules,
    endpoint="registry.login_rules.edit",
    says=toasts.at(_l("%(thing)s are set."), _l("The rules"), "registry.login_rules.show"),
)  # fmt: skip


@bp.get("")
@allow("registry.view")
def show() -> str:
    """Show the rules, and who has yet to follow them."""
    return _page()


@bp.post("")
@allow("login_rules.set")
def edit() -> ResponseReturnValue:
    """Set the rules; who came second sees both versions."""
    form = RulesForm.sent()
    ops.perform("login_rules.set", form, redraw=lambda: _page(form))
    return shown(show)


def _page(form: RulesForm | None = None) -> str:
    kept = people.login_rules()
    now = RulesForm(obj=kept) if kept else RulesForm(version=0)
    return render(
        "registry/login_rules.html",
        block="record",
        form=form.beside(now) if form else now,
        history=timeline.of(records.ref_of(LoginRules.__tablename__)),
    )
