"""The firmware stays within `limits.toml`."""

from pathlib import Path

import pytest

from lockhil.bench import NotOnThisBenchError
from lockhil.virtual.child_process import HEAP
from lockhil.virtual.interpreter import interpreter
from tests.memory import figures
from tests.memory.hardday import hard_day, survives
from tests.memory.ports import Port, modules


@pytest.fixture
def _virtual() -> None:
    try:
        interpreter()
    except NotOnThisBenchError as reason:
        pytest.skip(str(reason))


def test_the_modules_fit_the_flash() -> None:
    total = sum(map(len, modules().values()))
    assert figures.beyond(figures.LIMITS["size"], {"total": total}) == []


@pytest.mark.usefixtures("_virtual")
def test_the_whole_firmware_lives_through_a_hard_day_in_its_heap() -> None:
    hard_day(figures.LIMITS["heap"]["virtual"])


@pytest.mark.usefixtures("_virtual")
def test_a_heap_that_is_too_small_is_noticed() -> None:
    # Half of it: enough to boot the interpreter, not the firmware.
    assert not survives(figures.LIMITS["heap"]["virtual"] // 2)


def test_the_target_virtual_has_what_the_day_needs() -> None:
    assert HEAP.endswith("k")
    assert int(HEAP[:-1]) * 1_024 > figures.LIMITS["heap"]["virtual"]


def test_the_core_stays_within_its_limits(port: Port, firmware: Path) -> None:
    found = figures.day(port, firmware).bytes()
    assert figures.beyond(figures.LIMITS["core"][port.name], found) == []


def test_what_is_beyond_a_limit_is_told() -> None:
    limits = {"code": 5, "booted": 6}
    assert figures.beyond(limits, {"code": 6, "booted": 6}) == ["code: 6 bytes, at most 5"]
