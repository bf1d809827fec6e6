# ruff: noqa: S603, S607, S310 - they start our own programs and ask our own server
"""`make run`: serve, say so, and leave nothing behind however it is stopped."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Return an environment with books of its own and a free port."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HSH_")}
    clean.pop("DATABASE_URL", None)
    environ = clean | {
        "HSH_DATA_DIR": str(tmp_path_factory.mktemp("data")),
        "HSH_PORT": str(free_port()),
        "HSH_WORKERS": "1",
    }
    upgrade = [sys.executable, "-m", "flask", "db", "upgrade"]
    subprocess.run(upgrade, cwd=ROOT, env=environ, check=True, capture_output=True)
    return environ


def free_port():
    with closing(socket.socket()) as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


@pytest.fixture
def served(world):
    """Serve, and hand over the running program and what it said until it was ready."""
    command = [sys.executable, "scripts/serve.py"]
    with subprocess.Popen(
        command, cwd=ROOT, env=world, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as program:
        said = ""
        for line in program.stdout:
            said += line
            if "stops it" in line:
                break
        yield program, said
        program.kill()
    gone(world["HSH_DATA_DIR"])


def family(data):
    """Find every process that lives on these books, by the setting it was started with."""
    mark = f"HSH_DATA_DIR={data}".encode()
    found = {}
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and mark in (entry / "environ").read_bytes().split(b"\0"):
                found[int(entry.name)] = (entry / "cmdline").read_bytes().decode()
        except OSError:
            continue  # it ended while we looked
    return found


def gone(data):
    give_up = time.monotonic() + 15
    while family(data) and time.monotonic() < give_up:
        time.sleep(0.1)
    return family(data) == {}


def member(data, name):
    return min(pid for pid, command in family(data).items() if name in command)


def test_it_says_where_it_is_and_who_may_log_in_once_it_answers(served, world):
    _, said = served
    address = f"http://127.0.0.1:{world['HSH_PORT']}"
    assert f"{address}/login" in said
    for name in ("driver", "driver2", "supervisor", "admin", "accountant", "hsh-demo"):
        assert name in said
    with urllib.request.urlopen(f"{address}/login", timeout=10) as page:
        assert page.status == 200


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_stopping_it_stops_everything_and_is_no_error(served, world, how):
    program, _ = served
    program.send_signal(how)
    assert program.wait(20) == 0
    assert gone(world["HSH_DATA_DIR"])


def test_killing_it_outright_stops_everything(served, world):
    program, _ = served
    program.kill()
    assert gone(world["HSH_DATA_DIR"])


@pytest.mark.parametrize("part", ["gunicorn", "worker"])
def test_when_one_part_dies_all_of_it_ends_with_an_error(served, world, part):
    program, _ = served
    os.kill(member(world["HSH_DATA_DIR"], part), signal.SIGKILL)
    assert program.wait(20) == 1
    assert gone(world["HSH_DATA_DIR"])


def run(port):
    return subprocess.run(
        ["scripts/run"],
        cwd=ROOT,
        env=os.environ | {"HSH_PORT": port},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("wrong", ["abc", "0", "65536", "-1", "80 00", "8000; ls", "1e3", "123456"])
def test_a_port_that_is_none_is_refused_before_anything_is_done(wrong):
    done = run(wrong)
    assert done.returncode == 1
    assert done.stderr == f"HSH_PORT is '{wrong}'; it must be a port number from 1 to 65535.\n"
    assert done.stdout == ""


def test_a_taken_port_is_told_before_anything_is_done():
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        done = run(str(port))
    assert done.returncode == 1
    assert done.stdout == ""
    assert f"Port {port} is taken by another program." in done.stderr
