"""Bytes gone wrong on the link: a short run of `make fuzz`."""

import json
from itertools import islice

import pytest

from tests.fuzz.lines import MEGABYTE, Lines
from tests.fuzz.link import MAIN, fuzz, heap
from tests.lockhil.virtual.rig import board


def test_nothing_stops_the_unit_and_nothing_grows() -> None:
    outcome = fuzz(600)
    assert outcome.answers > 300


@pytest.mark.parametrize("escaped", [True, False])
def test_ever_new_characters_leave_nothing_behind(escaped: bool) -> None:
    with board(MAIN) as rig:
        for number in range(100):
            first = 0x4E00 + 60 * number
            text = "".join(map(chr, range(first, first + 60)))
            asked = {"jsonrpc": "2.0", "id": text, "method": "unit.hello"}
            line = json.dumps(asked, ensure_ascii=escaped)
            rig.world.receive(line.encode() + b"\n" + f'"\\u{text[:4]}"\n'.encode())
            rig.world.run(10)
            if number == 10:
                before = heap(rig)[-1]
        assert heap(rig)[-1] <= before + 512
        assert sum(event.v.startswith('{"jsonrpc":"2.0","id":"') for event in rig.seen("tx")) == 100


def test_the_bytes_are_of_every_kind() -> None:
    some = list(islice(iter(Lines(1).next, None), 3_000))
    assert len(MEGABYTE) > 2**20
    assert any(not data.endswith(b"\n") for data in some)
    assert any(data.count(b"\n") > 1 for data in some)
    assert any(len(data) > 5_000 for data in some)
    assert any(b'"method": "bolt.unlock"' in data for data in some)
    assert any(not _is_text(data) for data in some)


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
