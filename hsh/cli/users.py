"""``flask user``: lets a person sign in, gives a new password, and shuts a person out at once."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import current_app
from flask.cli import AppGroup

from hsh.cli import words
from hsh.cli.words import _
from hsh.core.refusals import NotFound, Refusal
from hsh.core.roles import Role
from hsh.queries.registry import people
from hsh.services.registry import factors
from hsh.services.registry.users import (
    NewUser,
    add_user,
    set_password,
    sign_out_everywhere,
    switch_off,
)

group = AppGroup("user", help="The people who sign in.")


@group.command("add")
@click.argument("username")
@click.option("--name", required=True, help="The person's name, as documents print it.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in Role]),
    help="What the person is to the company; may be given more than once.",
)
@click.option("--depot", "depots", multiple=True, help="Code of a depot a supervisor oversees.")
@click.option("--password-stdin", is_flag=True, help="Read the password's one line from stdin.")
def add(
    username: str,
    *,
    name: str,
    roles: tuple[str, ...],
    depots: tuple[str, ...],
    password_stdin: bool,
) -> None:
    """Add USERNAME, who signs in with a password that is asked for twice."""
    new = NewUser(
        username=username,
        name=name,
        roles=frozenset(map(Role, roles)),
        password=_password(from_stdin=password_stdin),
        depots=frozenset(depots),
    )
    with _refusals_in_words():
        add_user(new, by=None, demo=_demo())
    click.echo(_("%(username)s can sign in.", username=username))


@group.command("password")
@click.argument("username")
@click.option("--password-stdin", is_flag=True, help="Read the password's one line from stdin.")
def password(username: str, *, password_stdin: bool) -> None:
    """Give USERNAME a new password; their browsers are signed out."""
    chosen = _password(from_stdin=password_stdin)
    with _refusals_in_words():
        set_password(username, chosen, by=None, demo=_demo())
    click.echo(_("%(username)s has a new password.", username=username))


@group.command("off")
@click.argument("username")
def off(username: str) -> None:
    """Switch USERNAME off: signed out everywhere at once, and no longer let in."""
    with _refusals_in_words():
        switch_off(username, by=None)
    click.echo(_("%(username)s is switched off.", username=username))


@group.command("sign-out")
@click.argument("username")
def sign_out(username: str) -> None:
    """Sign USERNAME out of every browser at once."""
    with _refusals_in_words():
        sign_out_everywhere(username, by=None)
    click.echo(_("%(username)s is signed out everywhere.", username=username))


@group.command("reset-factor")
@click.argument("username")
def reset_factor(username: str) -> None:
    """Let USERNAME sign in without a code: for the last admin who lost phone and recovery codes."""
    with _refusals_in_words():
        found = people.credentials(username.strip().casefold())
        if found is None:
            raise NotFound(what="user")
        factors.reset(None, found.ref)
    click.echo(_("%(username)s signs in without a code.", username=username))


@contextmanager
def _refusals_in_words() -> Iterator[None]:
    try:
        yield
    except Refusal as refusal:
        raise click.ClickException(words.say(refusal)) from refusal


def _demo() -> bool:
    return not current_app.config["HSH"].production


def _password(*, from_stdin: bool) -> str:
    """Ask for the password, or take it from a pipe without its line end."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    return str(click.prompt(_("Password"), hide_input=True, confirmation_prompt=True))
