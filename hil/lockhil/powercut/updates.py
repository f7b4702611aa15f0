"""Histories of a unit that is updated over its link: a good update, and one that was altered.

What is owed: it boots the firmware that it had or the new one, whole, never neither; nothing runs
that wasn't verified; and the next update is taken.
"""

import json
import tempfile
from dataclasses import replace
from pathlib import Path

from lockhil.firmware import wiring_file
from lockhil.powercut.access import no_session_twice
from lockhil.powercut.flash import Cut, Manner
from lockhil.powercut.journaled import KEY
from lockhil.powercut.recording import Recording
from lockhil.powercut.scenario import Aftermath, Invariant, Said, Scenario
from lockhil.powercut.slots import NEW, had, newer, old_or_new
from lockhil.suite.update import Carrier, Update, carrier, small
from lockhil.targets import Target
from lockhil.targets.inworld import target_in
from lockhil.targets.onboard import BoardBench
from lockhil.virtual.loop import VirtualLoop
from lockhil.virtual.protocol import Message
from locksim.timeline import Timeline
from lockunit import VERSION as OLD
from lockunit import journalkey

_SEALED = {"sealed": True, "role": "service"}
_STORED = {journalkey.STORED_AS: journalkey.pack(KEY, True)}


def _update(unit: Target, firmware: Path | None) -> Update:
    assert unit.issuer is not None
    slot = newer(firmware).in_slot("", "virtual")
    files = {place.removeprefix("/"): data for place, data in slot.items()}
    return Update(unit.issuer.key, unit.unit_id, files, version=NEW)


def _good(unit: Target, firmware: Path | None = None) -> None:
    """All of it: what the unit has it keeps."""
    brought = carrier(unit)
    unit.bench.clock.advance(seconds=2)
    assert brought.fill(_update(unit, firmware)) == "done"
    assert brought.finish() == "done"
    unit.bench.clock.advance(seconds=3)
    unit.link.call("unit.hello")
    brought.call("confirm")
    unit.bench.clock.advance(seconds=2)


def _altered(unit: Target) -> None:
    """Another byte in a file than was signed."""
    brought, update = carrier(unit), small(_update(unit, None))
    unit.bench.clock.advance(seconds=2)
    brought.begin(update)
    brought.write(0, update.listed())
    brought.write(1, update.files["board.json"])
    brought.write(2, update.files["firmware.json"].replace(b"9", b"8"))
    brought.finish()
    unit.bench.clock.advance(seconds=3)


def _recorded(scenario: Scenario, image: bytes, firmware: Path | None) -> Recording:
    """A whole update, with each operation of the flash written down."""
    begin = scenario.begin()
    operations: list[Message] = []
    lines: list[int] = []
    sent: list[bytes] = []

    def on_flash(message: Message) -> None:
        operations.append(message)
        lines.append(len(sent))

    wiring = json.loads(wiring_file().read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory(prefix="lockrig-") as folder:
        disk = Path(folder) / "flash.img"
        disk.write_bytes(image)
        loops: list[VirtualLoop] = []

        def loop(timeline: Timeline) -> VirtualLoop:
            loops.append(VirtualLoop(timeline, wiring, disk, on_flash))
            return loops[0]

        world = begin.world(begin.settings(), loop=loop, target="powercut")
        world.on_sent.append(lambda _, line: sent.append(line))
        loops[0].on_reset = world.reset
        try:
            unit = target_in(begin, world, "powercut", "virtual", BoardBench(world, wiring))
            _good(unit, firmware)
        finally:
            loops[0].stop()
        # What was sealed is opened there; the lines are the same ones.
        said = tuple(unit.link.lines)
        recording = Recording(image, tuple(operations), said, tuple(lines))
        assert len(said) == len(sent), "a line is missing"
        assert recording.left_by(Cut(Manner.END)) == disk.read_bytes(), "not all was recorded"
    return recording


def _probe(unit: Target) -> Said:
    """What it runs; and that it takes another update, up to a file of each kind."""
    link, brought = unit.link, carrier(unit)
    found: Said = {"hello": link.call("unit.hello"), "state": brought.call("state")}
    if found["hello"]["trial"]:
        found["confirmed"] = brought.result("confirm")
    found["next"] = _next(brought, small(_update(unit, None)))
    return found


def _next(brought: Carrier, update: Update) -> str:
    """The first word on another update that isn't `done`; it isn't ended."""
    found = brought.fill(update.but(version="99.9.9"))
    return found if found != "done" else brought.result("cancel")


def boots_one(after: Aftermath) -> str:
    """It boots the firmware that it had or the new one, and knows of no update."""
    if after.probed["state"]["phase"] != "none":
        return f"it goes on with an update: {after.probed['state']}"
    return old_or_new(replace(after, hello=after.probed["hello"]))


def in_use_stays(after: Aftermath) -> str:
    """What was told to be confirmed is in use; what never told that it runs isn't."""
    hello = after.probed["hello"]
    in_use = (hello["firmware"], hello["trial"]) == (NEW, False)
    answers = [one["result"] for one in after.told if "result" in one]
    if in_use and all(answer.get("firmware") != NEW for answer in answers):
        return "it is in use, and was never tried"
    wrong = after.told == after.uncut and not in_use
    return f"it was confirmed, and it runs {hello}" if wrong else ""


def next_is_taken(after: Aftermath) -> str:
    """Another update begins, clears what is left of this one, and is filled."""
    return "" if after.probed["next"] == "done" else f"the next one: {after.probed['next']}"


def trial_is_confirmed(after: Aftermath) -> str:
    """A trial that a cut left can be confirmed."""
    word = after.probed.get("confirmed", "done")
    return "" if word == "done" else f"update.confirm: {word}"


def only_verified_runs(after: Aftermath) -> str:
    """What was altered never runs, on trial or otherwise."""
    hello = after.probed["hello"]
    found = str(hello["firmware"]), hello["trial"]
    return "" if found == (OLD, False) else f"it runs {found}, expected {OLD}"


_OWED = (
    Invariant("UPD-7", "it boots the old firmware or the new", boots_one),
    Invariant("UPD-7", "the next update is taken", next_is_taken),
    Invariant("SESS-10", "no session's number comes twice", no_session_twice),
)

SCENARIOS = (
    Scenario("update", "firmware brought over the link, tried, and confirmed", _good,
             _SEALED, stored=_STORED, more=had, records=_recorded, probe=_probe, invariants=(
                 *_OWED,
                 Invariant("UPD-7", "what was confirmed stays in use", in_use_stays),
                 Invariant("UPD-7", "a trial can be confirmed", trial_is_confirmed))),
    Scenario("update altered", "an update that is another than was signed", _altered,
             _SEALED, stored=_STORED, more=had, probe=_probe, invariants=(
                 *_OWED,
                 Invariant("UPD-4", "only what is verified runs", only_verified_runs))),
)  # fmt: skip
