"""Lives through a scenario's history up to a loss of power, and looks at what comes back.

It decides nothing: what it saw is an `Aftermath`.
"""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lockhil.client import LinkTimeoutError, RpcError
from lockhil.firmware import wiring_file
from lockhil.journal.reader import NoJournalError, pages
from lockhil.powercut.flash import Cut, Flash, Manner, PowerGoneError
from lockhil.powercut.recording import Recording
from lockhil.powercut.scenario import Aftermath, Said, Scenario, told
from lockhil.session.link import SessionRefusedError
from lockhil.targets import Target
from lockhil.targets.inworld import target_in
from lockhil.targets.onboard import BoardBench
from lockhil.virtual.loop import VirtualLoop
from locksim.board import SimBoard
from locksim.mainloop import FirmwareCrashError
from locksim.timeline import Timeline
from locksim.world import World
from lockunit.journalkey import KEY_BYTES
from lockunit.settings import KIND_DOOR, Settings

OFF_MS = 1_000
_ANSWER_MS = 1_000


class SweepError(Exception):
    """The sweep itself can't be trusted; the message says why."""


class _HeldLoop(VirtualLoop):
    """A board that starts when it is let, so that power can go in its first boot too."""

    held = True

    def start(self, board: SimBoard, settings: Settings, ticks: int) -> None:
        if not self.held:
            super().start(board, settings, ticks)


@dataclass(frozen=True, slots=True)
class _Subject:
    """A unit in its world, on a flash that can lose its power."""

    unit: Target
    world: World
    loop: _HeldLoop
    flash: Flash

    def switch_on(self) -> None:
        """Start it for the first time."""
        self.loop.held = False
        self.world.rail.boot()
        self.world.run()

    def lines(self, since: int = 0) -> list[Said]:
        """What it said; what it sealed is opened."""
        return told([line.decode() for line in self.unit.link.lines[since:]])


@contextmanager
def _subject(scenario: Scenario, image: bytes) -> Iterator[_Subject]:
    wiring: dict[str, Any] = json.loads(wiring_file().read_text(encoding="utf-8"))
    begin = scenario.begin()
    with tempfile.TemporaryDirectory(prefix="lockrig-") as folder:
        disk = Path(folder) / "flash.img"
        disk.write_bytes(image)
        flash = Flash(disk)
        loops: list[_HeldLoop] = []

        def loop(timeline: Timeline) -> _HeldLoop:
            loops.append(_HeldLoop(timeline, wiring, disk, flash.operation))
            return loops[0]

        world = begin.world(begin.settings(), loop=loop, target="powercut")
        loops[0].on_reset = world.reset
        try:
            unit = target_in(begin, world, "powercut", "virtual", BoardBench(world, wiring))
            yield _Subject(unit, world, loops[0], flash)
        finally:
            loops[0].stop()


@dataclass(frozen=True, slots=True)
class Uncut:
    """A history without a cut: what the unit said, how often it wrote, how long it took."""

    said: list[Said]
    operations: int
    erases: int
    duration_ms: int
    died: str = ""


def without_cut(scenario: Scenario, image: bytes) -> Uncut:
    """Live through all of it, and count."""
    died = ""
    with _subject(scenario, image) as subject:
        try:
            subject.switch_on()
            scenario.history(subject.unit)
        except (FirmwareCrashError, LinkTimeoutError) as error:
            died = str(error)
        flash = subject.flash
        return Uncut(subject.lines(), flash.operations, flash.erases, subject.world.now, died)


def with_cuts(scenario: Scenario, image: bytes, uncut: Uncut, cuts: tuple[Cut, ...]) -> Aftermath:
    """Live up to the first cut, come back up to the next one, and look after the last. SweepError.

    Cuts after the first fall into the boot that follows the one before.
    """
    first, *later = cuts
    with _subject(scenario, image) as subject:
        try:
            _until(subject, scenario, first)
            for cut in later:
                _power_off(subject, scenario)
                _cut_in_boot(subject, scenario, cut)
        except (FirmwareCrashError, LinkTimeoutError) as error:
            return Aftermath(scenario, subject.lines(), uncut.said, f"before the cut: {error}")
        return _look(subject, scenario, Aftermath(scenario, subject.lines(), uncut.said))


def with_recorded_cuts(
    scenario: Scenario, recording: Recording, uncut: Uncut, cuts: tuple[Cut, ...]
) -> Aftermath:
    """The same, where the first cut falls into what was recorded."""
    first, *later = cuts
    before = told([line.decode() for line in recording.told_before(first)])
    with _subject(scenario, recording.left_by(first)) as subject:
        subject.loop.held = False
        try:
            for cut in later:
                _power_off(subject, scenario)
                _cut_in_boot(subject, scenario, cut)
        except FirmwareCrashError as error:
            return Aftermath(scenario, before, uncut.said, f"before the cut: {error}")
        return _look(subject, scenario, Aftermath(scenario, before, uncut.said))


def _until(subject: _Subject, scenario: Scenario, cut: Cut) -> None:
    subject.flash.arm(cut)
    if cut.manner == Manner.INSTANT:
        subject.world.timeline.after(cut.at, _power_goes)
    try:
        subject.switch_on()
        scenario.history(subject.unit)
    except PowerGoneError:
        return
    if cut.manner != Manner.END:
        raise SweepError(
            f"{scenario.name}: expected a history as it was without a cut, got one that ended "
            f"before {cut}; a scenario may depend on nothing but virtual time"
        )


def _power_goes() -> None:
    raise PowerGoneError


def _cut_in_boot(subject: _Subject, scenario: Scenario, cut: Cut) -> None:
    subject.flash.arm(cut)
    try:
        subject.world.run(OFF_MS + scenario.back_ms)
    except PowerGoneError:
        return
    raise SweepError(f"expected a boot with at least {cut.at} operations, got fewer")


def _power_off(subject: _Subject, scenario: Scenario) -> None:
    subject.world.power_cut(OFF_MS)
    subject.world.run()
    scenario.while_dead(subject.world)


def _look(subject: _Subject, scenario: Scenario, aftermath: Aftermath) -> Aftermath:
    """Give it power again, and see what it is and does."""
    world, link = subject.world, subject.unit.link
    mark, heard = len(world.recorder.events), len(link.lines)
    _power_off(subject, scenario)
    subject.flash.arm(None)
    try:
        world.run(OFF_MS + scenario.back_ms)
        recovery = subject.flash.operations
        driven = _driven(world, mark)
        probed = scenario.probe(subject.unit)
        hello = link.call("unit.hello", _ANSWER_MS)
        report = link.call("battery.report", _ANSWER_MS)
        state = str(link.call("bolt.state", _ANSWER_MS)["state"])
        change = link.call("swap.state", _ANSWER_MS)
        life = link.call("unit.life", _ANSWER_MS, role="service")
        journal = list(pages(link))
        place = world.plant.bolt.place(world.now)
        aftermath = replace(
            aftermath,
            hello=hello,
            report=report,
            change=change,
            life=life,
            state=state,
            place=place,
            driven=driven,
            recovery=recovery,
            slots=tuple(slot for page in journal for slot in page.slots),
            held=journal[-1].held,
            keys=_keys(world),
            probed=probed,
            opening="bolt.unlock" if scenario.begin().kind == KIND_DOOR else "bolt.release",
        )
        opened = link.call(aftermath.opening)
    except RpcError as error:
        opened = {"result": str(error)}
    except SessionRefusedError as error:
        opened = {"result": str(error)}
    except (FirmwareCrashError, LinkTimeoutError, NoJournalError) as error:
        return replace(aftermath, said=subject.lines(heard), died=str(error))
    return replace(aftermath, said=subject.lines(heard), opened=str(opened["result"]))


def _keys(world: World) -> tuple[bytes, ...]:
    """All that the unit may have made keys of: it draws 16 bytes for a session in between."""
    drawn = world.chances
    return tuple(drawn[at : at + KEY_BYTES] for at in range(0, len(drawn), KEY_BYTES // 2))


def _driven(world: World, mark: int) -> tuple[str, ...]:
    """What the unit drove since `mark`: nothing may be, at a boot."""
    outputs = ("led.green", "led.red", "motor", "load")
    return tuple(
        f"{event.ch} {event.v} at {event.t_ms} ms"
        for event in world.recorder.events[mark:]
        if event.ch in outputs and event.v
    )
