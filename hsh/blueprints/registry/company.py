"""/registry/company and /registry/taxes."""

from __future__ import annotations

from io import BytesIO
from typing import Any, Self, override

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import CombinedMultiDict
from wtforms import BooleanField, FileField, SelectField
from wtforms.validators import StopValidation

from hsh.blueprints import formats, names, toasts
from hsh.blueprints.access import allow
from hsh.blueprints.books import timeline
from hsh.blueprints.choices import options
from hsh.blueprints.device import ops
from hsh.blueprints.fields import DayField, TextField
from hsh.blueprints.forms import Form, SubmissionForm
from hsh.blueprints.percent import PercentField
from hsh.blueprints.registry.fields import CodeField
from hsh.blueprints.render import render, shown
from hsh.blueprints.versions import VersionForm
from hsh.core import clock
from hsh.core.command import Actor
from hsh.core.words import TaxCode
from hsh.models.registry import Company, TaxRate
from hsh.queries.registry import goods
from hsh.services.registry import checks, records
from hsh.services.registry.company import Letterhead, SetCompany, change_company
from hsh.services.registry.rates import (
    TAX_NOTE_LENGTH,
    NewTaxRate,
    SetTaxRate,
    register_tax_rate,
)

company = Blueprint("company", __name__, url_prefix="/company")
taxes = Blueprint("taxes", __name__, url_prefix="/taxes")
_MOST_BYTES = 200 * 1024
_MOST_DOTS = 2000


class PictureField(FileField):
    """A picture as PNG, bounded in bytes and dots, and looked at to its last dot."""

    @override
    def process_formdata(self, valuelist: Any) -> None:
        sent = [one for one in valuelist if getattr(one, "filename", "")]
        self.data = sent[0].stream.read(_MOST_BYTES + 1) if sent else None

    def pre_validate(self, _form: Any) -> None:
        """Refuse what no document could show."""
        if self.data and len(self.data) > _MOST_BYTES:
            raise StopValidation(_l("At most %(most)s KB.", most=_MOST_BYTES // 1024))
        if self.data is not None and not _is_picture(self.data):
            raise StopValidation(
                _l("Choose a PNG of at most %(most)s dots each way.", most=_MOST_DOTS)
            )


class LetterheadFields(Form):
    """What stands at the head of documents, in words."""

    name = TextField(_l("Name"), most=checks.NAME_LENGTH)
    uen = CodeField(_l("UEN"))
    address = TextField(_l("Address"), most=checks.NOTE_LENGTH, lines=True)
    phone = TextField(_l("Phone"), most=checks.CODE_LENGTH, required=False)
    email = TextField(_l("E-mail"), most=checks.NAME_LENGTH, required=False)
    cash_rounding = BooleanField(_l("Round cash to 5 cents"))

    def letterhead(self, gst_number: str | None = None) -> Letterhead:
        """Return what was typed."""
        return Letterhead(
            name=self.name.data or "",
            uen=self.uen.data or "",
            gst_number=gst_number,
            address=self.address.data or "",
            phone=self.phone.data or None,
            email=self.email.data or None,
            cash_rounding=bool(self.cash_rounding.data),
        )


class CompanyForm(VersionForm, LetterheadFields):
    """The letterhead as it is to be."""

    gst_number = CodeField(
        _l("GST number"),
        required=False,
        description=_l("Without one no GST is charged."),
    )
    has_logo = BooleanField(_l("Show a logo on documents"))
    logo = PictureField(_l("Another logo"), description=_l("A PNG of at most 200 KB."))

    @classmethod
    @override
    def sent(cls, **values: Any) -> Self:
        """Return the form as it came, with its file."""
        return cls(CombinedMultiDict((request.files, request.form)), **values)

    @override
    def command(self, actor: Actor, **record: Any) -> SetCompany:
        """Return the wish to change it."""
        return SetCompany(
            **self.envelope(actor),
            version=self.version.data,
            wanted=self.letterhead(self.gst_number.data or None),
            logo=self.logo.data,
            has_logo=bool(self.has_logo.data or self.logo.data),
        )


class TaxForm(SubmissionForm):
    """A GST rate from a day on."""

    code = SelectField(_l("Kind"), choices=options(names.TAXES.items()))
    starts_on = DayField(_l("From"))
    rate = PercentField(_l("Rate, in %"))
    note = TextField(_l("Note"), most=TAX_NOTE_LENGTH, required=False)

    @override
    def command(self, actor: Actor, **record: Any) -> SetTaxRate:
        """Return the wish to add it."""
        given: dict[str, Any] = {"starts_on": self.starts_on.data, "rate": self.rate.data}
        new = NewTaxRate(code=TaxCode(self.code.data), note=self.note.data or "", **given)
        return SetTaxRate(**self.envelope(actor), new=new)


ops.enter(
    "company.set", form=CompanyForm, service=change_company, endpoint="registry.company.edit",
    says=toasts.at(_l("%(thing)s is changed."), _l("The letterhead"), "registry.company.show"),
)  # fmt: skip
ops.enter(
    "tax_rate.set", form=TaxForm, service=register_tax_rate, endpoint="registry.taxes.add",
    says=lambda made: toasts.Toast(
        words=_l("A rate of %(thing)s is set."),
        thing=_(
            "%(rate)s from %(day)s",
            rate=formats.percent(made.form.rate.data), day=formats.day(made.form.starts_on.data),
        ),
        address=url_for("registry.taxes.index"),
    ),
)  # fmt: skip


@company.get("")
@allow("registry.view")
def show() -> str:
    """Show the letterhead, and what can be changed."""
    return _page()


@company.post("")
@allow("company.set")
def edit() -> ResponseReturnValue:
    """Change the letterhead; who came second sees both versions."""
    form = CompanyForm.sent()
    ops.perform("company.set", form, redraw=lambda: _page(form))
    return shown(show)


@taxes.get("")
@allow("registry.view")
def index() -> str:
    """List the GST rates, and ask for another."""
    return _rates(TaxForm())


@taxes.post("")
@allow("tax_rate.set")
def add() -> ResponseReturnValue:
    """Add a GST rate; one that began stays as it is."""
    form = TaxForm.sent()
    ops.perform("tax_rate.set", form, redraw=lambda: _rates(form))
    return shown(index)


def _page(form: CompanyForm | None = None) -> str:
    kept = goods.company()
    now = CompanyForm(obj=kept)
    return render(
        "registry/company.html",
        block="record",
        form=form.beside(now) if form else now,
        history=timeline.of(records.ref_of(Company.__tablename__)),
    )


def _rates(form: TaxForm) -> str:
    rates = goods.tax_rates(clock.today())
    table = TaxRate.__tablename__
    refs = [records.ref_of(table, rate.code, rate.starts_on) for rate in rates]
    return render(
        "registry/taxes.html",
        block="record",
        form=form,
        rates=rates,
        names=names,
        history=timeline.of(*refs, action="tax_rate.set") if refs else None,
    )


def _is_picture(data: bytes) -> bool:
    """Tell whether ``data`` is a PNG that can be drawn; no bomb is unpacked."""
    from PIL import Image  # noqa: PLC0415 - for a new logo alone

    try:
        with Image.open(BytesIO(data), formats=["PNG"]) as picture:
            if max(picture.size) > _MOST_DOTS:
                return False
            picture.verify()  # load() passes over a missing end where somebody told Pillow to
        with Image.open(BytesIO(data), formats=["PNG"]) as picture:
            picture.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return False
    return True
