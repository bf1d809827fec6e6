"""HSH behind gunicorn, as in production, and visitors over HTTP."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPResponse
from http.cookies import SimpleCookie
from itertools import batched, count
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlencode
from uuid import uuid4

from bench import books
from bench.browser import OK, SEE_OTHER, TOKEN
from bench.company import FEES, SIZE, Seller
from bench.figure import NotCountedError
from hsh.config import ROOT
from hsh.services.registry.passwords import DEMO_PASSWORD

THREADS = 4
READY_WITHIN = 60
AT_ONCE = 100
"""Items that a tablet sends in one request (offline/send.js)."""
_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"


def settings(file: Path, home: Path) -> dict[str, str]:
    """Return the environment of a server on the books in ``file``."""
    return {
        "HSH_ENV": "local",
        "DATABASE_URL": books.sqlite_url(file),
        "HSH_DATA_DIR": str(home),
        "HSH_THREADS": str(THREADS),
    }


@dataclass(frozen=True)
class Running:
    """A server that answers at ``address``: host and port."""

    process: subprocess.Popen[bytes]
    address: tuple[str, int]

    def workers(self) -> list[int]:
        """Return the ids of the processes that answer requests."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        return [int(child) for child in children.split()]


@contextlib.contextmanager
def started(environ: dict[str, str], *, workers: int, app: str = "wsgi:app") -> Iterator[Running]:
    """Start gunicorn with the project's own configuration; stop it afterwards."""
    address = ("127.0.0.1", _free_port())
    bind = {"HSH_BIND": "{}:{}".format(*address), "HSH_WORKERS": str(workers)}
    process = subprocess.Popen(  # noqa: S603 - our own server
        [sys.executable, "-m", "gunicorn", "--log-level", "warning", app],
        cwd=ROOT,
        env=os.environ | environ | bind,
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait(process, address)
        yield Running(process, address)
    finally:
        process.terminate()
        process.wait(timeout=60)


class Visitor:
    """A driver's tablet: one connection kept open, cookies, and forms as the page sends them."""

    def __init__(self, address: tuple[str, int], seller: Seller) -> None:
        """Sign in as ``seller``."""
        self.connection = HTTPConnection(*address, timeout=60)
        self.cookies: SimpleCookie = SimpleCookie()
        self.seller = seller
        self.readings = count(seller.read)
        fields = {"username": seller.actor.username, "password": DEMO_PASSWORD}
        self.post("/login", fields | {"csrf_token": self._token("/login")})
        self.token = self._token(self._sale_page)

    def get(self, path: str) -> str:
        """Return the page at ``path``."""
        return self._ask("GET", path, OK)

    def post(self, path: str, fields: dict[str, str]) -> None:
        """Send a form that leads elsewhere."""
        self._ask("POST", path, SEE_OTHER, urlencode(fields), {"Content-Type": _FORM})

    def sell(self) -> float:
        """Send the form of the sale that is measured; return the seconds until its answer."""
        token = {"csrf_token": self.token, "client_temp_id": str(uuid4())}
        fields = token | self._sale()
        began = time.perf_counter()
        self.post(self._sale_page, fields)
        return time.perf_counter() - began

    def send_queue(self, sales: int) -> float:
        """Send so many queued sales as a tablet does; return the seconds until all are applied.

        Raises:
            NotCountedError: one of them was not applied.

        """
        hello = json.loads(self.get("/sync/hello"))
        queue = [self._item(number, hello["user"]["ref"]) for number in range(1, sales + 1)]
        began = time.perf_counter()
        states = {state for items in batched(queue, AT_ONCE) for state in self._send(items)}
        took = time.perf_counter() - began
        if states != {"applied"}:
            raise NotCountedError(f"not all of a queue was applied: {states}")
        return took

    def _send(self, items: tuple[dict[str, object], ...]) -> set[str]:
        body = json.dumps({"device_id": "bench", "device_now": _now(), "items": items})
        headers = {"Content-Type": _JSON, "X-CSRFToken": self.token}
        answer = json.loads(self._ask("POST", "/sync", OK, body, headers))
        return {result["state"] for result in answer["results"]}

    def _item(self, number: int, user: str) -> dict[str, object]:
        return {
            "client_temp_id": str(uuid4()),
            "op": "sale.confirm",
            "schema": 1,
            "seq": number,
            "captured_at": _now(),
            "user": user,
            "path": self._sale_page,
            "fields": self._sale(),
            "refs": [],
        }

    @property
    def _sale_page(self) -> str:
        return f"/sites/{self.seller.site}/sale"

    def _sale(self) -> dict[str, str]:
        """Return the fields of the next sale that is measured."""
        read = next(self.readings)
        meter = f"meter-{self.seller.meter}"
        return {
            "source": str(self.seller.truck),
            "payment_method": "cash",
            f"{meter}-previous": str(read),
            f"{meter}-current": str(read + 1),
            f"{meter}-kind": "normal",
            f"delivery-{SIZE}": "1",
            f"collection-{SIZE}": "1",
            f"service-{FEES[0]}": "1",
        }

    def browse(self, requests: int) -> None:
        """Do what drivers do, over and over, until there were so many requests."""
        site = f"/sites/{self.seller.site}"
        pages = ["/", "/sites", "/sites?q=kitchen", site, f"{site}/sale", "/transactions"]
        for turn in range(requests):
            if turn % 10 == 0:
                self.sell()
            else:
                self.get(pages[turn % len(pages)])

    def _token(self, path: str) -> str:
        found = TOKEN.search(self.get(path))
        if found is None:
            raise NotCountedError(f"{path} carries no token")
        return found[1]

    def _ask(
        self,
        method: str,
        path: str,
        status: int,
        body: str | None = None,
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> str:
        sent = "; ".join(f"{name}={kept.value}" for name, kept in self.cookies.items())
        self.connection.request(method, path, body, {**headers, "Cookie": sent})
        answer = self.connection.getresponse()
        text = answer.read().decode()
        self._keep(answer)
        if answer.status != status:
            raise NotCountedError(f"{method} {path} was answered with {answer.status}")
        return text

    def _keep(self, answer: HTTPResponse) -> None:
        for cookie in answer.headers.get_all("Set-Cookie", []):
            self.cookies.load(cookie)


def _now() -> str:
    return datetime.now(UTC).isoformat()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(process: subprocess.Popen[bytes], address: tuple[str, int]) -> None:
    """Return when the server answers.

    Raises:
        NotCountedError: it ended, or took too long.

    """
    give_up = time.monotonic() + READY_WITHIN
    while process.poll() is None and time.monotonic() < give_up:
        try:
            connection = HTTPConnection(*address, timeout=5)
            connection.request("GET", "/healthz")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise NotCountedError("the server does not answer")
