"""What an act promises of the database itself: it begins as the only writer, and syncs."""

import subprocess
import sys
import textwrap

import pysqlite3.dbapi2 as sqlite
import pytest

from hsh.db import atomic, db
from tests.only import on_sqlite


def holder_of_the_queue(path):
    """Ask another process whether it could be the next writer now."""
    program = textwrap.dedent(f"""
        import fcntl
        with open({str(path)!r} + ".lock", "a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                print("waits")
            else:
                print("its turn")
    """)
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@on_sqlite
def test_nobody_else_can_begin_to_write_from_the_first_moment_of_an_act(app):
    @atomic
    def act():
        stranger = sqlite.connect(db.engine.url.database, timeout=0)
        try:
            with pytest.raises(sqlite.OperationalError, match="locked"):
                stranger.execute("BEGIN IMMEDIATE")
        finally:
            stranger.close()

    act()


@on_sqlite
def test_other_processes_queue_while_an_act_runs(app):
    path = db.engine.url.database

    @atomic
    def act():
        return holder_of_the_queue(path)

    assert act() == "waits"
    assert holder_of_the_queue(path) == "its turn"


@on_sqlite
def test_every_connection_keeps_what_was_committed_and_what_refers_to_what(app):
    def setting(name):
        return db.session.connection().exec_driver_sql(f"PRAGMA {name}").scalar()

    assert setting("journal_mode") == "wal"
    assert setting("synchronous") == 2  # FULL
    assert setting("foreign_keys") == setting("recursive_triggers") == 1
