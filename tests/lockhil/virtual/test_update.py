"""An update over the link, on a board's own flash: which of its files change, and which never."""

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from lockhil.client import RpcError
from lockhil.firmware import laid_out
from lockhil.session.credentials import LockKey
from lockhil.session.link import SealedLink
from lockhil.suite.observe import acting_as
from lockhil.suite.update import carrier, small, update_for
from lockhil.targets.base import Target
from lockhil.targets.inworld import target_in
from lockhil.targets.onboard import BoardBench
from lockhil.targets.options import Options
from lockhil.virtual.image import SIZE, build
from lockhil.virtual.interpreter import CHILD, interpreter
from lockhil.virtual.loop import VirtualLoop
from locksim.timeline import Timeline
from tests.lockhil.virtual.rig import WIRING

# On another board's flash all of this is the other slot's rubbish.
RUBBISH = {"b/lockunit/unit.mpy": b"old", "b/lockunit/more/x": b"x", "b/notes.txt": b"n" * 9_000}
# What a session and its end write by themselves.
OWN = ("/data/battery", "/data/j0", "/data/counter.", "/data/bound.", "/data/key.journal")
_LIST = """
import hashlib, os, sys, vfs
sys.path.append({child!r})
from disk import FileDisk
vfs.mount(vfs.VfsLfs2(FileDisk({disk!r})), "/made")
def walk(folder):
    for name, kind, *_ in os.ilistdir("/made" + folder):
        place = folder + "/" + name
        if kind == 0x4000:
            walk(place)
        else:
            with open("/made" + place, "rb") as file:
                print(place, hashlib.sha256(file.read()).digest().hex())
walk("")
"""


@dataclass(frozen=True, slots=True)
class Board:
    """A production unit in a service session, and its flash."""

    unit: Target
    disk: Path

    def files(self) -> dict[str, str]:
        """The hash of each file on it, without what sessions and records leave."""
        with TemporaryDirectory() as folder:
            copy = Path(folder) / "flash.img"
            shutil.copyfile(self.disk, copy)
            code = _LIST.format(child=str(CHILD), disk=str(copy))
            words = [*interpreter(), "-c", code]
            told = subprocess.run(words, capture_output=True, text=True, check=True).stdout
        found = dict(row.split(" ") for row in told.splitlines())
        return {place: digest for place, digest in found.items() if not place.startswith(OWN)}


@contextmanager
def board(files: Mapping[str, bytes] = RUBBISH, **options: Any) -> Iterator[Board]:
    begin = Options(sealed=True, role="service", **options)
    own = {"settings": begin.settings().encode(), "unit": begin.unit_id.encode()}
    content = {**laid_out(), **files}
    content |= {f"data/{name}": data for name, data in (begin.found() | own).items()}
    with TemporaryDirectory() as folder:
        disk = Path(folder) / "flash.img"
        shutil.copyfile(build(content), disk)
        loops: list[VirtualLoop] = []

        def loop(timeline: Timeline) -> VirtualLoop:
            loops.append(VirtualLoop(timeline, WIRING, disk))
            return loops[0]

        world = begin.world(begin.settings(), loop=loop)
        loops[0].on_reset = world.reset
        try:
            unit = target_in(begin, world, "virtual", "virtual", BoardBench(world, WIRING))
            world.run(2_000)
            yield Board(unit, disk)
        finally:
            loops[0].stop()


def test_what_is_refused_leaves_the_flash_as_it_was() -> None:
    with board() as one:
        brought, update = carrier(one.unit), update_for(one.unit)
        before = one.files()
        assert {"/b/lockunit/more/x", "/b/notes.txt", "/data/settings", "/data/key.lock"} <= set(
            before
        )
        refused = {
            "bad HMAC": brought.begin(update, tag="ab" * 32),
            "unsigned": brought.begin(update, tag=""),
            "another unit's": brought.begin(update.but(unit="X-1"), unit=update.unit),
            "another key's": brought.begin(update.but(key=LockKey(bytes(32)))),
            "altered": brought.begin(update, manifest="ab" * 32),
        }
        assert set(refused.values()) == {"NOT_PROVED"}
        assert brought.begin(update.but(unit="X-1", signs=update.unit)) == "WRONG_UNIT"
        assert brought.begin(update.but(board="esp32")) == "WRONG_BOARD"
        assert brought.begin(update.but(version="0.0.99")) == "OLDER"
        assert brought.begin(update.but(room=SIZE)) == "FULL"
        for role in ("carer", "technician"):
            with acting_as(one.unit, role), pytest.raises(RpcError, match="NOT_AUTHORISED"):
                brought.begin(update)
        link = one.unit.link
        assert isinstance(link, SealedLink)
        with pytest.raises(RpcError, match="NOT_AUTHORISED"):
            link.call_open("update.begin", **update.params())
        link.call("bolt.unlock")
        asked = link.begin("bolt.lock")
        assert brought.begin(update) == "BUSY"
        link.wait(asked)
        one.unit.bench.clock.advance(seconds=2)
        assert one.files() == before


def test_a_whole_update_changes_the_other_slot_and_nothing_else() -> None:
    with board() as one:
        brought, update = carrier(one.unit), update_for(one.unit)
        before = one.files()
        assert brought.fill(update) == "done"
        one.unit.bench.clock.advance(seconds=1)
        there = {f"/b/{path}" for path in update.files}
        assert one.files().keys() - before.keys() == there - before.keys() | {"/data/update.new"}
        assert brought.finish() == "done"
        one.unit.bench.clock.advance(seconds=3)
        assert brought.result("confirm") == "done"
        after = one.files()
        kept = {place: digest for place, digest in before.items() if not place.startswith("/b/")}
        assert {place: after[place] for place in kept} == kept
        assert after.keys() - kept.keys() == there | {"/slot"}


def test_what_is_not_verified_leaves_what_runs_in_use() -> None:
    with board() as one:
        brought, update = carrier(one.unit), small(update_for(one.unit))
        before = one.files()
        assert brought.begin(update) == "done"
        assert brought.write(0, update.listed()) == "done"
        assert brought.write(1, update.files["board.json"].replace(b"13", b"14")) == "done"
        assert brought.write(2, update.files["firmware.json"]) == "done"
        assert brought.finish() == "NOT_VERIFIED"
        after = one.files()
        kept = {place: digest for place, digest in before.items() if not place.startswith("/b/")}
        assert {place: after[place] for place in after if not place.startswith("/b/")} == kept


def test_a_full_flash_refuses_it_and_one_that_gets_full_ends_it() -> None:
    """The header tells the room that is needed; where it is told too low the flash says so."""
    big = {"b/lockunit/unit.mpy": b"old", "notes.txt": b"n" * 540_000}
    with board(big) as one:
        brought, update = carrier(one.unit), update_for(one.unit)
        before = one.files()
        assert brought.begin(update.but(room=400_000)) == "FULL"
        assert one.files() == before
        assert brought.fill(update.but(room=1)) == "STORAGE"
        assert brought.call("state")["phase"] == "none"
        link = one.unit.link
        assert link.call("bolt.unlock")["result"] == "done"
        assert brought.begin(small(update).but(room=40_000)) == "done"
        assert brought.write(0, small(update).listed()) == "done", "what it took is given back"
        one.unit.bench.reset()
        one.unit.bench.clock.advance(seconds=3)
        hello = link.call("unit.hello")
        assert (hello["trial"], hello["refused"]) == (False, [])


def test_a_board_json_that_says_no_name_is_no_board() -> None:
    """Firmware that was flashed before boards said what they are called."""
    nameless = {key: value for key, value in WIRING.items() if key != "board"}
    with board({"a/board.json": json.dumps(nameless).encode()}) as one:
        brought = carrier(one.unit)
        assert brought.call("state")["board"] == "?"
        assert brought.begin(update_for(one.unit)) == "WRONG_BOARD"
