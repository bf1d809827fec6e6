"""/people: who signs in, what they are to the company, and the link by which they come in."""

from __future__ import annotations

from typing import Any, override
from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from hsh.blueprints import lists, toasts, versions
from hsh.blueprints.access import allow, who
from hsh.blueprints.books import timeline
from hsh.blueprints.choices import options
from hsh.blueprints.device import ops
from hsh.blueprints.fields import TextField, TicksField
from hsh.blueprints.filters import FilterForm as Filters
from hsh.blueprints.forms import Form, SubmissionForm
from hsh.blueprints.lists import Column, Listing
from hsh.blueprints.render import moved, render, shown
from hsh.blueprints.versions import VersionForm
from hsh.blueprints.words import ROLES, role_names
from hsh.core import clock
from hsh.core.command import Actor
from hsh.core.roles import Role
from hsh.documents.sheets import Kind
from hsh.queries.lists import Short, Source
from hsh.queries.registry import staff
from hsh.services.registry import factors, invitations, users
from hsh.services.registry.invitations import Invited
from hsh.services.registry.users import AddPerson, EditUser

bp = Blueprint("people", __name__, url_prefix="/people")


class PersonFields(Form):
    """A person's name and what they are to the company."""

    name = TextField(_l("Name"), most=users.NAME_MOST)
    roles = TicksField(_l("Roles"), choices=options((role.value, ROLES[role]) for role in Role))
    depots = TicksField(
        _l("Depots that a supervisor oversees"),
        required=False,
        choices=lambda: options(staff.depots()),
    )

    def given(self) -> dict[str, Any]:
        """Return what was typed, for a service."""
        return {
            "name": self.name.data or "",
            "roles": frozenset(map(Role, self.roles.data or ())),
            "depots": frozenset(self.depots.data or ()),
        }


class NewPersonForm(SubmissionForm, PersonFields):
    """A person who is not known yet."""

    username = TextField(_l("Logs in as"), most=users.USERNAME_MOST)

    @override
    def command(self, actor: Actor) -> AddPerson:
        """Return the wish to add them."""
        return AddPerson(
            **self.envelope(actor), username=self.username.data or "", **self.given()
        )  # fmt: skip


ops.enter(
    "user.add", form=NewPersonForm, service=users.add_person, endpoint="people.add",
    says=toasts.named(
        _l("%(thing)s is added. They need a link to choose a password."), "name", "people.show"
    ),
)  # fmt: skip


class EditPersonForm(VersionForm, PersonFields):
    """A person as they were when the form was opened, and as they are to be."""

    @override
    def command(self, actor: Actor, **record: Any) -> EditUser:
        """Return the wish to change them."""
        return EditUser(
            **self.envelope(actor), version=self.version.data, **self.given(), **record
        )  # fmt: skip


ops.enter(
    "user.edit", form=EditPersonForm, service=users.edit_user,
    endpoint="people.edit", names={"ref": "ref"},
    says=toasts.named(_l("%(thing)s is changed."), "name", "people.show"),
)  # fmt: skip


class FilterForm(Filters):
    """Which people the list shows."""

    search = TextField(_l("Name"), most=users.NAME_MOST, required=False)
    role = SelectField(
        _l("Role"), default="",
        choices=options([("", _l("All")), *((role.value, ROLES[role]) for role in Role)]),
    )  # fmt: skip


def _ask(_actor: Actor, form: FilterForm) -> Source:
    words = (form.search.data or "").casefold().split()
    found = [
        one
        for one in staff.everyone(clock.now())
        if (not form.role.data or Role(form.role.data) in one.roles)
        and all(word in f"{one.name} {one.username}".casefold() for word in words)
    ]
    return Short(all=found, by=("name", "username", "signed_in"))


def _state(person: staff.Person) -> tuple[str, str]:
    """Return whether they can log in, and the tone of saying so."""
    if not person.active:
        return str(_l("Switched off")), "stop"
    if person.link_until:
        return str(_l("Invited")), "wait"
    return (
        (str(_l("Can log in")), "ok")
        if person.has_password
        else (str(_l("No password yet")), "wait")
    )


PEOPLE = lists.serve(
    bp,
    Listing(
        name="people",
        title=_l("People"),
        note=_l("Who logs in, and what they are to the company."),
        action="people.view",
        ask=_ask,
        form=FilterForm,
        empty=_l("Nobody is here yet. Add a person."),
        template="registry/people/index.html",
        columns=(
            Column(
                name="name", label=_l("Name"),
                link=lambda person: url_for("people.show", ref=person.ref),
            ),
            Column(name="username", label=_l("Logs in as")),
            Column(name="roles", label=_l("Roles"), says=lambda one: role_names(one.roles)),
            Column(name="depots", label=_l("Depots"), says=lambda one: ", ".join(one.depots)),
            Column(name="signed_in", label=_l("Logged in"), kind=Kind.COUNT),
            Column(
                name="factor", label=_l("Second factor"),
                says=lambda one: str(_l("On") if one.has_factor else _l("Off")),
            ),
            Column(
                name="state", label=_l("State"), says=lambda one: _state(one)[0],
                tone=lambda one: _state(one)[1],
            ),
        ),
    ),
)  # fmt: skip


@bp.get("/new")
@allow("user.add")
def new() -> str:
    """Ask who is to be added."""
    return _asked(NewPersonForm())


@bp.post("/new")
@allow("user.add")
def add() -> ResponseReturnValue:
    """Add a person, who has no password until they used their link."""
    form = NewPersonForm.sent()
    added = ops.perform("user.add", form, redraw=lambda: _asked(form))
    return moved(show, ref=added.ref)


@bp.get("/<uuid:ref>")
@allow("people.view")
def show(ref: UUID) -> str:
    """Show a person, and what can be changed."""
    return _page(staff.one(ref, clock.now()))


@bp.post("/<uuid:ref>")
@allow("user.edit")
def edit(ref: UUID) -> ResponseReturnValue:
    """Change name, roles and depots; who came second sees both versions."""
    form = EditPersonForm.sent()
    ops.perform("user.edit", form, redraw=lambda: _page(staff.one(ref, clock.now()), form))
    return shown(show, ref=ref)


@bp.post("/<uuid:ref>/link")
@allow("people.edit")
def link(ref: UUID) -> str:
    """Make a link by which the person chooses a password; it is shown this once."""
    made = invitations.invite(who(), ref)
    return _page(staff.one(ref, clock.now()), made=made)


@bp.post("/<uuid:ref>/off")
@allow("people.edit")
def switch_off(ref: UUID) -> ResponseReturnValue:
    """Log the person out everywhere and let them in no more."""
    users.switch_off(staff.one(ref, clock.now()).username, by=who(), seen=versions.seen())
    _tell(_l("%(thing)s is switched off, and logged out everywhere."), ref, "people.switch_on")
    return shown(show, ref=ref)


@bp.post("/<uuid:ref>/on")
@allow("people.edit")
def switch_on(ref: UUID) -> ResponseReturnValue:
    """Let the person in again."""
    users.switch_on(staff.one(ref, clock.now()).username, by=who(), seen=versions.seen())
    _tell(_l("%(thing)s is switched on, and can log in."), ref, "people.switch_off")
    return shown(show, ref=ref)


@bp.post("/<uuid:ref>/sign-out")
@allow("people.edit")
def sign_out(ref: UUID) -> ResponseReturnValue:
    """Log the person out everywhere, at once; they can log in again."""
    users.sign_out_everywhere(staff.one(ref, clock.now()).username, by=who())
    _tell(_l("%(thing)s is logged out everywhere."), ref)
    return shown(show, ref=ref)


@bp.post("/<uuid:ref>/factor")
@allow("factor.reset")
def reset_factor(ref: UUID) -> ResponseReturnValue:
    """Let the person log in without a code, who lost their phone and their recovery codes."""
    factors.reset(who(), ref)
    _tell(_l("%(thing)s logs in without a code now."), ref)
    return shown(show, ref=ref)


def _tell(words: Any, ref: UUID, undo: str = "") -> None:
    """Say what was done with a person; ``undo`` takes it back."""
    person = staff.one(ref, clock.now())
    toasts.tell(
        toasts.Toast(
            words=words,
            thing=person.name,
            address=url_for("people.show", ref=ref),
            undo=toasts.back(undo, ref, person.version),
        )
    )


def _asked(form: NewPersonForm) -> str:
    return render("registry/people/new.html", block="person", form=form)


def _page(
    person: staff.Person, form: EditPersonForm | None = None, *, made: Invited | None = None
) -> str:
    """Show ``person``, with the ``form`` that will not do or the link that was ``made``."""
    now = EditPersonForm(
        data={
            "name": person.name,
            "roles": [role.value for role in person.roles],
            "depots": list(person.depots),
            "version": person.version,
        }
    )
    address = url_for("welcome.ask", token=made.token, _external=True) if made else None
    return render(
        "registry/people/show.html",
        block="person",
        person=person,
        form=form.beside(now) if form else now,
        address=address,
        history=timeline.of(person.ref),
    )
