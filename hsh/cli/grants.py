"""``flask grants ACCOUNT``: the rights that the application's database account needs."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import make_url

from hsh.cli.words import _
from hsh.models.grants import grants


@click.command("grants")
@click.argument("account")
@with_appcontext
def command(account: str) -> None:
    """Print the GRANT statements for ACCOUNT, as name or name@host, for the owner to run.

    Facts may be read and added; nothing else is given on them, so that not even the application
    can rewrite what happened.
    """
    url = make_url(current_app.config["HSH"].database_url)
    if url.get_backend_name() == "sqlite" or not url.database:
        raise click.ClickException(_("SQLite has no accounts; this is for MySQL and MariaDB."))
    try:
        statements = grants(account, url.database)
    except ValueError as error:
        raise click.BadParameter(_("must be name or name@host"), param_hint="ACCOUNT") from error
    for statement in statements:
        click.echo(f"{statement};")
