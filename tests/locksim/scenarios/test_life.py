"""A short life lived to past its end: what is told of it, and what it doesn't depend on."""

from pathlib import Path

import msgspec
import pytest

from lockjudge.trace import Event, Trace
from lockjudge.verdict import judge
from locksim.packs.load import kinds
from locksim.scenarios.agenda import DAY_MS, visit_times
from locksim.scenarios.begin import first_pack
from locksim.scenarios.chance import stream
from locksim.scenarios.life import Lived
from locksim.scenarios.load import scenarios
from locksim.scenarios.result import Life
from tests.locksim.scenarios.short import begun, short_scenario


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Lived, Life]:
    life = begun(short_scenario(tmp_path_factory.mktemp("life")))
    return life, life.live()


def day_of(life: Life, what: str) -> float:
    days = [stone.day for stone in life.milestones if stone.what == what]
    assert days, f"no {what} among {[stone.what for stone in life.milestones]}"
    return days[0]


def test_it_is_told_to_its_end_and_past_it(lived: tuple[Lived, Life]) -> None:
    _, life = lived
    end = day_of(life, "end")
    assert day_of(life, "SUSPECTED_DISCHARGED") < end
    assert day_of(life, "discharged") < day_of(life, "dead")
    assert day_of(life, "refused") <= end
    assert life.leads[0].end_day == end
    assert life.days == pytest.approx(end + 3, abs=1)
    assert len(life.rows) == life.days
    assert not life.rows[-1].up
    assert life.opened > 0
    assert life.refused > 0


def test_no_press_allows_a_discharged_pack(lived: tuple[Lived, Life]) -> None:
    _, life = lived
    assert any(found.discharged for found in life.diagnoses)
    assert all(found.exit_code == 3 for found in life.diagnoses if found.discharged)
    dead = day_of(life, "dead")
    assert all(not found.green and found.why for found in life.diagnoses if found.day > dead)


def test_charge_adds_up(lived: tuple[Lived, Life]) -> None:
    """What consumers took is what each cell gave."""
    world = lived[0].world
    last = lived[1].rows[-1]
    drawn = last.motor_mah + last.test_mah + last.standby_mah + last.radio_mah
    assert drawn == pytest.approx(world.charge_mas / 3600, abs=0.01)
    used = 0.80 * world.plant.pack.slots[0].cell.capacity_mah  # type: ignore[attr-defined]
    assert last.cells[0].delivered_mah - used == pytest.approx(drawn, rel=0.01)


def test_what_is_kept_of_the_trace_can_be_judged_again(lived: tuple[Lived, Life]) -> None:
    kept = list(lived[0].kept.events())
    times = [event.t_ms for event in kept]
    assert times == sorted(times)
    last = max(n for n, event in enumerate(kept) if event.ch == "note")
    piece = [*kept[last:], Event(lived[0].world.now, "end", None)]
    outcome = judge(Trace(lived[0].world.recorder.header, piece)).outcome
    assert outcome == lived[1].diagnoses[-1].outcome


def test_the_same_seed_is_the_same_life(lived: tuple[Lived, Life], tmp_path: Path) -> None:
    again = begun(short_scenario(tmp_path)).live()
    assert msgspec.json.encode(again) == msgspec.json.encode(lived[1])
    other = begun(short_scenario(tmp_path), seed=2).live(2)
    assert other.rows != lived[1].rows[:2]


def test_a_life_forgets_its_events(tmp_path: Path) -> None:
    """The recorder and the list of wakes don't grow with the days."""
    life = begun(short_scenario(tmp_path))
    sizes = []

    def look(_: int) -> None:
        sizes.append(len(life.world.recorder.events) + len(life.world.wakes))

    life.progress = look
    life.live(4)
    assert max(sizes) < 20


def test_chance_goes_by_purpose_not_by_order() -> None:
    scenario = scenarios()["deep-discharge"]
    backwards = {day: visit_times(scenario, 7, day) for day in reversed(range(50))}
    assert backwards == {day: visit_times(scenario, 7, day) for day in range(50)}
    assert visit_times(scenario, 8, 3) != visit_times(scenario, 7, 3)
    for day, times in backwards.items():
        assert 2 <= len(times) <= 6
        assert all(7 <= (at - day * DAY_MS) / 3_600_000 < 22 for at in times)
    assert stream(1, "a", 23).random() != stream(1, "a", 2, 3).random()


def test_a_cells_luck_is_its_own() -> None:
    """What is said of one place, or of visits, moves no other cell."""
    scenario = scenarios()["deep-discharge"]
    plain = msgspec.structs.replace(scenario, cell=[])
    with_one, without = (first_pack(each, 5, 20.0).slots for each in (scenario, plain))
    assert with_one[0].cell.capacity_mah == without[0].cell.capacity_mah
    assert with_one[1].cell.capacity_mah == pytest.approx(0.95 * without[1].cell.capacity_mah)
    assert without[0].cell.capacity_mah != without[1].cell.capacity_mah


EVENTS = """
[[event]]
what = "radio"
on_day = 0
hour = 1
ua = 5000

[[event]]
what = "radio"
on_day = 0
hour = 3
ua = 0

[[event]]
what = "usb"
on_day = 0
hour = 4
for_hours = 1

[[event]]
what = "reset"
on_day = 0
hour = 5.5
cause = "watchdog"
times = 3
every_s = 30

[[event]]
what = "pack"
on_day = 0
hour = 9
role = "desk"

[[event]]
what = "jam"
on_day = 1
hour = 1
place = 500

[[event]]
what = "clear"
on_day = 2
hour = 1

[[event]]
what = "rest"
on_day = 2
hour = 2
for_days = 2

[poller]
every_s = 3600
ask_mas = 10
from_day = 2
"""


def test_events_happen(tmp_path: Path) -> None:
    life = begun(short_scenario(tmp_path, EVENTS)).live(5)
    first, jammed, cleared, resting = life.rows[0], life.rows[1], life.rows[2], life.rows[3]
    assert first.radio_mah == pytest.approx(10, rel=0.01)
    # Three by the watchdog, one by taking the pack out.
    assert first.resets == 4
    assert first.pack == 2
    (told,) = [stone.why for stone in life.milestones if stone.what == "pack"]
    # Whether it bears the proof is its profile's matter.
    assert told in ("swap.close by desk: done", "swap.close by desk: INSUFFICIENT_BATTERY")
    assert first.cells[0].delivered_mah < kinds()["cr2-2s"].law().capacity_mah / 10
    assert jammed.opened == 0
    assert jammed.refused >= 6
    assert resting.visits == 0
    assert resting.runs == 0
    assert resting.radio_mah - cleared.radio_mah == pytest.approx(24 * 10 / 3600, abs=0.002)
