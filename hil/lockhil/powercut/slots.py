"""Histories of a board with two slots: a flash; a trial confirmed, given up, or that ends itself.

What is owed: it boots the firmware that it had or the new one, whole, never neither; and a trial
ends by its confirmation, its starts or its time alone.
"""

import json
import shutil
import tempfile
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from lockhil.boards.contents import look
from lockhil.boards.firmware import Firmware, load
from lockhil.boards.flash import Flash
from lockhil.boards.plan import Wishes, make_plan
from lockhil.boards.running import Awaited, ask_link
from lockhil.boards.session import visit
from lockhil.firmware import firmware_files, wiring_file
from lockhil.powercut.flash import Cut, Manner
from lockhil.powercut.journaled import KEY
from lockhil.powercut.recording import Recording
from lockhil.powercut.scenario import Aftermath, Invariant, Scenario
from lockhil.targets import Target
from lockhil.virtual.protocol import Message
from lockhil.virtual.realtime import RealBoard
from locksim.world import World
from lockunit import VERSION as OLD
from lockunit import journalkey

NEW = "99.1.0"
_QUIET_S = 2
# The board's start before its flash, and that of the trial.
_TRIED_AT = 2
_END = Cut(Manner.END)
_ENDS = b"def main():\n    raise ValueError('this firmware is no good')\n"


@cache
def newer(firmware: Path | None) -> Firmware:
    """The same with another version, and other boot.py and main.py."""
    with tempfile.TemporaryDirectory(prefix="lockrig-") as folder:
        copy = Path(folder)
        for place, source in firmware_files(firmware).items():
            path = copy / (place if "/" in place else f"rootfs/{place}")
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, path)
            if "/" not in place:
                path.write_text(path.read_text(encoding="utf-8") + "# newer\n", encoding="utf-8")
        init = copy / "lockunit" / "__init__.py"
        told = init.read_text(encoding="utf-8").replace(f'"{OLD}"', f'"{NEW}"')
        init.write_text(told, encoding="utf-8")
        return load(copy)


def had(firmware: Path | None) -> Mapping[str, bytes]:
    """What it had, as a flash left it: with its manifest."""
    return load(firmware).in_slot("a", "virtual")


def _on_trial(firmware: Path | None) -> Mapping[str, bytes]:
    """The new firmware in the other slot, with all its starts."""
    files = newer(firmware).in_slot("b", "virtual")
    return {**files, "trial": b"b3"}


def _ends(firmware: Path | None) -> Mapping[str, bytes]:
    """The same, of a firmware that ends as soon as it starts."""
    files = {**_on_trial(firmware), "b/lockboards/app.py": _ENDS}
    del files["b/lockboards/app.mpy"]
    return files


def _flashed(scenario: Scenario, image: bytes, firmware: Path | None) -> Recording:
    """What `lockrig flash` does, over the console's REPL; it confirms on the link."""
    begin = scenario.begin()
    operations: list[Message] = []
    lines: list[int] = []
    said: list[bytes] = []

    def on_flash(message: Message) -> None:
        operations.append(message)
        lines.append(len(said))

    def make_world(**more: Any) -> World:
        world = begin.world(begin.settings(), target="powercut", clock="real", **more)
        world.on_sent.append(lambda _, line: said.append(line))
        return world

    with tempfile.TemporaryDirectory(prefix="lockrig-") as folder:
        disk = Path(folder) / "flash.img"
        disk.write_bytes(image)
        wiring = json.loads(wiring_file().read_text(encoding="utf-8"))
        board = RealBoard(wiring, disk, make_world, on_flash=on_flash)
        try:
            board.wait_until_up()
            with visit(board.console) as here:
                plan = make_plan(here.who, look(here.repl), newer(firmware), Wishes())
                Flash(here.repl, plan).carry_out(lambda _: None)
                here.repl.reset()
                here.started = True
                ask_link(here.repl, board.link, Awaited(NEW, plan.slot))
            time.sleep(_QUIET_S)
        finally:
            board.close()
        recording = Recording(image, tuple(operations), tuple(said), tuple(lines))
        assert recording.left_by(_END) == disk.read_bytes(), "not all was recorded"
    return recording


def _confirmed(unit: Target) -> None:
    unit.bench.clock.advance(seconds=2)
    unit.link.call("unit.hello")
    unit.link.call("update.confirm")
    unit.bench.clock.advance(seconds=2)


def _given_up(unit: Target) -> None:
    """Nobody confirms it."""
    unit.bench.clock.advance(minutes=11)


def _ended(unit: Target) -> None:
    """It ends at each start."""
    unit.bench.clock.advance(seconds=8)
    unit.link.call("unit.hello")


def _told_done(after: Aftermath) -> bool:
    return any(one.get("result") == {"result": "done"} for one in after.told)


def _told_boots(after: Aftermath) -> int:
    return sum(one.get("method") == "unit.boot" for one in after.told)


def _runs(after: Aftermath) -> tuple[str, bool]:
    """Which firmware, and whether it is on trial."""
    return str(after.hello.get("firmware")), after.hello.get("trial") is True


def old_or_new(after: Aftermath) -> str:
    """It boots the firmware that it had or the new one, as the unit that it is."""
    version, _ = _runs(after)
    if version in (OLD, NEW) and after.hello["unit"] == after.scenario.begin().unit_id:
        return ""
    return f"expected {OLD} or {NEW}, it says {after.hello}"


def confirmed_stays(after: Aftermath) -> str:
    """What was told to be confirmed is in use."""
    wrong = _told_done(after) and _runs(after) != (NEW, False)
    return f"it was confirmed, and it runs {_runs(after)}" if wrong else ""


def none_untried(after: Aftermath) -> str:
    """The new firmware is in use only once it ran on trial."""
    wrong = _runs(after) == (NEW, False) and _told_boots(after) < _TRIED_AT
    return f"it was never tried, and is in use after {_told_boots(after)} starts" if wrong else ""


def starts_are_left(after: Aftermath) -> str:
    """A trial that has starts left goes on, or is confirmed; it isn't over by a loss of power."""
    return "" if _runs(after)[0] == NEW else f"its trial is over, it runs {_runs(after)}"


def given_up_stays(after: Aftermath) -> str:
    """Nobody confirmed it: it is on trial, or given up for good."""
    version, trial = _runs(after)
    if trial == (version == NEW) and not (trial and _told_boots(after) > 1):
        return ""
    return f"nobody confirmed it; after {_told_boots(after)} starts it runs {_runs(after)}"


def falls_back(after: Aftermath) -> str:
    """A firmware that ends at each start is the board's own no more after three of them."""
    return "" if _runs(after) == (OLD, False) else f"it runs {_runs(after)}"


_WHOLE = (
    Invariant("PWR-1", "it boots the old firmware or the new", old_or_new),
    Invariant("PWR-1", "what was confirmed stays in use", confirmed_stays),
)
_STORED = {journalkey.STORED_AS: journalkey.pack(KEY, True)}

SCENARIOS = (
    Scenario("flash", "firmware put on a board over its console, tried, and confirmed", _confirmed,
             stored=_STORED, more=had, records=_flashed,
             invariants=(*_WHOLE, Invariant("PWR-1", "nothing untried is in use", none_untried))),
    Scenario("trial", "new firmware on trial, confirmed on the link", _confirmed,
             stored=_STORED, more=_on_trial,
             invariants=(*_WHOLE, Invariant("PWR-1", "a trial isn't cut short", starts_are_left))),
    Scenario("trial given up", "new firmware on trial, which nobody confirms", _given_up,
             stored=_STORED, more=_on_trial,
             invariants=(*_WHOLE, Invariant("PWR-1", "given up it stays", given_up_stays))),
    Scenario("trial that ends", "new firmware on trial, which ends at each start", _ended,
             stored=_STORED, more=_ends, back_ms=6_000,
             invariants=(*_WHOLE, Invariant("PWR-1", "what ends is given up", falls_back))),
)  # fmt: skip
