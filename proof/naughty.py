"""What people type who mean no good, or whose keyboards are broken.

What must never come back as markup bears a mark that can be looked for.
"""

from __future__ import annotations

import re
from random import Random

MARK = "hsh-mark"
_UNESCAPED = re.compile(
    rf"<{MARK}|[\"'] {MARK}=|(?:href|src|action|hx-[a-z]+)=[\"']?\s*javascript:", re.IGNORECASE
)

MARKUP = (
    f"<{MARK}>", f'" {MARK}="1', f"' {MARK}='1", f"</script><{MARK}>",
    f"</textarea></select></title><{MARK}>", f"--><{MARK}>", f"javascript:alert('{MARK}')",
    f"//{MARK}.example/", f"/\\{MARK}.example", f"https://{MARK}.example/",
)  # fmt: skip

_TEXT = (
    "", " ", "\t", "\n", "\0", "a\0b", "\x07\x1b[31m", "\x1b@\x1dV\x00", "\x7f\x80\x9b",
    "\r\nX-Hsh: 0", "\N{RIGHT-TO-LEFT OVERRIDE}gpj", "\u2028", "\ufeff", "\ud800", "\udcff",
    "Z\u0301\u0302" * 40, "\N{GRINNING FACE}" * 40,
    "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 40,
    "\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}", "\N{LATIN SMALL LIGATURE FFI}", "\N{KELVIN SIGN}",
    "' OR 1=1 --", '"; DROP TABLE stock_moves; --', "%", "_", "\\", "{{ 7 * 7 }}", "{% raw %}",
    "${jndi:ldap://x}", "%(name)s", "%s%n", "../../../etc/passwd", "file:///etc/passwd", "|ls",
    "`id`", "=1+1", "@SUM(A1)", "[]", "{}", "null", "true", '{"a":1}', "undefined", "None",
    "x" * 201, "x" * 1001, "x" * 65_536, "x" * 300_000,
)  # fmt: skip

_NUMBERS = (
    "-1", "-0", "+1", "00", "1e3", "1.5", "1,000", " 1 ", "0x10", "1_000", "NaN", "Infinity",
    "-Infinity", "\N{ARABIC-INDIC DIGIT ONE}", "\N{SUPERSCRIPT TWO}", "\N{FULLWIDTH DIGIT ONE}",
    "9" * 9, "9" * 10, "9" * 19, "9" * 40, "9" * 5_000, "0.00001", "-9999999999999999",
    "2147483648", "9223372036854775808",
)  # fmt: skip

_DAYS = (
    "0000-00-00", "0001-01-01", "9999-12-31", "2026-02-30", "2026-13-01", "20261120", "2026-W01-1",
    "1999-12-31", "2101-01-01", "2026-11-20T25:00:00+08:00", "2026-11-20T12:00:00", "-2026-11-20",
    "2026-11-20T12:00:00+99:99", "0001-01-01T00:00:00+23:59", "2100-12-31T23:59:59-23:59",
    "b2026-02-30.1", "b2026-11-20.999999999999999999", "a9999-12-31.0", "b0001-01-01.0",
)  # fmt: skip

_REFS = (
    "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "{01234567-89ab-cdef-0123-456789abcdef}", "urn:uuid:01234567-89ab-cdef-0123-456789abcdef",
    "0123456789abcdef0123456789abcdef", "01234567-89ab-cdef-0123-456789abcde", "1",
    "\N{FULLWIDTH DIGIT ZERO}1234567-89ab-cdef-0123-456789abcdef",
)  # fmt: skip

STRINGS = (*MARKUP, *_TEXT, *_NUMBERS, *_DAYS, *_REFS)
_TOPS = (0x20, 0x80, 0x100, 0x800, 0x3000, 0x10000, 0x110000)


def text(rng: Random) -> str:
    """Return something to type: a known trap, a mark, or noise."""
    match rng.randrange(4):
        case 0:
            return rng.choice(MARKUP)
        case 1:
            return noise(rng, rng.randrange(1, 60))
    return rng.choice(STRINGS)


def noise(rng: Random, length: int) -> str:
    """Return any characters at all."""
    return "".join(chr(rng.randrange(rng.choice(_TOPS))) for _ in range(length))


def unescaped(page: str) -> str | None:
    """Return where a mark came back as markup, or None."""
    found = _UNESCAPED.search(page)
    return page[max(0, found.start() - 60) : found.end() + 60] if found else None
