"""Requests that no page of ours sends: each begins as one that would do, and is twisted."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any
from urllib.parse import quote_from_bytes, quote_plus
from uuid import UUID

from proof.naughty import STRINGS, text

BOUNDARY = "hsh-boundary"
_FORM = "application/x-www-form-urlencoded"
_HEADERS = (
    "User-Agent", "HX-Request", "HX-Request-Type", "HX-Current-URL", "HX-Target", "X-Request-ID",
    "Accept", "Accept-Language", "Referer", "Origin", "Cookie", "X-Forwarded-For",
    "X-Forwarded-Host", "Host", "Range", "X-CSRFToken", "If-None-Match", "If-Modified-Since",
    "Sec-Fetch-Site", "Accept-Encoding",
)  # fmt: skip

_TYPES = (
    "application/json", "text/plain", "application/xml", "", "multipart/form-data",
    "no/such; type", f"{_FORM}; charset=utf-16", f"{_FORM}; charset=no-such",
    f"multipart/form-data; boundary={'x' * 300}",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Request:
    """What goes over the wire. ``body`` None: the fields, as a browser writes them."""

    method: str
    path: str
    fields: tuple[tuple[str, str], ...] = ()
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    content_type: str = _FORM
    body: bytes | None = None
    twists: tuple[str, ...] = field(default=(), compare=False)

    def data(self) -> bytes:
        """Return the body."""
        if self.body is not None:
            return self.body
        return encoded(self.fields).encode() if self.method == "POST" else b""

    def target(self) -> str:
        """Return the path with its query."""
        return f"{self.path}?{encoded(self.query)}" if self.query else self.path


def encoded(fields: tuple[tuple[str, str], ...]) -> str:
    """Write fields as a browser does; what UTF-8 has no room for goes as broken bytes."""
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in fields)


def twisted(request: Request, rng: Random) -> Request:
    """Return ``request`` with one to three twists."""
    for _ in range(rng.randint(1, 3)):
        twist = rng.choice(TWISTS)
        request = twist(request, rng)
        request = replace(request, twists=(*request.twists, twist.__name__.strip("_")))
    return request


def bitten(tree: Any, rng: Random) -> Any:
    """Return JSON in which, more often than not, something is what it should not be."""
    if rng.randrange(6) == 0:
        return rng.choice(_NO_JSON_OF_OURS)(rng)
    if isinstance(tree, dict) and tree:
        name = rng.choice(list(tree))
        return tree | {name: bitten(tree[name], rng)}
    if isinstance(tree, list) and tree:
        return [*tree[:-1], bitten(tree[-1], rng), *(tree if rng.randrange(3) == 0 else [])]
    return text(rng) if rng.randrange(3) else tree


_NO_JSON_OF_OURS: tuple[Callable[[Random], Any], ...] = (
    lambda _rng: None,
    lambda rng: rng.choice([-1, 0, 1, 2**63, 10**400, 1.5, 1e308, True]),
    lambda rng: [text(rng)] * rng.choice([0, 1, 60]),
    lambda rng: {text(rng): {text(rng): []}},
    lambda rng: str(UUID(int=rng.getrandbits(128), version=4)),
    lambda rng: text(rng) * rng.choice([1, 500]),
)


def _quoted(text: str) -> str:
    return quote_plus(text.encode("utf-8", "surrogatepass"))


def _value(request: Request, rng: Random) -> Request:
    name, _ = _one(request, rng)
    fields = tuple((n, text(rng) if n == name else v) for n, v in request.fields)
    return replace(request, fields=fields)


def _twice(request: Request, rng: Random) -> Request:
    name, _ = _one(request, rng)
    return replace(request, fields=_mixed((*request.fields, (name, text(rng))), rng))


def _dropped(request: Request, rng: Random) -> Request:
    name, _ = _one(request, rng)
    return replace(request, fields=tuple(pair for pair in request.fields if pair[0] != name))


def _renamed(request: Request, rng: Random) -> Request:
    name, value = _one(request, rng)
    other = rng.choice(
        [f"{name}[0]", f"{name}.x", f"{name}-", f"-{name}", f"{name}-{text(rng)}", text(rng)]
    )
    return replace(request, fields=(*request.fields, (other, value)))


def _count_of_nothing(request: Request, rng: Random) -> Request:
    """Count something of a code, or read a meter, that is not there."""
    prefix = rng.choice([
        "delivery", "collection", "return_full", "return_part", "accessory", "service", "deposit",
        "deposit_refund", "meter", "out_full", "in_part",
    ])  # fmt: skip
    name = f"{prefix}-{rng.choice(['C127', 'C9', 'REG', 'DELIVERY', 'DEP-C127', text(rng)])}"
    return replace(request, fields=(*request.fields, (name, rng.choice(["1", "9999", text(rng)]))))


def _many(request: Request, rng: Random) -> Request:
    more = tuple((f"delivery-X{n}", "1") for n in range(rng.choice([60, 150, 3_000])))
    return replace(request, fields=(*request.fields, *more))


def _no_token(request: Request, rng: Random) -> Request:
    kept = tuple(pair for pair in request.fields if pair[0] != "csrf_token")
    token = rng.choice([(), (("csrf_token", text(rng)),), (("csrf_token", ""),)])
    return replace(request, fields=(*kept, *token))


def _other_type(request: Request, rng: Random) -> Request:
    return replace(request, content_type=rng.choice(_TYPES))


def _other_bytes(request: Request, rng: Random) -> Request:
    coding = rng.choice(["latin-1", "utf-16", "utf-32", "shift_jis", "utf-7"])
    raw = "&".join(f"{name}={value}" for name, value in request.fields)
    return replace(request, body=raw.encode(coding, "ignore"))


def _broken_bytes(request: Request, rng: Random) -> Request:
    body = bytearray(request.data()[:200_000]) or bytearray(b"a=b")
    for _ in range(rng.randint(1, 8)):
        body[rng.randrange(len(body))] = rng.randrange(256)
    return replace(request, body=bytes(body[: rng.randint(1, len(body))]))


def _in_parts(request: Request, rng: Random) -> Request:
    parts = [_part(name, value, rng) for name, value in request.fields]
    end = rng.choice(["--", "", "\0"])
    body = "".join(parts) + f"--{BOUNDARY}{end}\r\n"
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    return replace(request, body=body.encode("utf-8", "surrogatepass"), content_type=kind)


def _part(name: str, value: str, rng: Random) -> str:
    """Write a field as a part: most as they should be, some as a file, some broken."""
    file = rng.choice(["", "", "", f'; filename="{rng.choice(STRINGS[:60])}"'])
    coding = rng.choice(["", "", "", "Content-Type: text/plain; charset=no-such\r\n"])
    gap = rng.choice(["\r\n"] * 9 + [""])
    about = f'Content-Disposition: form-data; name="{name}"{file}'
    return f"--{BOUNDARY}\\r\\n{about}\\r\\n{coding}{gap}{value}\\r\\n"


def _in_query(request: Request, rng: Random) -> Request:
    names = [name for name, _ in (*request.query, *request.fields)] or ["page"]
    return replace(
        request, query=(*request.query[: rng.randrange(9)], (rng.choice(names), text(rng)))
    )


def _other_query(request: Request, rng: Random) -> Request:
    if not request.query:
        return _in_query(request, rng)
    name, _ = rng.choice(request.query)
    return replace(
        request, query=tuple((n, text(rng) if n == name else v) for n, v in request.query)
    )


def _other_header(request: Request, rng: Random) -> Request:
    value = text(rng)[:2_000].encode("utf-8", "surrogatepass").decode("latin-1")
    value = "".join(sign for sign in value if sign.isprintable())
    return replace(request, headers=(*request.headers, (rng.choice(_HEADERS), value)))


def _as_htmx(request: Request, _rng: Random) -> Request:
    return replace(request, headers=(*request.headers, ("HX-Request", "true")))


def _elsewhere(request: Request, rng: Random) -> Request:
    """Put something else into one part of the address."""
    parts = request.path.split("/")
    place = rng.randrange(1, len(parts))
    other = quote_from_bytes(text(rng)[:500].encode("utf-8", "surrogatepass"), safe="")
    parts[place] = other or "."  # what begins with two slashes is another host to a client
    return replace(request, path="/".join(parts))


def _another_ref(request: Request, rng: Random) -> Request:
    """Name some other record, or none, by a ref that is one."""
    ref = str(UUID(int=rng.getrandbits(128), version=4))
    return replace(
        request,
        fields=tuple((n, ref if _is_ref(v) and rng.randrange(2) else v) for n, v in request.fields),
    )


def _is_ref(value: str) -> bool:
    return bool(re.fullmatch(r"[0-9a-f-]{36}", value))


def _one(request: Request, rng: Random) -> tuple[str, str]:
    others = [pair for pair in request.fields if pair[0] != "csrf_token"]
    return rng.choice(others) if others else (text(rng)[:40], "1")


def _mixed(fields: tuple[tuple[str, str], ...], rng: Random) -> tuple[tuple[str, str], ...]:
    return tuple(rng.sample(fields, len(fields)))


TWISTS: tuple[Callable[[Request, Random], Request], ...] = (
    *[_value] * 6, _twice, _dropped, _renamed, *[_count_of_nothing] * 2, _many, _no_token,
    _other_type, _other_bytes, _broken_bytes, *[_in_parts] * 2, _in_query, *[_other_query] * 2,
    _other_header, _as_htmx, _elsewhere, _another_ref,
)  # fmt: skip
"""Every twist, the likelier ones more often."""
