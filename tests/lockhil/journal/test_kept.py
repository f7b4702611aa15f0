"""A journal's file: what is in it stays, what was torn goes, what was changed is refused."""

import os
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lockhil.journal import kept as module
from lockhil.journal.kept import InUseError, Kept, NotKeptError, open_kept
from lockhil.journal.reader import Slot
from lockunit.records import SIZE
from tests.lockunit.journals import TornBoard, add_event, boot


def _slots(count: int) -> list[Slot]:
    board = TornBoard()
    made = boot(board)
    for number in range(count):
        add_event(made, number)
    data = board.stored["j00000001"]
    return [Slot(n // SIZE + 1, data[n : n + SIZE]) for n in range(0, len(data), SIZE)]


SLOTS = _slots(12)
DAMAGED = Slot(14, bytes(SIZE))


def _file(folder: Path, slots: list[Slot]) -> Path:
    path = folder / "journal"
    path.unlink(missing_ok=True)
    with open_kept(path) as kept:
        kept.begin("T-1", 1)
        kept.add(slots)
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


def test_it_goes_on_where_it_ended(folder: Path) -> None:
    path = _file(folder, SLOTS[:5])
    with open_kept(path) as kept:
        assert (kept.unit, kept.first, kept.slots, kept.torn) == ("T-1", 1, SLOTS[:5], 0)
        kept.add(SLOTS[5:])
        kept.add([DAMAGED])
        kept.add([])
    assert Kept(path).slots == [*SLOTS, DAMAGED]


@given(cut=st.integers(1, 2_000), zeros=st.integers(0, 9))
@example(cut=1, zeros=0)
def test_cut_anywhere_it_holds_what_was_whole_and_goes_on(
    folder: Path, cut: int, zeros: int
) -> None:
    path = _file(folder, SLOTS)
    whole = path.read_bytes()
    first = whole.index(b"\n") + 1
    left = whole[: max(first, len(whole) - cut)]
    path.write_bytes(left + bytes(zeros))
    with open_kept(path) as kept:
        held = kept.slots
        assert held == SLOTS[: left.count(b"\n") - 1]
        assert kept.torn == len(left) - left.rindex(b"\n") - 1 + zeros
        # Looking changes nothing.
        assert path.read_bytes() == left + bytes(zeros)
        kept.add(SLOTS[len(held) :])
    assert len(held) == len(SLOTS) or path.read_bytes() == whole


@given(place=st.integers(0, 1_700), other=st.integers(1, 255))
def test_a_changed_byte_is_refused_and_nothing_is_overwritten(
    folder: Path, place: int, other: int
) -> None:
    path = _file(folder, SLOTS)
    data = bytearray(path.read_bytes())
    place %= len(data) - 1
    data[place] ^= other
    path.write_bytes(data)
    if place < data.index(b"\n") and b'"T-1"' not in data:
        return  # another unit's name: who has the unit sees that
    with pytest.raises(NotKeptError), open_kept(path):
        pass
    assert path.read_bytes() == data


@pytest.mark.parametrize(
    "content",
    [b"", b"\0\0", b"x", b"# notes\n", b"{}\n", b"[" * 9_999 + b"\n", b'{"format":"other/1"}\n'],
)
def test_a_foreign_file_is_refused_and_stays(folder: Path, content: bytes) -> None:
    path = folder / "foreign"
    path.write_bytes(content)
    with pytest.raises(NotKeptError), open_kept(path):
        pass
    assert path.read_bytes() == content


def test_lines_that_change_places_or_come_twice_are_refused(folder: Path) -> None:
    path = _file(folder, SLOTS)
    lines = path.read_bytes().splitlines(keepends=True)
    for wrong in ([lines[0], lines[2], lines[1]], [*lines[:3], lines[2]]):
        path.write_bytes(b"".join(wrong))
        with pytest.raises(NotKeptError, match="stands behind"), open_kept(path):
            pass
    path.write_bytes(b"".join([*lines, b"later than the last line of all, and nobody's"]))
    with pytest.raises(NotKeptError, match="never one"), open_kept(path):
        pass


def test_two_at_once_dont_write_into_one_file(folder: Path) -> None:
    path = _file(folder, SLOTS)
    with open_kept(path), pytest.raises(InUseError), open_kept(path):
        pass


@pytest.mark.parametrize("at", ["write", "fsync"])
def test_a_full_disk_takes_nothing_back_that_was_there(
    folder: Path, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _file(folder, SLOTS[:3])
    before = path.read_bytes()

    def full(file: int, data: bytes = b"") -> int:
        if data:
            os_write(file, data[:70])
        raise OSError(28, "No space left on device")

    os_write = os.write
    with open_kept(path) as kept:
        monkeypatch.setattr(module.os, at, full)
        with pytest.raises(OSError, match="No space"):
            kept.add(SLOTS[3:])
        monkeypatch.undo()
        assert path.read_bytes() == before
        kept.add(SLOTS[3:5])
    assert Kept(path).slots == SLOTS[:5]
