"""The strict parser must itself be able to say no."""

import pytest

from tests.escpos_parser import BadBytesError, Code, Printed, parse

QR = b"\x1d(k\x04\x001A2\x00\x1d(k\x03\x001C\x06\x1d(k\x03\x001E1\x1d(k\x05\x001P0AB\x1d(k\x03\x001Q0"
CUT = b"\x1dVB\x00"


def test_it_reads_what_a_printer_prints():
    paper = parse(b"\x1b@\x1ba\x01\x1bE\x01\x1d!\x11Hi\n" + QR + CUT)
    assert paper == [
        Printed("Hi", bold=True, align="center", width=2, height=2),
        Code("AB", "center"),
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"Hi\n" + CUT,
        b"\x1b@Hi\n",
        b"\x1b@Hi\n" + CUT + b"\n",
        b"\x1b@" + b"x" * 49 + b"\n" + CUT,
        b"\x1b@\x1d!\x10" + b"x" * 25 + b"\n" + CUT,
        b"\x1b@caf\xe9\n" + CUT,
        b"\x1b@a\tb\n" + CUT,
        b"\x1b@\x1bp\x00\x19\xfa" + CUT,
        b"\x1b@\x1bE\x02" + CUT,
        b"\x1b@a\x1bE\x01b\n" + CUT,
        b"\x1b@\x1d(k\x03\x001Q0" + CUT,
        b"\x1b@\x1d(k\xff\x001P0AB" + CUT,
        b"\x1b@\x1dV\x00",
        b"\x1b@\x1dv0\x00\x49\x00\x01\x00" + b"\0" * 73 + CUT,
        b"\x1b@\x1dv0\x01\x01\x00\x01\x00x" + CUT,
        b"\x1b@\x1dv0\x00\x01\x00\x02\x00x",
        b"\x1b@\x1dv0\x00\x01\x00\x00\x00" + CUT,
        b"\x1b@a\x1dv0\x00\x01\x00\x01\x00x\n" + CUT,
    ],
)
def test_it_refuses_what_a_printer_would_not_print_as_meant(data):
    with pytest.raises(BadBytesError):
        parse(data)
