"""Bytes gone wrong on the link: a short run of `make fuzz`."""

import json
from itertools import islice

import pytest

from locksim.mainloop import FirmwareCrashError
from lockunit import ccm
from lockunit.gate import Gate
from lockunit.handshake import Handshake
from lockunit.session import Session
from tests.fuzz.lines import MEGABYTE, Lines
from tests.fuzz.link import KINDS, MAIN, Kind, Production, fuzz, heap
from tests.lockhil.virtual.rig import board


def test_nothing_stops_the_unit_and_nothing_grows() -> None:
    outcome = fuzz(200)
    assert outcome.answers > 100


@pytest.mark.parametrize("kind", KINDS.values())
def test_the_core_alone_takes_more_of_it(kind: Kind) -> None:
    fuzz(499, kind=kind, core=True)


@pytest.mark.parametrize("kind", [KINDS["production"], KINDS["holder"]])
def test_a_board_with_a_key_does_what_the_core_does(kind: Kind) -> None:
    assert fuzz(100, kind=kind).answers > 80


def _any_number(self: Session, now: int, number: int, n: int, sealed: bytes) -> bytes | None:
    """As `Session.open`, whatever the line's number is."""
    self._in = n if n >= 0 else self._in
    return OPEN(self, now, number, n, sealed)


OPEN = Session.open
FAULTS = {
    "a method for anybody": (Gate, "shut", lambda *_: False),
    "any proof": (Handshake, "holds", lambda *_: True),
    "no tag": (ccm, "same", lambda *_: True),
    "a line said before": (Session, "open", _any_number),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_hole_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*FAULTS[name])
    with pytest.raises((AssertionError, FirmwareCrashError)):
        fuzz(3_000, kind=Production, core=True)


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
