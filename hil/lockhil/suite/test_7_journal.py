"""PWR: what was answered outlives every loss of power; what is corrupt is named, never dropped."""

import pytest

from lockhil.journal.check import Checker, Finding
from lockhil.journal.reader import Slot, acknowledge, pages
from lockhil.journal.record import Record
from lockhil.plugin import Measure, Opener
from lockhil.targets.base import Target

# 2026-01-01, for units whose clock is set.
NEW_YEAR_S = 1_767_225_600


def _read(unit: Target, after: int = 0) -> tuple[list[Record], tuple[Finding, ...], int]:
    """The records, what is wrong with them, and how many signatures are good."""
    checker = Checker([unit.bench.journal_key()])
    slots: list[Slot] = []
    records = []
    for page in pages(unit.link, after):
        held = page.held
        slots += page.slots
    for slot in slots:
        record = checker.take(slot)
        if record is not None:
            records.append(record)
    return records, checker.end(held), checker.verified


def _runs(records: list[Record]) -> list[tuple[str, str, str]]:
    return [
        (r.fields["by"], r.fields["target"], r.fields["result"])
        for r in records
        if r.kind == "bolt"
    ]


def _kinds(records: list[Record]) -> list[str]:
    """What happened to the lock: who was in a session comes beside it."""
    return [record.kind for record in records if record.kind not in ("session", "limited")]


@pytest.mark.req("PWR-1")
def test_what_happened_is_in_the_journal_signed(open_unit: Opener, measure: Measure) -> None:
    """A day's runs, moves by hand, level and diagnostic are there in their order, all genuine."""
    unit = open_unit(utc_s=NEW_YEAR_S, relock_ms=0)
    unit.link.call("bolt.unlock")
    unit.bench.thumb_turn("locked")
    unit.bench.clock.advance(minutes=2)
    unit.bench.press()
    unit.bench.clock.advance(seconds=31)
    records, findings, verified = _read(unit)
    assert _kinds(records) == ["segment", "boot", "bolt", "level", "bolt", "diagnostic"], "PWR-1"
    assert _runs(records) == [("command", "UNLOCKED", "done"), ("hand", "LOCKED", "")]
    assert findings == (), "PWR-1"
    count = len(records)
    measure("PWR-1", "good signatures", verified, "records", at_least=count, at_most=count)
    times = [record.utc_s for record in records]
    assert times == sorted(times, key=lambda at: at or 0)
    assert times[0] == NEW_YEAR_S
    assert times[-1] is not None
    assert times[-1] > NEW_YEAR_S + 120


@pytest.mark.req("PWR-1")
@pytest.mark.parametrize("end", ["power cut", "watchdog", "soft"])
def test_every_answered_run_outlives_it(open_unit: Opener, end: str) -> None:
    """Cut off the moment that it has answered, again and again: each run is there, none twice."""
    unit = open_unit(utc_s=NEW_YEAR_S, relock_ms=0)
    for number in range(8):
        method, target = (("bolt.unlock", "UNLOCKED"), ("bolt.lock", "LOCKED"))[number % 2]
        answer = unit.link.call(method)
        assert answer["state"] == target
        if end == "power cut":
            unit.bench.power_cut(1_000)
        else:
            unit.bench.reset(end)
        unit.bench.clock.advance(seconds=2)
    records, findings, verified = _read(unit)
    expected = [("command", ("UNLOCKED", "LOCKED")[n % 2], "done") for n in range(8)]
    assert _runs(records) == expected, "PWR-1"
    assert [r.kind for r in records].count("boot") == 9
    assert [r.seq for r in records] == list(range(1, len(records) + 1)), "PWR-1: a number twice"
    assert (findings, verified) == ((), len(records)), "PWR-1"


@pytest.mark.req("PWR-1")
def test_power_cut_while_the_motor_runs_loses_nothing_before_it(unit: Target) -> None:
    """The run that was cut was never answered; all before it stay, and the unit goes on."""
    unit.link.call("bolt.unlock")
    before, _, _ = _read(unit)
    unit.link.begin("bolt.lock")
    unit.bench.clock.advance(ms=200)
    unit.bench.power_cut(500)
    unit.bench.clock.advance(seconds=2)
    after, findings, _ = _read(unit)
    assert after[: len(before)] == before, "PWR-1"
    assert findings == ()
    boots = [record for record in after if record.kind == "boot"]
    assert (len(boots), boots[-1].fields["reset"]) == (2, "power")


@pytest.mark.req("PWR-1")
def test_only_an_acknowledgement_frees_and_only_what_was_written(unit: Target) -> None:
    """Reading frees nothing; an ack twice is one; of the future it is refused."""
    for number in range(40):
        unit.bench.thumb_turn(("unlocked", "locked")[number % 2])
        unit.bench.clock.advance(seconds=1)
    first, _, _ = _read(unit)
    again, findings, _ = _read(unit)
    assert again == first, "PWR-1: reading changed it"
    assert findings == ()
    last = again[-1].seq
    answer = unit.link.call("journal.ack", upto=last + 1)
    assert (answer["result"], answer["last"]) == ("FUTURE", last), "PWR-1"
    for _ in range(2):
        acknowledge(unit.link, last)
        assert unit.link.call("journal.read", after=last)["acked"] == last
    unit.bench.reset("soft")
    unit.bench.clock.advance(seconds=1)
    records, findings, _ = _read(unit)
    assert findings == ()
    since = [record for record in records if record.seq > last]
    assert _kinds(since) == ["acknowledged", "boot"], "PWR-1"


@pytest.mark.req("PWR-2")
def test_corrupt_storage_is_named_and_the_door_opens(open_unit: Opener) -> None:
    """Records, key and counter corrupt at once: each is named, none reset, and the bolt moves."""
    unit = open_unit(stored=_CORRUPT)
    assert unit.link.call("bolt.unlock")["result"] == "done", "PWR-2: it doesn't open"
    checker = Checker()
    records: list[Record] = []
    damaged = b""
    for page in pages(unit.link):
        for slot in page.slots:
            record = checker.take(slot)
            if record is None:
                damaged += slot.data
            else:
                records.append(record)
        held = page.held
    findings = checker.end(held)
    assert damaged == _CORRUPT["j00000001"], "PWR-2: what was corrupt was changed"
    assert [(f.what, f.first, f.last) for f in findings] == [("damaged", 1, 2)], "PWR-2"
    faults = [(r.fields["thing"], r.fields["fault"]) for r in records if r.kind == "storage"]
    named = [(thing, "corrupt") for thing in ("battery", "counter", "key")]
    assert sorted(faults) == named, "PWR-2"
    boots = [r for r in records if r.kind == "boot"]
    assert (boots[0].fields["damaged"], boots[0].fields["level"]) == (2, "SUSPECTED_DISCHARGED")
    assert boots[0].seq > 2, "PWR-1: a number twice"


_CORRUPT = {
    "j00000001": bytes(128),
    "key.journal": bytes(38),
    "counter.journal": bytes(8),
    "battery": bytes(4),
}
