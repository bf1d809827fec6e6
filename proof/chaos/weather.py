"""The network between a tablet and the server: a proxy that does what bad networks do.

Which fault comes next is drawn from the seed; which request meets it is up to the moment.
"""

from __future__ import annotations

import http.client
import socket
import struct
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from threading import Event, Lock, Thread
from typing import Any

CALM, FAIR, STORM = 0.0, 0.15, 0.5
"""How likely a request meets a fault."""
STALLS = (0.3, 0.8, 2.0)
LONG_STALL = 14.0
"""Seconds: longer than a page waits for an answer."""
ONE_LONG_STALL_IN = 40
_PATIENCE = 60
_PORTAL = b"<!doctype html><html ><title>WiFi</title><p>Log in to the WiFi of this building."
_HOP = {"connection", "keep-alive", "transfer-encoding", "date", "server"}


@dataclass(kw_only=True)
class Weather:
    """What the network is like now. ``dark``: there is none."""

    upstream: int
    """The server's port."""
    rng: Random
    badness: float = CALM
    dark: bool = False
    met: Counter[str] = field(default_factory=Counter)
    """How often each fault came."""
    _cleared: Event = field(default_factory=Event)
    _turn: Lock = field(default_factory=Lock)

    def draw(self) -> str | None:
        """Return the fault that this request meets."""
        with self._turn:
            if self.dark:
                return "refused"
            if self.rng.random() >= self.badness:
                return None
            fault = self.rng.choice(list(_DOES))
            self.met[fault] += 1
            return fault

    def become(self, badness: float, *, dark: bool = False) -> None:
        """Change; whoever was stalled goes on when it clears."""
        self.badness, self.dark = badness, dark
        self._cleared = Event()

    @contextmanager
    def clearing(self) -> Iterator[None]:
        """Let the sun shine within the block."""
        before = self.badness, self.dark
        self._cleared.set()
        self.become(CALM)
        yield
        self.become(before[0], dark=before[1])

    def stall(self) -> None:
        """Keep somebody waiting, until the weather clears at the latest."""
        with self._turn:
            is_long = not self.rng.randrange(ONE_LONG_STALL_IN)
            seconds = LONG_STALL if is_long else self.rng.choice(STALLS)
        self._cleared.wait(seconds)


@dataclass(frozen=True)
class _Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def wire(self) -> bytes:
        """Return the answer as it goes over the line."""
        kept = [(name, value) for name, value in self.headers if name.lower() not in _HOP]
        if not any(name.lower() == "content-length" for name, _ in kept):
            kept.append(("Content-Length", str(len(self.body))))
        lines = [f"HTTP/1.1 {self.status} {http.client.responses.get(self.status, '')}"]
        lines += [f"{name}: {value}" for name, value in kept]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + self.body


_BAD_GATEWAY = _Answer(502, [("Content-Type", "text/html")], b"<p>Bad gateway")
_A_PORTAL = _Answer(200, [("Content-Type", "text/html")], _PORTAL)


class _Line(BaseHTTPRequestHandler):
    """One connection of the tablet."""

    protocol_version = "HTTP/1.1"
    server: _Proxy

    def handle_one_request(self) -> None:
        """As ever; that a tablet hangs up is nothing to tell of."""
        try:
            super().handle_one_request()
        except OSError:
            self.close_connection = True

    def _carry(self) -> None:
        """Bring a request to the server and its answer back, or do what the weather does."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = self.server.weather.draw()
        if fault:
            _DOES[fault](self, body)
        else:
            self._reply(self._ask(body))

    do_GET = do_POST = _carry  # noqa: N815 - as the base class calls them

    def _ask(self, body: bytes) -> _Answer:
        """Return what the server answers; a proxy says 502 for one that is not there."""
        try:
            line = self._begin(len(body))
            line.send(body)
            answer = line.getresponse()
            found = _Answer(answer.status, answer.getheaders(), answer.read())
            line.close()
        except (OSError, http.client.HTTPException):
            return _BAD_GATEWAY
        return found

    def refuse(self, _body: bytes) -> None:
        """Hang up at once."""
        self._hang_up()

    def cut_request(self, body: bytes) -> None:
        """Send the server a part of what it was promised."""
        with suppress(OSError):
            line = self._begin(len(body))
            line.send(body[: len(body) // 2])
            line.close()
        self._hang_up()

    def cut_answer(self, body: bytes) -> None:
        """Send back the beginning of what the server answered."""
        wire = self._ask(body).wire()
        self._send(wire[: self.server.weather.rng.randrange(len(wire))])
        self.close_connection = True

    def lose_answer(self, body: bytes) -> None:
        """Let the server answer, and tell nobody."""
        self._ask(body)
        self._hang_up()

    def stall_before(self, body: bytes) -> None:
        """Ask late."""
        self.server.weather.stall()
        self._reply(self._ask(body))

    def stall_after(self, body: bytes) -> None:
        """Ask, and tell late."""
        answer = self._ask(body)
        self.server.weather.stall()
        self._reply(answer)

    def fail_before(self, _body: bytes) -> None:
        """Say that there is no server."""
        self._reply(_BAD_GATEWAY)

    def fail_after(self, body: bytes) -> None:
        """Ask, and say that there is no server."""
        self._ask(body)
        self._reply(_BAD_GATEWAY)

    def pretend(self, _body: bytes) -> None:
        """Answer in the server's place."""
        self._reply(_A_PORTAL)

    def repeat(self, body: bytes) -> None:
        """Ask twice at once, as some proxies do; either answer may come back."""
        with ThreadPoolExecutor(2) as threads:
            both = [threads.submit(self._ask, body) for _ in range(2)]
            self._reply(both[self.server.weather.rng.randrange(2)].result())

    def _begin(self, length: int) -> http.client.HTTPConnection:
        line = http.client.HTTPConnection(
            "127.0.0.1", self.server.weather.upstream, timeout=_PATIENCE
        )
        line.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() not in {*_HOP, "content-length"}:
                line.putheader(name, value)
        if length:
            line.putheader("Content-Length", str(length))
        line.putheader("Connection", "close")
        line.endheaders()
        return line

    def _reply(self, answer: _Answer) -> None:
        self._send(answer.wire())

    def _send(self, wire: bytes) -> None:
        self.wfile.write(wire)
        self.wfile.flush()

    def _hang_up(self) -> None:
        """End the connection without a word."""
        at_once = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        self.close_connection = True
        self.connection.close()

    def log_message(self, *_said: Any) -> None:
        """Say nothing: the summary counts."""


_DOES: dict[str, Callable[[_Line, bytes], None]] = {
    "refused": _Line.refuse,
    "request cut": _Line.cut_request,
    "answer cut": _Line.cut_answer,
    "answer lost": _Line.lose_answer,
    "stalled before": _Line.stall_before,
    "stalled after": _Line.stall_after,
    "502 before": _Line.fail_before,
    "502 after": _Line.fail_after,
    "portal": _Line.pretend,
    "twice": _Line.repeat,
}


class _Proxy(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, weather: Weather) -> None:
        super().__init__(("127.0.0.1", 0), _Line)
        self.weather = weather

    def handle_error(self, *_told: Any) -> None:
        """Say nothing: tablets hang up."""


@contextmanager
def network(weather: Weather) -> Iterator[str]:
    """Let the tablet reach the server through ``weather``; yields the address to use."""
    proxy = _Proxy(weather)
    serve: Callable[[], None] = proxy.serve_forever
    Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{proxy.server_port}"
    finally:
        proxy.shutdown()
        proxy.server_close()
