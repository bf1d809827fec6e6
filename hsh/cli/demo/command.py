"""``flask demo``: opens the demo company's books and plays working days into them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import format_date

from hsh.cli import words
from hsh.cli.demo import goods, player, world
from hsh.cli.demo.calendar import start_for, working_days
from hsh.cli.demo.company import open_company
from hsh.cli.demo.dice import Dice
from hsh.cli.demo.stage import Played
from hsh.cli.words import _
from hsh.core import clock
from hsh.core.refusals import Invalid
from hsh.queries import health

_MOST_DAYS = 3_660
_DAY = timedelta(days=1)


@click.command("demo")
@click.option("--days", type=click.IntRange(0, _MOST_DAYS), default=3, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--start", type=click.DateTime(["%Y-%m-%d"]), help="First day; else: ends yesterday.")
@click.option("--sales", type=click.IntRange(0), help="Visits a day; else 8 to 15 a truck.")
@click.option("--if-empty", is_flag=True, help="Do nothing when the books are somebody's already.")
@with_appcontext
def command(
    *, days: int, seed: int, start: datetime | None, sales: int | None, if_empty: bool
) -> None:
    """Play working days of a demo company, through the services themselves.

    The same seed and start on empty books give the same numbers, moves and totals. On books that
    the demo began it continues after their last day. Never in production.
    """
    if current_app.config["HSH"].production:
        raise click.ClickException(_("The demo is never played in production."))
    if if_empty and _are_somebodys():
        click.echo(_("The books hold data already; nothing was played."))
        return
    if health.company_is_there() and not health.holds_demo_data():
        raise click.ClickException(_("These are the books of a real company: no demo in them."))
    try:
        _play(_first_day(start.date() if start else None, days), days, seed, sales)
    except Invalid as refusal:
        raise click.ClickException(words.say(refusal)) from refusal


def _are_somebodys() -> bool:
    """Tell whether anything happened in these books, or a real company owns them."""
    is_real = health.company_is_there() and not health.holds_demo_data()
    return is_real or world.last_day() is not None


def _first_day(start: date | None, count: int) -> date:
    """Return the day on which ``count`` days of play begin.

    Raises:
        UsageError: they would begin before the demo's prices, or inside days that have been.

    """
    last = world.last_day()
    if start is None:
        start = last + _DAY if last else start_for(clock.today() - _DAY, count)
    if start < goods.EARLIEST:
        earliest = format_date(goods.EARLIEST)
        raise click.UsageError(_("--start must be %(day)s or later.", day=earliest))
    if last and start <= last:
        raise click.UsageError(
            _("--start must be later than %(day)s, the last day played.", day=format_date(last))
        )
    return start


def _play(first: date, count: int, seed: int, sales: int | None) -> None:
    """Open the books where that has not been done, then play day after day."""
    dice = Dice(f"{seed} {first} opening")
    if not health.company_is_there():
        with clock.running(lambda: player.before(first)):
            open_company(dice, first)
    if world.last_day() is None:
        player.open_books(first, dice)
    days = working_days(first, count)
    if days and days[-1] >= clock.today():
        click.echo(_("Some of these days have not come yet; they are played too."), err=True)
    for day in days:
        _tell(player.play_day(day, Dice(f"{seed} {day}"), sales=sales))


def _tell(played: Played) -> None:
    click.echo(
        _(
            "%(day)s: %(distributions)s distributions, %(sales)s sales, %(voids)s voids",
            day=format_date(played.day, "EEE d MMM y"),
            distributions=len(played.distributions),
            sales=len(played.sales),
            voids=len(played.voids),
        )
    )
