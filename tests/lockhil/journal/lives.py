"""A lock's life with a reader that visits its journal over a slow line and is interrupted.

The life is `locksim`'s, the reader the command's own code. `Witness` counts what happened in the
world, never what the unit says of it.
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from lockhil.client import Link, LinkTimeoutError
from lockhil.journal.check import Checker, Finding
from lockhil.journal.kept import Kept as KeptFile
from lockhil.journal.kept import open_kept
from lockhil.journal.record import Record
from lockhil.journal.visit import Visited, visit
from lockhil.targets.realclock import ContactLostError
from lockjudge.trace import Event
from locksim.mainloop import LoopMaker
from locksim.scenarios.begin import first_pack
from locksim.scenarios.kept import Kept
from locksim.scenarios.life import Lived
from locksim.scenarios.load import Scenario, Visits, scenarios
from locksim.scenarios.result import Life
from locksim.scenarios.weather import Climate
from locksim.world import World
from lockunit.journalkey import KEY_BYTES
from tests.lockhil.journal.slowline import IN_FILE, KINDS, Killed, SlowLine

VISITS_A_DAY = 16
_WAIT_MS = (1_000, 120_000)


class Witness(Kept):
    """What happened to a lock, counted from the wires and the bolt; the unit isn't asked."""

    def __init__(self) -> None:
        super().__init__()
        self.counted: Counter[str] = Counter()
        self._shown: dict[str, Any] = {}

    def add(self, day: int, events: list[Event], diagnoses: list[list[Event]]) -> None:
        super().add(day, events, diagnoses)
        self.count(events)

    def count(self, events: Sequence[Event]) -> None:
        """Runs of the motor, those that ended with the power, moves by hand, presses, starts."""
        for event in events:
            before = self._shown.get(event.ch)
            running = bool(self._shown.get("motor"))
            if event.ch == "reset" or (event.ch == "power" and event.v == 0):
                self.counted["starts"] += event.ch == "reset"
                self._shown["dying"] = running
            elif event.ch == "motor" and event.v != before:
                self.counted["runs"] += bool(event.v)
                self.counted["runs cut"] += not event.v and self._shown.pop("dying", False)
            elif event.ch == "bolt" and event.v != before and before is not None:
                self.counted["by hand"] += not running and event.v != "BETWEEN"
            elif event.ch == "button":
                self.counted["presses"] += bool(event.v and not before)
            self._shown[event.ch] = event.v


def scenario(days: int, *, a_day: int = VISITS_A_DAY, event: Sequence[Any] = ()) -> Scenario:
    """An ordinary life with so many visits a day, each an unlocking and its relock."""
    normal = scenarios()["normal"]
    return msgspec.structs.replace(
        normal, days=days, visits=Visits(a_day=(a_day, a_day)), event=[*normal.event, *event]
    )


@dataclass
class Reader:
    """Somebody who comes every so many days; `faults`: how many visits out of ten go wrong."""

    world: World
    file: Path
    line: SlowLine
    every_days: int
    seed: int = 1
    faults: int = 7
    visits: int = 0
    link_ms: int = 0
    done: Visited | None = None
    retried: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._luck = Random(self.seed)
        self._bytes = 2_000
        self._turn = 0

    def after(self, day: int) -> None:
        """A day is over."""
        if day % self.every_days == 0:
            self.read()

    def read(self) -> None:
        """Visit until it is done: each time like a process that was just started."""
        self.visits += 1
        began = self.world.now
        waited = 0
        # What makes up for a visit that went wrong may go wrong too.
        while (done := self._once(self._draw())) is None:
            pause = self._luck.randrange(*_WAIT_MS)
            self.world.run(pause)
            waited += pause
        self.link_ms += self.world.now - began - waited
        self.done = done

    def _draw(self) -> str:
        if self._luck.randrange(10) >= self.faults:
            return ""
        # In turn: each of them comes often enough.
        self._turn += 1
        return KINDS[self._turn % len(KINDS)]

    def _once(self, fault: str) -> Visited | None:
        before = self.line.bytes
        self.line.arm(fault, self._luck.randrange(self._bytes))
        self.line.open()
        try:
            with open_kept(self.file) as kept:
                if fault == IN_FILE:
                    self._tear(kept)
                link = Link(self.line, first_id=self._luck.randrange(10**6) * 1_000)
                # As the command does it.
                link.send_raw(b"\n")
                done = visit(link, [self.world.chances[:KEY_BYTES]], kept, ack=True)
            self._bytes = self.line.bytes - before
            return done
        except (ContactLostError, LinkTimeoutError, Killed) as error:
            self.retried[type(error).__name__] += 1
            return None
        finally:
            self.line.arm("", 0)
            self.line.close()

    def _tear(self, kept: KeptFile) -> None:
        """The process ends while it writes; what it wrote is there, or only a part of it."""
        whole: Callable[[bytes], None] = kept._write

        def torn(data: bytes) -> None:
            whole(data[: self._luck.randrange(len(data) + 1)])
            self.line.happened[IN_FILE] += 1
            raise Killed

        kept._write = torn  # type: ignore[method-assign]


@dataclass
class Told:
    """The whole journal as the file has it."""

    records: list[Record]
    verified: int
    findings: tuple[Finding, ...]
    last: int

    def runs(self) -> int:
        """Records of a motor that ran, or tried to."""
        return sum(r.kind == "bolt" and bool(r.fields["ms"]) for r in self.records)

    def by_hand(self) -> int:
        """Records of moves by hand."""
        return sum(r.kind == "bolt" and r.fields["by"] == "hand" for r in self.records)

    def count(self, kind: str) -> int:
        return sum(record.kind == kind for record in self.records)


@dataclass
class Whole:
    """A life that is over, what was witnessed of it, and what its reader has."""

    life: Life
    counted: Counter[str]
    reader: Reader
    told: Told
    seconds: float


def live(told: Scenario, file: Path, loop: LoopMaker | None = None, **reader: Any) -> Whole:
    """Live it, with a reader to the end."""
    began = time.perf_counter()
    degrees = Climate(told.air).at(0)
    pack = first_pack(told, told.seed, degrees)
    world = World(told.settings(), pack, temperature_c=degrees, loop=loop)
    lived, witness = Lived(told, world), Witness()
    lived.kept = witness
    visitor = Reader(world, file, SlowLine(world), **reader)
    lived.progress = visitor.after
    life = lived.live()
    # What the visits themselves bring about is read too, undisturbed.
    visitor.faults = 0
    visitor.read()
    witness.count(world.recorder.events)
    seconds = time.perf_counter() - began
    return Whole(life, witness.counted, visitor, _told(world, file, visitor), seconds)


def _told(world: World, file: Path, visitor: Reader) -> Told:
    """The file, read again by somebody who has nothing else."""
    with open_kept(file) as kept:
        checker = Checker([world.chances[:KEY_BYTES]])
        records = [checker.take(slot) for slot in kept.slots]
        assert visitor.done is not None
        findings = checker.end(visitor.done.held, kept.first)
        for slot in kept.slots:
            assert visitor.line.records[slot.seq] == slot.data
        assert [slot.seq for slot in kept.slots] == [*range(1, kept.slots[-1].seq + 1)]
        last = kept.slots[-1].seq
    return Told([r for r in records if r is not None], checker.verified, findings, last)


def complaints(whole: Whole) -> list[str]:
    """What isn't as it should be: the journal against the world, number by number."""
    told, seen = whole.told, whole.counted
    pairs = {
        "records in the file, numbers used": (len(told.records), told.last),
        "good signatures": (told.verified, told.last),
        "runs of the motor": (told.runs(), seen["runs"] - seen["runs cut"]),
        "moves by hand": (told.by_hand(), seen["by hand"]),
        "starts": (told.count("boot"), seen["starts"] + 1),
        "changes of the pack": (told.count("swap"), whole.life.rows[-1].pack - 1),
        "diagnostics": (told.count("diagnostic"), seen["presses"]),
    }
    wrong = [f"{what}: {a}, expected {b}" for what, (a, b) in pairs.items() if a != b]
    wrong += [f"{f.what} {f.first} to {f.last}: {f.text}" for f in told.findings]
    wrong += ["lost"] if told.count("lost") else []
    return wrong
