"""Which bytes are text: as strict as CPython, and in our own words, on every interpreter."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lockunit.jsonline import parse

# Around each border of the table of well-formed sequences.
LEADS = [0x7F, 0x80, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5]
NEXTS = [0x22, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0]


def _check(inner: bytes) -> None:
    line = b'"' + inner + b'"'
    try:
        wanted = line.decode()
    except UnicodeDecodeError:
        with pytest.raises(ValueError, match=r"^not UTF-8$"):
            parse(line)
    else:
        assert parse(line) == wanted[1:-1]


@pytest.mark.parametrize("lead", LEADS)
@pytest.mark.parametrize("tail", [b"", b"\x80", b"\x80\x80", b"\x80A", b"\xbf\xbf", b"\xc0\x80"])
def test_at_each_border(lead: int, tail: bytes) -> None:
    for second in NEXTS[1:]:
        _check(bytes((lead, second)) + tail)


@given(st.binary(max_size=8).map(lambda raw: bytes(byte | 0x80 for byte in raw)))
@example("\ud7ff\ue000\uffff\U00010000\U0010ffff".encode())
def test_any_bytes(raw: bytes) -> None:
    _check(raw)


@pytest.mark.parametrize("cut", ["å".encode()[:1], "€".encode()[:2], "😀".encode()[:3]])
def test_cut_short_at_the_very_end(cut: bytes) -> None:
    with pytest.raises(ValueError, match=r"^not UTF-8$"):
        parse(cut)
