"""``flask worker`` in real processes: what one was killed over, another goes on with, once."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update

from hsh.core import clock
from hsh.db import atomic, db
from hsh.models.books import AuditEntry, OutboxMessage
from hsh.models.imports import ImportRow, RowState
from hsh.models.registry import Customer, Site
from hsh.queries.verify import verify
from hsh.services.imports import files, sheet
from hsh.services.imports.files import BringFile, NameColumns, TakeIn
from hsh.services.registry import rates
from tests import given

ROOT = Path(__file__).parents[2]
ROWS = 1_500
PATIENCE = 120


@contextmanager
def workers(database_url, home, count=1):
    """Run workers until the block ends; none of them outlives it."""
    environ = os.environ | {"DATABASE_URL": database_url, "HSH_DATA_DIR": str(home)}
    started = [
        subprocess.Popen([sys.executable, "-m", "flask", "worker"], cwd=ROOT, env=environ)
        for _ in range(count)
    ]
    try:
        yield started
    finally:
        for worker in started:
            worker.send_signal(signal.SIGTERM)
        for worker in started:
            worker.wait(30)


@pytest.fixture
def admin(app):
    given.a_company()
    rates.standard_price_list(by=None)
    return given.an_admin()


@pytest.fixture
def file(admin):
    """A file that somebody had taken in; no worker has begun."""
    text = "name,address\n" + "".join(
        f'Shop {n},"{n} Sims Drive,  S380045"\n' for n in range(1, ROWS + 1)
    )
    envelope = {"actor": admin.actor}
    ref = files.bring_file(
        BringFile(
            **envelope, submission=uuid4(), kind="customers", file_name="a.csv",
            sheet=sheet.read(text.encode()),
        )
    ).ref  # fmt: skip
    columns = {"name": 0, "address": 1}
    files.name_columns(NameColumns(**envelope, submission=uuid4(), file=ref, columns=columns))
    files.take_in(TakeIn(**envelope, submission=uuid4(), file=ref))
    return ref


def count(model, *which):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model).where(*which))


def done():
    return count(ImportRow, ImportRow.state == RowState.DONE)


def wait_until(ready):
    give_up = time.monotonic() + PATIENCE
    while not ready():
        assert time.monotonic() < give_up, f"{done()} rows after {PATIENCE} s"
        time.sleep(0.05)


@atomic
def let_the_lease_end():
    """Do what time would."""
    db.session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.done_at.is_(None))
        .values(next_try_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def broken(tmp_path):
    return {law.name: law.detail for law in verify(db.engine, data_dir=tmp_path) if not law.ok}


@pytest.fixture
def whole(file, tmp_path):
    """Prove that each row became one customer, told by one audit entry a batch."""
    before = broken(tmp_path)

    def prove():
        assert count(Customer) == count(Site) == done() == ROWS
        assert count(AuditEntry, AuditEntry.action == files.TOPIC) == ROWS / files.BATCH
        assert broken(tmp_path) == before

    return prove


def test_workers_that_are_killed_lose_and_double_nothing(app, file, whole, database_url, tmp_path):
    killed = 0
    while killed < 2:
        before = done()
        with workers(database_url, tmp_path) as [worker]:
            wait_until(lambda at=before: done() > at)
            worker.kill()
            worker.wait(30)
        killed += 1
        assert count(Customer) == done()  # a batch and its marks are one act
        let_the_lease_end()
    assert done() < ROWS
    with workers(database_url, tmp_path):
        wait_until(lambda: done() == ROWS)
    whole()


def test_two_workers_share_a_file_and_take_each_row_in_once(
    app, file, whole, database_url, tmp_path
):
    with workers(database_url, tmp_path, count=2):
        wait_until(lambda: done() == ROWS)
    whole()
