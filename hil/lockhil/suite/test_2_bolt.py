"""BOLT: the bolt of a door lock, its motor, its thumb-turn."""

import pytest

from lockhil.plugin import Measure, Opener
from lockhil.suite.observe import changes, told
from lockhil.targets.base import Target

LONGEST_MS = 3_500


def _last(target: Target, ch: str) -> object:
    return changes(target.bench.trace(), ch)[-1][1]


@pytest.mark.req("KIND-1", "BOLT-1")
def test_locks_and_unlocks(unit: Target, measure: Measure) -> None:
    """Unlock and lock end in one typed result each, with the bolt where they say."""
    for method, state in (("bolt.unlock", "UNLOCKED"), ("bolt.lock", "LOCKED")):
        answer = unit.link.call(method)
        assert answer["result"] == "done", f"BOLT-1: {answer}"
        assert unit.link.call("bolt.state")["state"] == state == _last(unit, "bolt"), "BOLT-1"
        measure("BOLT-1", method, answer["ms"], "ms", at_least=100, at_most=LONGEST_MS)
        assert _last(unit, "motor") == 0, "BOLT-4"


@pytest.mark.req("BOLT-1")
def test_already_there(unit: Target) -> None:
    """A command that is fulfilled already is done, without the motor."""
    assert unit.link.call("bolt.lock")["result"] == "done"
    assert [v for _, v in changes(unit.bench.trace(), "motor")] == [0]


@pytest.mark.req("BOLT-1")
def test_second_command_while_moving(unit: Target) -> None:
    """While the motor runs a second command is BUSY, and the first still ends in its own result."""
    asked = unit.link.begin("bolt.unlock")
    assert unit.link.call("bolt.lock")["result"] == "BUSY"
    unit.bench.clock.advance(seconds=4)
    ends = [line for line in unit.link.lines if b'"id":%d,' % asked in line]
    assert len(ends) == 1, f"BOLT-1: {ends}"
    assert b'"done"' in ends[0]


@pytest.mark.req("BOLT-1", "BATT-9")
def test_results_of_a_failing_pack(open_unit: Opener) -> None:
    """A pack too weak for the motor is told apart from one that is under suspicion."""
    weak = open_unit(pack="good", bolt="unlocked", relock_ms=0)
    weak.bench.set_pack([(1_750, 300), (1_750, 300)])
    assert weak.link.call("bolt.lock")["result"] == "LOW_MOTOR_VOLTAGE", "BOLT-1"
    suspected = open_unit(pack="discharged", bolt="unlocked", relock_ms=0)
    suspected.bench.press()
    suspected.bench.clock.advance(seconds=31)
    assert suspected.link.call("bolt.lock")["result"] == "INSUFFICIENT_BATTERY", "BOLT-1"


@pytest.mark.req("BOLT-2")
def test_thumb_turn_is_observed(unit: Target) -> None:
    """The thumb-turn moves an idle bolt; the unit tells, and starts no motor against it."""
    # Somebody is there, who may be told.
    unit.link.call("bolt.state")
    unit.bench.thumb_turn("unlocked")
    unit.bench.clock.advance(seconds=1)
    assert unit.link.call("bolt.state")["state"] == "UNLOCKED", "BOLT-2"
    assert _last(unit, "motor") == 0, "BOLT-2"
    told = [n.params for n in unit.link.notifications if n.method == "bolt.moved"]
    assert told[-1] == {"state": "UNLOCKED", "by": "hand"}, f"BOLT-2: {told}"


@pytest.mark.req("BOLT-2", "BOLT-4")
@pytest.mark.parametrize("after_ms", range(0, 650, 50))
def test_thumb_turn_wins_against_the_motor(open_unit: Opener, after_ms: int) -> None:
    """At any moment of a locking run a hand that opens wins, and the motor stops for it."""
    unit = open_unit(bolt="unlocked", relock_ms=0)
    bench = unit.bench
    asked = unit.link.begin("bolt.lock")
    bench.clock.advance(ms=after_ms)
    bench.thumb_turn("unlocked")
    bench.clock.advance(seconds=4)
    assert _last(unit, "motor") == 0, "BOLT-4: the motor runs on"
    answers = [line for line in unit.link.lines if b'"id":%d,' % asked in line]
    assert len(answers) == 1, f"BOLT-1: {answers}"
    world = _last(unit, "bolt")
    state = unit.link.call("bolt.state")["state"]
    assert world == "UNLOCKED" == state, f"BOLT-2: {world}, the unit says {state}"


def _relocked(unit: Target, since_ms: int) -> int | None:
    """When the motor began to lock, in ms after `since_ms`."""
    begun = [t for t, v in changes(unit.bench.trace(), "motor", since_ms) if v == 1]
    return begun[0] - since_ms if begun else None


def _unlocked_at(unit: Target) -> int:
    return max(t for t, v in changes(unit.bench.trace(), "bolt") if v == "UNLOCKED")


@pytest.mark.req("BOLT-3")
@pytest.mark.parametrize("delay_ms", [30_000, 5_000])
@pytest.mark.parametrize("opened_by", ["command", "hand"])
def test_relocks_after_its_delay(
    open_unit: Opener, measure: Measure, delay_ms: int, opened_by: str
) -> None:
    """Auto-relock begins after exactly the delay that is set, however the door was unlocked."""
    unit = open_unit(relock_ms=delay_ms)
    if opened_by == "command":
        unit.link.call("bolt.unlock")
    else:
        unit.bench.thumb_turn("unlocked")
    unit.bench.clock.advance(ms=delay_ms + 5_000)
    slack = unit.tolerance_ms
    measure(
        "BOLT-3", "relock", _relocked(unit, _unlocked_at(unit)), "ms",
        at_least=delay_ms - slack, at_most=delay_ms + slack, channel="motor",
        from_ms=_unlocked_at(unit),
    )  # fmt: skip
    assert _last(unit, "bolt") == "LOCKED", "BOLT-3"


@pytest.mark.req("BOLT-3")
def test_relock_can_be_switched_off(open_unit: Opener) -> None:
    """A delay of 0: the door stays unlocked."""
    unit = open_unit(relock_ms=0)
    unit.link.call("bolt.unlock")
    unit.bench.clock.advance(hours=2)
    assert _relocked(unit, _unlocked_at(unit)) is None, "BOLT-3"


@pytest.mark.req("BOLT-3")
@pytest.mark.parametrize("door", ["open", "unknown"])
def test_never_relocks_an_open_door(open_unit: Opener, measure: Measure, door: str) -> None:
    """A door that isn't known to be closed isn't relocked; closing it starts the delay anew."""
    unit = open_unit()
    bench = unit.bench
    unit.link.call("bolt.unlock")
    bench.door(door)
    bench.clock.advance(hours=1)
    assert _relocked(unit, _unlocked_at(unit)) is None, f"BOLT-3: relocked with the door {door}"
    bench.door("closed")
    closed = bench.clock.now_ms
    bench.clock.advance(seconds=40)
    slack = unit.tolerance_ms
    measure("BOLT-3", "relock after closing", _relocked(unit, closed), "ms",
            at_least=30_000 - slack, at_most=30_000 + slack)  # fmt: skip


@pytest.mark.req("BOLT-3")
def test_door_opening_under_the_relock_stops_it(open_unit: Opener) -> None:
    """A door that opens while it relocks stops the motor at once."""
    unit = open_unit(bolt="unlocked")
    bench = unit.bench
    # Half of its way after the boot, however long it took to get into contact.
    bench.clock.advance(ms=30_000 + 500 - bench.clock.now_ms)
    assert _last(unit, "motor") == 1, "BOLT-3: it should be relocking"
    bench.door("open")
    bench.clock.advance(ms=unit.tolerance_ms)
    assert _last(unit, "motor") == 0, "BOLT-3: the motor runs with the door open"


@pytest.mark.req("BOLT-4")
@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("jam", ("MOTOR_BLOCKED", "jam", "JAMMED")),
        ("stall", ("MOTOR_BLOCKED", "stall", "UNLOCKED")),
        ("time-out", ("TIMEOUT", None, "UNLOCKED")),
    ],
)
def test_faults_of_the_motor_are_told_apart(
    open_unit: Opener, measure: Measure, fault: str, expected: tuple[str, str | None, str]
) -> None:
    """Jam, stall and time-out stop the motor in time and are told apart."""
    unit = open_unit(bolt="unlocked", relock_ms=0)
    bench = unit.bench
    if fault == "time-out":
        bench.motor_dead(True)
    else:
        bench.jam(500 if fault == "jam" else 1_000)
    since = bench.clock.now_ms
    answer = unit.link.call("bolt.lock")
    found = (answer["result"], answer.get("cause"), answer["state"])
    assert found == expected, f"BOLT-4: {found}, expected {expected}"
    stopped = changes(bench.trace(), "motor", since)[-1]
    measure("BOLT-4", f"motor off after a {fault}", stopped[0] - since, "ms", at_most=LONGEST_MS)
    assert stopped[1] == 0, "BOLT-4: the motor runs on"


@pytest.mark.req("BOLT-4", "BOLT-3")
def test_a_jammed_relock_is_told_and_tried_again(open_unit: Opener) -> None:
    """A relock that jams is told, tried again, and left to people after the third time."""
    unit = open_unit(bolt="unlocked", relock_ms=5_000)
    unit.bench.jam(500)
    unit.bench.clock.advance(minutes=5)
    runs = told(unit, "bolt.moved")
    assert [run["result"] for run in runs] == ["MOTOR_BLOCKED"] * 3, f"BOLT-4: {runs}"


@pytest.mark.req("BOLT-5")
@pytest.mark.parametrize(
    ("bolt", "state"), [("locked", "LOCKED"), ("unlocked", "UNLOCKED"), ("between", "UNKNOWN")]
)
def test_bolt_is_sensed_at_boot(open_unit: Opener, bolt: str, state: str) -> None:
    """At boot the unit says what it senses, wherever the bolt is."""
    unit = open_unit(bolt=bolt, relock_ms=0)
    said = unit.link.call("bolt.state")["state"]
    assert said == state, f"BOLT-5: bolt {bolt}: expected {state}, the unit says {said}"


@pytest.mark.req("BOLT-5", "BOLT-2")
@pytest.mark.parametrize("side", ["locked", "unlocked"])
def test_bolt_moved_without_power(open_unit: Opener, side: str) -> None:
    """A bolt that a hand moved while there was no power is sensed at the next boot."""
    unit = open_unit(bolt="unlocked" if side == "locked" else "locked", relock_ms=0)
    unit.bench.power_cut(5_000)
    unit.bench.thumb_turn(side)
    unit.bench.clock.advance(seconds=6)
    said = unit.link.call("bolt.state")["state"]
    assert said == side.upper(), f"BOLT-5: bolt {side}, the unit says {said}"


@pytest.mark.req("BOLT-5", "BOLT-4")
@pytest.mark.parametrize("after_ms", range(50, 700, 100))
def test_reset_in_a_motor_run(open_unit: Opener, after_ms: int) -> None:
    """A reset in the middle of a run: the motor is off, and the bolt sensed, not assumed."""
    unit = open_unit(bolt="unlocked", relock_ms=0)
    unit.link.begin("bolt.lock")
    unit.bench.clock.advance(ms=after_ms)
    unit.bench.reset("watchdog")
    unit.bench.clock.advance(seconds=1)
    assert _last(unit, "motor") == 0, "BOLT-5"
    world = _last(unit, "bolt")
    said = unit.link.call("bolt.state")["state"]
    assert said == {"BETWEEN": "UNKNOWN"}.get(str(world), world), f"BOLT-5: {world}, says {said}"
    assert unit.link.call("bolt.lock")["result"] == "done", "BOLT-5: and it goes on"
