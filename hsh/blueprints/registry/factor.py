"""/account/factor: the second factor that a person switches on and off for themselves."""

from __future__ import annotations

from flask import current_app
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import HiddenField, PasswordField
from wtforms.validators import InputRequired, Length, Regexp

from hsh.blueprints import access, toasts
from hsh.blueprints.access import allow, who
from hsh.blueprints.fields import TextField
from hsh.blueprints.forms import Form
from hsh.blueprints.qr import qr
from hsh.blueprints.registry.account import bp
from hsh.blueprints.render import render, shown
from hsh.core import onetime
from hsh.core.refusals import Refusal
from hsh.queries.registry import goods, people
from hsh.services.registry import factors, passwords

_GROUP = 4


class SetUpForm(Form):
    """What the app shows, set up with the secret that ``salt`` makes."""

    salt = HiddenField(
        validators=[InputRequired(), Regexp(rf"^[0-9a-f]{{{factors.SALT_LENGTH}}}\Z")]
    )
    code = TextField(_l("The code that the app shows now"), most=factors.CODE_LENGTH)


class ProofForm(Form):
    """What only the person themselves knows and has."""

    password = PasswordField(
        _l("Your password"),
        validators=[InputRequired(_l("This is needed.")), Length(max=passwords.MOST)],
    )
    code = TextField(_l("A code of the app, or a recovery code"), most=factors.CODE_LENGTH)


@bp.get("/factor")
@allow("factor.own")
def factor() -> str:
    """Show whether it is on; where it is not, what the app needs to be set up."""
    return _page()


@bp.post("/factor")
@allow("factor.own")
def switch_on_factor() -> ResponseReturnValue:
    """Ask for codes from now on; the recovery codes are shown this once."""
    form = SetUpForm.sent()
    if not form.validate():
        return _page(setting_up=form), 422
    try:
        codes = factors.switch_on(_owner(), form.salt.data or "", form.code.data or "")
    except Refusal as no:
        form.refuse(no)
        return _page(setting_up=form), no.status
    access.demand_factor(due=False)
    return _page(codes=codes)


@bp.post("/factor/codes")
@allow("factor.own")
def renew_codes() -> ResponseReturnValue:
    """Make the recovery codes anew; they are shown this once."""
    form = ProofForm.sent()
    if not form.validate():
        return _page(renewing=form), 422
    try:
        codes = factors.renew_codes(_owner(), form.password.data or "", form.code.data or "")
    except Refusal as no:
        form.refuse(no)
        return _page(renewing=form), no.status
    return _page(codes=codes)


@bp.post("/factor/off")
@allow("factor.own")
def switch_off_factor() -> ResponseReturnValue:
    """Ask for no code any more; where the company wants one, another is set up at once."""
    form = ProofForm.sent()
    if not form.validate():
        return _page(switching_off=form), 422
    try:
        factors.switch_off(_owner(), form.password.data or "", form.code.data or "")
    except Refusal as no:
        form.refuse(no)
        return _page(switching_off=form), no.status
    access.demand_factor(due=people.lacks_factor(who()))
    toasts.tell(toasts.Toast(words=_l("%(thing)s is off."), thing=_("The second factor")))
    return shown(factor)


def _page(
    *,
    setting_up: SetUpForm | None = None,
    renewing: ProofForm | None = None,
    switching_off: ProofForm | None = None,
    codes: list[str] | None = None,
) -> str:
    is_on = people.has_factor(who())
    setting_up = setting_up or SetUpForm()
    if setting_up.salt.errors or not setting_up.salt.data:
        setting_up.salt.data = factors.new_salt()
    kept = _owner().secret(setting_up.salt.data)
    company = goods.company()
    address = onetime.address(kept, person=who().username, company=company.name)
    return render(
        "registry/factor.html",
        block="factor",
        is_on=is_on,
        is_due=access.factor_is_due(),
        left=people.recovery_codes_left(who()),
        setting_up=setting_up,
        picture=None if is_on else qr(address),
        secret=" ".join(kept[at : at + _GROUP] for at in range(0, len(kept), _GROUP)),
        renewing=renewing or ProofForm(),
        switching_off=switching_off or ProofForm(),
        codes=codes,
    )


def _owner() -> factors.Owner:
    return factors.Owner(
        actor=who(), ref=current_user.ref, key=current_app.config["SECRET_KEY"]
    )  # fmt: skip
