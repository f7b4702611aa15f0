"""What is kept of attempts, and what it allows next: rules, cuts, damage, clocks set back."""

import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockjudge.trace import Event, Trace, read_trace
from lockrig.records.record import DamagedRecordError, Record, decode, encode, normal_label
from lockrig.records.standing import standing
from lockrig.records.store import BusyError, UnitRecords, open_unit

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
TRACE = Trace({"format": "lockrig-trace/1", "observer": "person"}, [Event(0, "tap", "start")])


@pytest.fixture
def unit(tmp_path: Path) -> UnitRecords:
    with open_unit(tmp_path, "ABC-1", training=False) as records:
        yield records


def attempt(unit: UnitRecords, code: int | None, hours: float = 0) -> Path:
    """An attempt so many hours after noon, left begun if it has no `code`."""
    now = NOON + timedelta(hours=hours)
    begun = unit.begin(now, repeat=unit.standing(now).repeat)
    if code is not None:
        second = code == 4 and begun.record.repeat
        begun.judged(TRACE, 3 if second else code, now, second_inconclusive=second)
    return begun.path


def test_a_new_unit_may_be_tried(unit: UnitRecords) -> None:
    found = unit.standing(NOON)
    assert (found.desk, found.repeat) == ("", False)


@pytest.mark.parametrize("hours", [0, 24, 24 * 365])
def test_suspected_is_final(unit: UnitRecords, hours: int) -> None:
    attempt(unit, 3)
    assert unit.standing(NOON + timedelta(hours=hours)).desk == "suspected"


def test_a_later_pass_doesnt_lift_a_suspicion(unit: UnitRecords) -> None:
    attempt(unit, 3)
    attempt(unit, 0, 1)
    assert unit.standing(NOON).desk == "suspected"


@pytest.mark.parametrize("first", [None, 4])
@pytest.mark.parametrize("second", [None, 4])
def test_inconclusive_or_unfinished_twice_within_a_day_is_the_service_desks_for_good(
    unit: UnitRecords, first: int | None, second: int | None
) -> None:
    attempt(unit, first)
    assert unit.standing(NOON + timedelta(hours=24)).repeat
    attempt(unit, second, 24)
    assert unit.standing(NOON + timedelta(days=400)).desk == "inconclusive"


def test_a_day_later_it_is_a_first_one_again(unit: UnitRecords) -> None:
    attempt(unit, 4)
    later = NOON + timedelta(hours=24, seconds=1)
    assert not unit.standing(later).repeat
    assert not unit.standing(later).desk


def test_the_repetition_may_pass_and_the_next_doubt_still_counts_both(unit: UnitRecords) -> None:
    attempt(unit, 4)
    attempt(unit, 0, 1)
    assert not unit.standing(NOON + timedelta(hours=2)).desk
    attempt(unit, 4, 2)
    assert unit.standing(NOON + timedelta(hours=3)).desk == "inconclusive"


@pytest.mark.parametrize("days_back", [1, 3, 4000])
def test_a_clock_set_back_wins_no_further_try(unit: UnitRecords, days_back: int) -> None:
    attempt(unit, 4)
    attempt(unit, None, -24 * days_back)
    assert unit.standing(NOON).desk == "inconclusive"
    assert unit.standing(NOON + timedelta(days=9)).desk == "inconclusive"


def test_given_up_before_start_counts_for_nothing(unit: UnitRecords) -> None:
    unit.begin(NOON, repeat=False).withdraw()
    found = unit.standing(NOON)
    assert (found.desk, found.repeat) == ("", False)


def test_batt_10_signs_of_danger_are_remembered(unit: UnitRecords) -> None:
    unit.danger(NOON)
    assert unit.standing(NOON).desk == "danger"


@pytest.mark.parametrize("stop", ["suspected", "danger", "damaged"])
def test_the_service_desks_case_lifts_what_stands_and_nothing_later(
    unit: UnitRecords, stop: str
) -> None:
    if stop == "danger":
        unit.danger(NOON)
    else:
        path = attempt(unit, 3)
        if stop == "damaged":
            path.write_bytes(b"x")
    assert unit.standing(NOON).desk == stop
    unit.clear("CASE-1", NOON - timedelta(days=9))
    assert unit.standing(NOON).desk == ""
    attempt(unit, 3, 1)
    assert unit.standing(NOON).desk == "suspected"
    unit.clear("CASE-2", NOON)
    assert unit.standing(NOON).desk == ""


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:-40]),
        lambda path: path.write_bytes(
            path.read_bytes().replace(b'"exit_code": 3', b'"exit_code": 0')
        ),
        lambda path: path.write_bytes(path.read_bytes().replace(b"record/1", b"record/2")),
        lambda path: path.with_suffix(".trace.jsonl").write_text("other"),
        lambda path: path.with_suffix(".trace.jsonl").unlink(),
        lambda path: (path.unlink(), path.mkdir()),
    ],
)
def test_damage_is_named_and_refused(unit: UnitRecords, damage) -> None:
    path = attempt(unit, 3)
    damage(path)
    found = unit.standing(NOON)
    assert found.desk == "damaged"
    assert path.name in found.file


def test_a_record_of_another_unit_or_of_training_is_refused(tmp_path: Path) -> None:
    with open_unit(tmp_path, "ABC-1", training=True) as records:
        training = attempt(records, 0)
    with open_unit(tmp_path, "ABC-1", training=False) as records:
        for file in training.parent.glob(f"{training.stem}*"):
            shutil.copy(file, records.folder / file.name)
        assert records.standing(NOON).desk == "damaged"


def test_training_and_real_units_never_meet(tmp_path: Path) -> None:
    with open_unit(tmp_path, "ABC-1", training=True) as records:
        attempt(records, 3)
    with open_unit(tmp_path, "ABC-1", training=False) as records:
        assert not records.standing(NOON).desk
        attempt(records, 4)
    with open_unit(tmp_path, "ABC-1", training=True) as records:
        assert records.standing(NOON).desk == "suspected"


def test_one_at_a_time(tmp_path: Path) -> None:
    with open_unit(tmp_path, "ABC-1", training=False):
        with pytest.raises(BusyError), open_unit(tmp_path, "ABC-1", training=False):
            pass
        with open_unit(tmp_path, "ABC-2", training=False):
            pass


def test_the_trace_is_kept_beside_with_its_digest(unit: UnitRecords) -> None:
    path = attempt(unit, 0)
    details = json.loads(path.read_bytes())["record"]["details"]
    assert read_trace(path.with_name(details["trace"])) == TRACE


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs root and a tmpfs")
def test_a_disk_that_fills_up_after_start_loses_no_suspicion(tmp_path: Path) -> None:
    if os.system(f"mount -t tmpfs -o size=256k tmpfs {tmp_path} 2>/dev/null"):
        pytest.skip("can't mount a tmpfs here")
    try:
        with open_unit(tmp_path, "ABC-1", training=False) as records:
            begun = records.begin(NOON, repeat=False)
            with pytest.raises(OSError, match="space"):
                (tmp_path / "fill").write_bytes(b"x" * 300_000)
            with pytest.raises(OSError, match="space"):
                records.begin(NOON, repeat=False)
            begun.judged(TRACE, 3, NOON)
            assert records.standing(NOON).desk == "suspected"
    finally:
        os.system(f"umount {tmp_path}")


def test_what_a_cut_left_half_written_is_swept(tmp_path: Path) -> None:
    with open_unit(tmp_path, "ABC-1", training=False) as records:
        attempt(records, None)
        (records.folder / "20260101T000000Z-00.json.tmp").write_text("{")
    with open_unit(tmp_path, "ABC-1", training=False) as records:
        assert [p.suffix for p in records.folder.iterdir() if p.name != ".lock"] == [".json"]
        assert records.standing(NOON).repeat


RECORDS = st.builds(
    Record,
    unit=st.just("ABC-1"),
    training=st.booleans(),
    kind=st.sampled_from(["begun", "withdrawn", "danger"]),
    at=st.datetimes(
        min_value=datetime(1971, 1, 1),
        max_value=datetime(2100, 1, 1),
        timezones=st.just(UTC),
    ).map(lambda t: t.replace(microsecond=0)),
    repeat=st.booleans(),
)


@given(RECORDS)
def test_records_survive_the_trip(record: Record) -> None:
    assert decode(encode(record)) == record


@given(st.binary(max_size=60), st.integers(0, 400))
def test_no_bytes_are_a_record_by_accident(garbage: bytes, place: int) -> None:
    good = encode(Record("ABC-1", False, "danger", NOON))
    bad = good[:place] + garbage + good[place + len(garbage) :]
    try:
        assert decode(bad) == decode(good)
    except DamagedRecordError:
        assert bad != good


@given(st.lists(RECORDS), RECORDS)
def test_a_further_record_never_makes_a_unit_stand_better(
    records: list[Record], further: Record
) -> None:
    now = datetime(2030, 1, 1, tzinfo=UTC)
    before, after = standing(records, [], now), standing([*records, further], [], now)
    assert bool(after.desk) >= bool(before.desk)
    assert after.repeat or bool(after.desk) or not before.repeat


@pytest.mark.parametrize(("typed", "label"), [(" ab1 ", "AB1"), ("con", "CON"), ("../x", None)])
def test_labels_are_upper_case_and_no_paths(typed: str, label: str | None) -> None:
    assert normal_label(typed) == label
