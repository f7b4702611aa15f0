"""Visits that follow each other: what is acknowledged is on the disk, what is wrong is named."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lockhil.journal.check import CHANGED, CUT_OFF, MISSING, UNCHAINED
from lockhil.journal.kept import Kept, open_kept
from lockhil.journal.reader import acknowledge
from lockhil.journal.visit import OtherUnitError, Visited, visit
from lockhil.targets import Target, open_target
from lockhil.targets.inworld import WorldBench
from locksim.world import World


class Visitor:
    """A unit, and a file for its journal."""

    def __init__(self, unit: Target, file: Path) -> None:
        self.unit, self.file = unit, file
        assert isinstance(unit.bench, WorldBench)
        self.world: World = unit.bench.world

    def moves(self, count: int) -> None:
        for number in range(count):
            self.unit.bench.thumb_turn(("unlocked", "locked")[number % 2])
            self.unit.bench.clock.advance(seconds=1)

    def visits(self, *, ack: bool = True) -> Visited:
        with open_kept(self.file) as kept:
            return visit(self.unit.link, [self.unit.bench.journal_key()], kept, ack=ack)

    def found(self) -> list[tuple[str, int, int]]:
        """What a visit finds, which acknowledges nothing then."""
        done = self.visits()
        assert done.acked is None
        return [(f.what, f.first, f.last) for f in done.findings]

    def edit(self, change: Callable[[list[bytes]], object]) -> None:
        lines = self.file.read_bytes().splitlines(keepends=True)
        change(lines)
        self.file.write_bytes(b"".join(lines))


@contextmanager
def visitor(file: Path, **options: object) -> Iterator[Visitor]:
    with open_target("sim", relock_ms=0, **options) as unit:
        yield Visitor(unit, file)


def test_visits_go_on_in_one_file_and_all_of_it_is_verified(tmp_path: Path) -> None:
    with visitor(tmp_path / "j") as one:
        for _ in range(4):
            one.moves(100)
            done = one.visits()
            assert done.findings == ()
            assert done.acked == len(Kept(one.file).slots) == done.checker.verified
        assert done.held.first > 64, "nothing was freed"
        assert [slot.seq for slot in Kept(one.file).slots] == [*range(1, done.held.last + 1)]


def test_nothing_is_acknowledged_that_isnt_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with visitor(tmp_path / "j") as one:
        one.moves(70)
        synced: list[int] = []
        fsync = os.fsync

        def seen(file: int) -> None:
            fsync(file)
            synced.append(os.fstat(file).st_size)

        monkeypatch.setattr(os, "fsync", seen)
        begin = one.unit.link.begin

        def asks(method: str, **params: int) -> int:
            if method == "journal.ack":
                assert one.file.stat().st_size == synced[-1]
                assert Kept(one.file).slots[-1].seq == params["upto"]
                synced.append(-1)
            return begin(method, **params)

        monkeypatch.setattr(one.unit.link, "begin", asks)
        done = one.visits()
        assert done.acked == done.held.last > 70
        assert synced[-1] == -1


def test_a_disk_that_refuses_leaves_the_unit_its_records(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with visitor(tmp_path / "j") as one:
        one.moves(70)

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(Kept, "_write", full)
        with pytest.raises(OSError, match="No space"):
            one.visits()
        monkeypatch.undo()
        done = one.visits()
        assert (done.held.first, done.held.acked, done.findings) == (1, 0, ())


def test_a_unit_that_lost_what_was_read_is_found_out(tmp_path: Path) -> None:
    with visitor(tmp_path / "j") as one:
        one.moves(20)
        earlier = dict(one.world.storage)
        one.moves(20)
        one.visits(ack=False)
        # Somebody put an earlier flash back.
        one.world.storage = earlier
        one.unit.bench.reset()
        one.unit.bench.clock.advance(seconds=1)
        assert one.found() == [(CUT_OFF, 24, 42)]
        one.moves(30)
        before = one.file.read_bytes()
        assert one.found() == [(CHANGED, 42, 42)]
        assert one.file.read_bytes() == before, "two histories in one file"


def test_lines_taken_out_of_the_file_are_missed_by_their_numbers(tmp_path: Path) -> None:
    with visitor(tmp_path / "j") as one:
        one.moves(300)
        one.visits()
        whole = one.file.read_bytes()
        one.edit(lambda lines: lines.pop(40))
        assert one.found()[0] == (MISSING, 40, 40)
        assert one.found()[1][0] == UNCHAINED
        # A whole segment, which no signature misses, and which was acknowledged.
        one.file.write_bytes(whole)
        one.edit(lambda lines: lines.__delitem__(slice(65, 129)))
        assert one.found() == [(MISSING, 65, 128)]
        one.file.write_bytes(whole)
        one.edit(lambda lines: lines.__delitem__(slice(1, 65)))
        assert one.found() == [(MISSING, 1, 64)]
        # The newest, as far as the unit holds them still, are read again.
        one.file.write_bytes(whole)
        one.edit(lambda lines: lines.__delitem__(slice(-20, None)))
        assert one.visits().findings == ()
        one.file.write_bytes(whole)
        one.edit(lambda lines: lines.__delitem__(slice(-100, None)))
        assert one.found()[0][0] == MISSING


def test_a_record_that_somebody_wrote_into_the_file_is_forged(tmp_path: Path) -> None:
    with visitor(tmp_path / "a") as one, visitor(tmp_path / "b", seed=1) as other:
        for each in (one, other):
            each.moves(20)
            each.visits()
        theirs = other.file.read_bytes().splitlines(keepends=True)
        one.edit(lambda lines: lines.__setitem__(7, theirs[7]))
        # The one behind it is chained to the true one.
        assert [what for what in one.found() if what[1] in (7, 8)] == [("forged", 7, 8)]


def test_what_another_reader_acknowledged_is_missed(tmp_path: Path) -> None:
    with visitor(tmp_path / "j") as one:
        one.moves(10)
        one.visits()
        one.moves(150)
        acknowledge(one.unit.link, 150)
        done = one.visits()
        (gap,) = done.findings
        assert (gap.what, gap.first, gap.last, done.acked) == (MISSING, 13, 128, None)
        assert "another file" in gap.text
        # A file that is begun after that misses nothing.
        one.file.unlink()
        assert one.visits().findings == ()


def test_another_units_file_is_refused_and_stays(tmp_path: Path) -> None:
    with visitor(tmp_path / "j") as one:
        one.visits()
        before = one.file.read_bytes()
        with visitor(one.file, unit_id="SIM-0002") as other:
            with pytest.raises(OtherUnitError, match=r"SIM-0001.*SIM-0002"):
                other.visits()
            assert other.unit.link.call("journal.read", after=0)["acked"] == 0
        assert one.file.read_bytes() == before
        assert json.loads(before.splitlines()[0])["unit"] == "SIM-0001"
