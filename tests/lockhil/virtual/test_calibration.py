"""A converter that is off, and a calibration that repairs it or is refused: in MicroPython."""

import json
import random
from typing import Any
from zlib import crc32

import pytest

from lockunit import board as port
from tests.lockhil.virtual import rig
from tests.lockhil.virtual.rig import WIRING, say
from tests.lockhil.virtual.test_drivers import NOTING

ONE = 1 << 14
FULL = WIRING["taps"]["full_mv1"]
READS = "say([[board.read_mv(0), board.read_mv(-1)], list(board.refused)])\n"


def stored(fits: object) -> bytes:
    data = json.dumps(fits).encode()
    return data + crc32(data).to_bytes(4, "little")


def reads(calibration: bytes | None) -> Any:
    files = {} if calibration is None else {"data/calibration": calibration}
    (told,) = say(NOTING + READS, files)
    return told


@pytest.fixture
def off(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lowest tap reads 5 % more, less 30 mV."""
    monkeypatch.setattr(
        rig, "WIRING", {**WIRING, "off": {str(WIRING["taps"]["pin1"]): [1_050, -30]}}
    )


@pytest.mark.usefixtures("off")
def test_a_fit_repairs_a_converter_that_is_off() -> None:
    assert reads(None) == [[3_120, 6_000], []]
    # (3120 + 30) / 1.05: the gain and offset that undo it.
    fit = [FULL, round(ONE / 1.05), round(30 / 1.05)]
    (lowest, pack), refused = reads(stored({"tap1": fit}))
    assert (abs(lowest - 3_000) <= 1, pack, refused) == (True, 6_000, [])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "isn't whole"),
        (b"{}", "isn't whole"),
        (stored({"tap1": [FULL, ONE, 0]})[:-1], "isn't whole"),
        (b"x" + stored({"tap1": [FULL, ONE, 0]}), "isn't whole"),
        (stored([1]), "checksum"),
        (stored({"tap1": 5}), "checksum"),
        (stored({"tap1": [FULL, ONE]}), "checksum"),
        (stored({"tap1": [FULL, 1.0, 0]}), "whole numbers"),
        (stored({"tap1": [FULL, ONE * 121 // 100, 0]}), "within 20 %"),
        (stored({"tap1": [FULL, ONE * 79 // 100, 0]}), "within 20 %"),
        (stored({"tap1": [FULL, ONE, FULL // 20 + 1]}), "within 5 %"),
        (stored({"tap1": [FULL + 1, ONE, 0]}), "full scale of"),
    ],
)
def test_one_that_can_t_be_trusted_is_named_and_nothing_is_measured(
    content: bytes, says: str
) -> None:
    """PWR-2: what isn't measured is unknown; it never passes for a good pack."""
    (lowest, _), refused = reads(content)
    assert lowest == port.FAILED
    assert [name for name, _ in refused] == ["calibration"]
    assert says in refused[0][1]


def test_with_one_that_is_refused_the_diagnostic_gives_no_verdict() -> None:
    with rig.board(None, {"data/calibration": b"broken"}) as unit:
        unit.world.run(1_000)
        unit.world.press()
        unit.world.run(31_000)
        assert [event.v for event in unit.seen("led.green")] == [0, 1, 0]
        assert [event.v for event in unit.seen("led.red")] == [0]


def test_a_fit_is_applied_as_the_sum_says() -> None:
    chance = random.Random(1)
    gains = (ONE * 80 // 100 + 1, ONE, ONE * 120 // 100)
    rows = [(v, g, o) for v in (0, 1, 16_383) for g in gains for o in (-819, 0, 819)]
    rows += [
        (chance.randint(0, 16_383), chance.randint(gains[0], gains[2]), chance.randint(-819, 819))
        for _ in range(80)
    ]
    main = f"from lockboards.calibration import fitted\nsay([fitted(v,(g,o)) for v,g,o in {rows}])"
    (told,) = say(main)
    wanted = [max(0, (v * g + ONE // 2) // ONE + o) for v, g, o in rows]
    assert told == wanted
    # So no 32-bit board allocates for it.
    assert all(v * g + ONE // 2 < 1 << 30 for v, g, _ in rows)


def test_a_converter_in_microvolts_is_read_to_its_own_full_scale() -> None:
    main = """
from lockboards.analog import Channel
from machine import Pin
channel = Channel(33, 9_882, {"full_mv": 2450, "atten": 3, "microvolts": 1})
class Adc:
    def read_uv(self):
        return uv
channel._adc = Adc()
said = []
for uv in (0, 142_000, 1_225_000, 2_449_000, 2_450_000, 3_100_000):
    said.append(channel.read())
say(said)
"""
    assert say(main) == [[0, 573, 4_941, 9_878, port.FAILED, port.FAILED]]
