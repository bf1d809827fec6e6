"""/first-run: on a server where nobody can log in, the holder of its link founds the company."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Blueprint, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField

from hsh.blueprints.access import public
from hsh.blueprints.fields import DayField, Needed, TextField
from hsh.blueprints.forms import Form
from hsh.blueprints.percent import PercentField
from hsh.blueprints.registry.company import LetterheadFields
from hsh.blueprints.registry.fields import CodeField
from hsh.blueprints.render import render
from hsh.config import Settings
from hsh.core import clock
from hsh.core.refusals import NotFound, Refusal
from hsh.core.roles import Role
from hsh.core.words import TaxCode
from hsh.queries.registry import goods
from hsh.services.registry import founding, users
from hsh.services.registry.invitations import LinkOver
from hsh.services.registry.users import NewUser

bp = Blueprint("founding", __name__, url_prefix="/first-run")
_GST, _GST_SINCE = Decimal("0.09"), date(2024, 1, 1)
"""Singapore's rate of today, offered where none was said yet."""


class CompanyStep(LetterheadFields):
    """The company."""


class TaxStep(Form):
    """Whether the company charges GST."""

    gst_number = CodeField(
        _l("GST number"),
        required=False,
        description=_l("Leave it empty when the company is not registered: no GST is charged."),
    )
    rate = PercentField(_l("GST rate, in %"), default=_GST)
    starts_on = DayField(_l("The rate holds from"), default=_GST_SINCE)


class AdminStep(Form):
    """The first admin, who adds everybody else."""

    name = TextField(_l("Your name"), most=users.NAME_MOST)
    username = TextField(
        _l("You log in as"),
        most=users.USERNAME_MOST,
        description=_l("Small letters, digits, dot, dash and underscore."),
    )
    password = PasswordField(
        _l("Password"), validators=[Needed()], description=_l("At least ten characters.")
    )


STEPS: dict[str, tuple[type[Form], Any]] = {
    "company": (CompanyStep, _l("Company")),
    "tax": (TaxStep, _l("GST")),
    "admin": (AdminStep, _l("First admin")),
}


@bp.get("/<token>")
@public
def ask(token: str) -> str:
    """Ask for the first thing that was not told yet, or for the step that is named."""
    founding.check_link(token, _secret())
    return _page(token, request.args.get("step", ""))


@bp.post("/<token>/company")
@public
def company(token: str) -> ResponseReturnValue:
    """Keep the letterhead."""
    form = CompanyStep.sent()
    return _taken(token, "company", form, lambda: founding.found_company(form.letterhead()))


@bp.post("/<token>/tax")
@public
def tax(token: str) -> ResponseReturnValue:
    """Keep whether GST is charged, and at which rate."""
    form = TaxStep.sent()

    def keep() -> None:
        rate, day = form.rate.data or Decimal(0), form.starts_on.data or clock.today()
        founding.settle_tax(form.gst_number.data or None, rate, day)

    return _taken(token, "tax", form, keep)


@bp.post("/<token>/admin")
@public
def admin(token: str) -> ResponseReturnValue:
    """Add the first admin: from here on they log in, and the link is over."""
    form = AdminStep.sent()

    def keep() -> None:
        new = NewUser(
            username=form.username.data or "",
            name=form.name.data or "",
            roles=frozenset({Role.ADMIN}),
            password=form.password.data or "",
        )
        founding.add_first_admin(new, demo=not current_app.config["HSH"].production)

    return _taken(token, "admin", form, keep)


def _taken(token: str, step: str, form: Form, keep: Callable[[], object]) -> ResponseReturnValue:
    """Keep what a step says and go on to the next, or show what will not do."""
    founding.check_link(token, _secret())
    if not form.validate():
        return _page(token, step, form), 422
    try:
        keep()
    except LinkOver:
        raise
    except Refusal as no:
        form.refuse(no)
        return _page(token, step, form), no.status
    if step == "admin":
        return redirect(url_for("sessions.login", next=url_for("setup.steps")), 303)
    return redirect(url_for(".ask", token=token), 303)


def _page(token: str, step: str, form: Form | None = None) -> str:
    told = _told()
    if step not in STEPS:
        step = next(name for name in STEPS if name not in told)
    kind, _words = STEPS[step]
    return render(
        "registry/first_run.html",
        block="step",
        steps={name: words for name, (_kind, words) in STEPS.items()},
        told=told,
        step=step,
        token=token,
        form=form or kind(data=told.get(step)),
    )


def _told() -> dict[str, dict[str, Any]]:
    """Return what was told already, by step."""
    try:
        kept = asdict(goods.company())
    except NotFound:
        return {}
    rates = [one for one in goods.tax_rates(clock.today()) if one.code == TaxCode.STANDARD]
    if not rates:
        return {"company": kept}
    first = rates[-1]
    return {"company": kept, "tax": kept | {"rate": first.rate, "starts_on": first.starts_on}}


def _secret() -> str:
    settings: Settings = current_app.config["HSH"]
    return settings.secret_key
