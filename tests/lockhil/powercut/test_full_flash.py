"""Acknowledged on a flash without a free block: wherever power goes, nothing is told as missing."""

import shutil
from dataclasses import replace
from pathlib import Path

from lockhil.firmware import FirmwareError
from lockhil.journal.reader import acknowledge, pages
from lockhil.powercut.flash import BLOCK
from lockhil.powercut.journals import journal_of
from lockhil.powercut.scenario import Scenario
from lockhil.powercut.sweep import all_violations, every, last, plan, sweep
from lockhil.targets import Target
from lockhil.virtual.image import SIZE
from lockunit.segments import PER_SEGMENT
from tests.full import FULL, slow

FIRMWARE = Path(__file__).parents[3] / "firmware"
SLOW = slow("sweeps a planted fault for 10 s")
_STORED = {**journal_of(PER_SEGMENT, PER_SEGMENT, 5), "kind": b"door"}


def _acknowledges(unit: Target) -> None:
    """A reader takes what there is and acknowledges it; then there is room for what happens."""
    unit.bench.clock.advance(seconds=1)
    read = [*pages(unit.link)]
    assert read[-1].held.refused > 0, "it had room after all"
    acknowledge(unit.link, read[-1].slots[-1].seq)
    unit.bench.thumb_turn("unlocked")
    unit.bench.clock.advance(seconds=1)
    held = unit.link.call("journal.read", after=0)
    assert (held["first"], held["refused"]) == (2 * PER_SEGMENT + 1, 0)


_SCENARIO = Scenario(
    "acknowledged when full",
    "a reader acknowledges where the flash has no free block",
    _acknowledges,
    stored=_STORED,
)


def _full() -> Scenario:
    """The scenario with a file that takes all the blocks that are left."""
    least, most = 100, SIZE // BLOCK
    while most - least > 1:
        middle = (least + most) // 2
        try:
            _filled(middle).image(None)
            least = middle
        except FirmwareError:
            most = middle
    return _filled(least)


def _filled(blocks: int) -> Scenario:
    # In each of its blocks LittleFS keeps some pointers.
    return replace(_SCENARIO, files={"fill": bytes(blocks * (BLOCK - 8))})


def test_nothing_that_was_acknowledged_is_told_as_missing() -> None:
    planned = plan(_full())
    assert planned.uncut.died == ""
    most = 16 if FULL else 4
    (swept,) = last(sweep([every(planned, most)]))
    assert swept.total >= most * 3 // 4
    # Until there is room it says so; that is no harm that the cut did.
    full = "after the cut it refuses ['journal']"
    assert [str(one) for one in all_violations([swept]) if one.seen != full] == []


@SLOW
def test_freed_before_it_is_stored_would_be(tmp_path: Path) -> None:
    copy = tmp_path / "firmware"
    shutil.copytree(FIRMWARE, copy)
    source = (copy / "lockunit/journal.py").read_text()
    good = "            self._store_counter()\n            self._free()\n"
    assert source.count(good) == 1
    bad = "            self._free()\n            self._store_counter()\n"
    (copy / "lockunit/journal.py").write_text(source.replace(good, bad))
    for swept in sweep([plan(_full(), copy)]):
        if any("missing: 1 to 64" in one.seen for one in swept[0].violations):
            return
    raise AssertionError("nobody noticed")
