"""A printer for tests: reads ESC/POS strictly, and knows nothing of how HSH writes it.

It knows the few commands that any 80 mm receipt printer knows (initialise, bold, alignment, character size,
raster picture, native QR code, feed and cut) and printable ASCII. Any other byte is an error, as is a line or
picture that the paper is too narrow for, anything after the cut, and a QR code that was not set up.
"""

from __future__ import annotations

from dataclasses import dataclass, field

COLUMNS = 48
DOTS = 576
ESC, GS, LF = 0x1B, 0x1D, 0x0A
ALIGNMENTS = {0: "left", 1: "center", 2: "right"}


class BadBytesError(Exception):
    """A real printer would not print this as meant."""


@dataclass(frozen=True)
class Printed:
    """One line on paper. Width and height are multiples of the normal size."""

    text: str
    bold: bool
    align: str
    width: int
    height: int


@dataclass(frozen=True)
class Code:
    """A QR code on paper."""

    text: str
    align: str


@dataclass(frozen=True)
class Picture:
    """A raster on paper, so many dots wide and high, its rows from the top, a bit a dot."""

    width: int
    height: int
    bits: bytes

    @property
    def ink(self):
        """How many dots are black."""
        return sum(byte.bit_count() for byte in self.bits)


@dataclass
class _Printer:
    data: bytes
    at: int = 0
    text: str = ""
    bold: bool = False
    align: str = "left"
    width: int = 1
    height: int = 1
    paper: list[Printed | Code | Picture] = field(default_factory=list)
    qr: dict[int, bytes] = field(default_factory=dict)
    cut: bool = False

    def take(self, count: int = 1) -> bytes:
        got = self.data[self.at : self.at + count]
        if len(got) < count:
            raise BadBytesError(f"the data ends within a command at {self.at}")
        self.at += count
        return got

    def one_of(self, allowed: dict[int, object] | set[int]) -> int:
        value = self.take()[0]
        if value not in allowed:
            raise BadBytesError(f"argument {value:#x} at {self.at - 1}")
        return value

    def run(self) -> None:
        if self.take(2) != b"\x1b@":
            raise BadBytesError("the printer is not initialised first")
        while self.at < len(self.data):
            if self.cut:
                raise BadBytesError("something follows the cut")
            self.step()
        if not self.cut:
            raise BadBytesError("the paper is not cut")

    def step(self) -> None:
        byte = self.take()[0]
        if 0x20 <= byte <= 0x7E:
            self.text += chr(byte)
        elif byte == LF:
            self.print_line()
        elif self.text:
            raise BadBytesError(f"a command inside a line at {self.at - 1}")
        elif byte == ESC:
            self.escape()
        elif byte == GS:
            self.group()
        else:
            raise BadBytesError(f"byte {byte:#x} at {self.at - 1}")

    def print_line(self) -> None:
        if len(self.text) * self.width > COLUMNS:
            raise BadBytesError(f"wider than the paper: {self.text!r}")
        self.paper.append(Printed(self.text, self.bold, self.align, self.width, self.height))
        self.text = ""

    def escape(self) -> None:
        match self.take():
            case b"E":
                self.bold = bool(self.one_of({0, 1}))
            case b"a":
                self.align = ALIGNMENTS[self.one_of(set(ALIGNMENTS))]
            case other:
                raise BadBytesError(f"ESC {other!r}")

    def group(self) -> None:
        match self.take():
            case b"!":
                size = self.one_of({w << 4 | h for w in range(8) for h in range(8)})
                self.width, self.height = (size >> 4) + 1, (size & 15) + 1
            case b"V":
                if self.take(2) != b"B\x00":
                    raise BadBytesError("a cut without a feed")
                self.cut = True
            case b"v":
                self.picture()
            case b"(":
                self.two_dimensional()
            case other:
                raise BadBytesError(f"GS {other!r}")

    def picture(self) -> None:
        if self.take(2) != b"0\x00":
            raise BadBytesError("a raster that is not at one dot a dot")
        across, down = (int.from_bytes(self.take(2), "little") for _ in range(2))
        if not 0 < across * 8 <= DOTS or not 0 < down < 1024:
            raise BadBytesError(f"a raster of {across * 8} x {down} dots")
        self.paper.append(Picture(across * 8, down, self.take(across * down)))

    def two_dimensional(self) -> None:
        if self.take() != b"k":
            raise BadBytesError("GS ( that is no 2D code")
        low, high = self.take(2)
        body = self.take(low + 256 * high)
        if body[:1] != b"1" or len(body) < 3:
            raise BadBytesError("a 2D code that is no QR code")
        function, arguments = body[1], body[2:]
        if function == 81:
            self.print_qr(arguments)
        elif function in {65, 67, 69, 80}:
            self.qr[function] = arguments
        else:
            raise BadBytesError(f"QR function {function}")

    def print_qr(self, arguments: bytes) -> None:
        model, dots, correction, stored = (self.qr.get(n, b"") for n in (65, 67, 69, 80))
        if (arguments, model) != (b"0", b"2\x00") or correction not in {b"0", b"1", b"2", b"3"}:
            raise BadBytesError("a QR code that was not set up")
        if len(dots) != 1 or not 1 <= dots[0] <= 16 or stored[:1] != b"0" or len(stored) < 2:
            raise BadBytesError("a QR code of no size or without content")
        self.paper.append(Code(stored[1:].decode("ascii"), self.align))
        self.qr.clear()


def parse(data: bytes) -> list[Printed | Code | Picture]:
    """Return what would stand on the paper, or raise ``BadBytesError``."""
    printer = _Printer(data)
    printer.run()
    return printer.paper


def text(data: bytes) -> str:
    """Return the words on the paper, a line each."""
    return "\n".join(x.text for x in parse(data) if isinstance(x, Printed))
