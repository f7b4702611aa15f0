"""The air around a unit, for the tests that need one: phones, range, adverts."""

from typing import TYPE_CHECKING, Any

from lockhil.bench import NotOnThisBenchError
from lockhil.targets.base import Target

if TYPE_CHECKING:
    from lockhil.client import Link
    from lockhil.targets.airbench import Radio

_UUID = "0000{}-0000-1000-8000-00805f9b34fb"
LEVEL, STATUS = _UUID.format("2a19"), _UUID.format("2bed")
ABOUT = [_UUID.format(short) for short in ("2a29", "2a24", "2a26", "2a27")]
SERIAL = _UUID.format("2a25")
HELLO = b'{"jsonrpc":"2.0","id":7,"method":"unit.hello"}\n'


def air_of(unit: Target) -> "Radio":
    """The air. NotOnThisBenchError."""
    if unit.name != "ble:virtual":
        raise NotOnThisBenchError("needs the air around a unit: run this on ble:virtual")
    radio: Radio = unit.bench.radio  # type: ignore[attr-defined]
    return radio


def said(unit: Target, link: "Link", *pieces: bytes, ms: int = 1_000) -> list[bytes]:
    """What a link hears from its first piece on, sent one by one, until so long after the last."""
    before = len(link.lines)
    for piece in pieces:
        link.send_raw(piece)
    unit.bench.clock.advance(ms=ms)
    return link.lines[before:]


def runs(unit: Target, mark: int) -> list[Any]:
    """How often the motor was started since a mark of the bench, and which way."""
    return [e.v for e in unit.bench.since(mark) if e.ch == "motor" and e.v]
