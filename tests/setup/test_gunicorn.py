"""gunicorn.conf.py says what gunicorn then really does."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def gunicorn(**settings):
    """Return what gunicorn makes of its configuration under these settings."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HSH_")}
    return subprocess.run(
        [sys.executable, "-m", "gunicorn", "--print-config", "app:app"],
        cwd=ROOT,
        env=clean | settings,
        capture_output=True,
        text=True,
        check=False,
    )


def chosen(**settings):
    lines = gunicorn(**settings).stdout.splitlines()
    return {
        name.strip(): value.strip() for name, _, value in (line.partition("=") for line in lines)
    }


def test_unless_told_otherwise_it_serves_this_machine_alone_and_believes_no_forwarded_header():
    settings = chosen(FORWARDED_ALLOW_IPS="*")
    assert settings["bind"] == "['127.0.0.1:8000']"
    assert settings["forwarded_allow_ips"] == "[]"


def test_address_workers_and_threads_come_from_the_environment():
    settings = chosen(HSH_BIND="unix:/run/hsh.sock", HSH_WORKERS="5", HSH_THREADS="3")
    assert settings["bind"] == "['unix:/run/hsh.sock']"
    assert settings["workers"] == "5"
    assert settings["threads"] == "3"
    assert settings["worker_class"] == "gthread"


@pytest.mark.parametrize("name", ["HSH_WORKERS", "HSH_THREADS"])
@pytest.mark.parametrize("wrong", ["many", "0", "-1", "2.5", "٣"])
def test_a_setting_that_makes_no_sense_is_refused_by_name(name, wrong):
    done = gunicorn(**{name: wrong})
    assert done.returncode != 0
    assert f"{name} is {wrong!r}; it must be a whole number, 1 or more." in done.stderr
