"""Readers take whatever bytes there are: a short run of `make fuzz-host`, and what it found."""

import pytest

from tests.fuzz.host import blind
from tests.fuzz.parsers import PARSERS

# What a longer run found, made short.
_VCD = b"$timescale 1 ms $end $var wire 1 ! load $end $enddefinitions $end #0 0! #9 1! "
FOUND = [
    ("vcd", _VCD + b"$var wire 1 ! led.red $end #10 0!\n"),
    ("client", b'{"jsonrpc":"2.0","id":1,"result":{"unit":"SIM-0001"}}\n'),
    ("client", b'{"jsonrpc":"2.0","id":1,"result":{"result":"done","m2":"A"}}\n'),
    ("client", b'{"jsonrpc":"2.0","id":1,"result":{"result":"done","m2":"\\u00e5"}}\n'),
]


@pytest.mark.parametrize("name", PARSERS)
def test_a_reader_understands_or_refuses(name: str) -> None:
    blind(name, 60)


@pytest.mark.parametrize(("name", "data"), FOUND)
def test_what_was_found_is_refused(name: str, data: bytes) -> None:
    assert not PARSERS[name].take(data)
