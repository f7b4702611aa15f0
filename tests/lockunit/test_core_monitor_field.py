"""What goes wrong with lock batteries in the field, on packs that live: each row has its test here,
or by its name in `test_core_monitor`, `test_core_swap` and the conformance suite."""

import json
import re
from pathlib import Path

import pytest

from locksim.datafile import BadFileError
from locksim.packs.load import FOLDER, kinds, read_kind
from locksim.world import World
from lockunit.battery import LEVELS

HOUR = 3_600_000
KIND = kinds()["cr123a-2s"]


def _world(
    *used: float, kind: str = "cr123a-2s", profile: str = "", celsius: int = 20, capacity: float = 1
) -> World:
    """A unit whose settings are those of `profile`, with a pack of `kind` that is so much used."""
    pack = kinds()[kind]
    cells = [pack.new_cell(used=share, capacity=capacity, temp_c=celsius) for share in used]
    settings = kinds()[profile or kind].settings()
    return World(settings, pack.pack(cells), temperature_c=celsius)


def _levels(world: World) -> list[str]:
    lines = [json.loads(event.v) for event in world.recorder.events if event.ch == "tx"]
    return [line["params"]["level"] for line in lines if line.get("method") == "battery.level"]


def _press(world: World) -> dict[str, object]:
    """What the diagnostic finds."""
    world.press()
    world.run(31_000)
    world.receive(b'{"jsonrpc":"2.0","id":1,"method":"selftest.last"}\n')
    world.run()
    answers = [json.loads(event.v) for event in world.recorder.events if event.ch == "tx"]
    found: dict[str, object] = answers[-1]["result"]
    return found


@pytest.mark.parametrize("idle_ma", [12, 40])
def test_a_drain_never_outruns_the_level(idle_ma: int) -> None:
    """A poller, or a radio left on, that drains the lock in days: no pack dies as a good one, and
    no level is better than one before."""
    world = _world(0.2, 0.2)
    world.plant.idle_ua = idle_ma * 1_000
    for _ in range(200):
        world.run(HOUR)
        if _levels(world)[-1:] == ["SUSPECTED_DISCHARGED"]:
            break
    found = [LEVELS.index(level) for level in _levels(world)]
    assert found[0] == LEVELS.index("GOOD")
    assert found == sorted(found), _levels(world)
    # One that is dead can't tell: losing contact is suspicion to those who look for it.
    dead = not world.loop.running and found[-1] == LEVELS.index("CHANGE_NOW")
    assert dead or found[-1] == LEVELS.index("SUSPECTED_DISCHARGED")


def test_80_percent_to_none_overnight() -> None:
    """Between two samples nothing can tell; the pack that recovers afterwards isn't good again."""
    world = _world(0.2, 0.2)
    world.run(24 * HOUR)
    assert _levels(world) == ["GOOD"]
    world.plant.idle_ua = 150_000
    world.settle()
    while world.loop.running:
        world.run(HOUR // 4)
    world.plant.idle_ua = 40
    world.settle()
    world.run(72 * HOUR)
    assert world.loop.running, "it should have recovered: this shows nothing"
    assert _levels(world)[-1] == "SUSPECTED_DISCHARGED"
    assert "GOOD" not in _levels(world)[1:]


@pytest.mark.parametrize(("kind", "used"), [("l91-4s", 0.99), ("cr123a-2s", 0.99)])
def test_a_lithium_cell_that_rests_high_and_delivers_nothing(kind: str, used: float) -> None:
    world = _world(*[used] * kinds()[kind].series, kind=kind)
    assert world.plant.pack_mv(0) > 0.75 * kinds()[kind].fresh().thevenin(0)[0]
    assert _press(world)["outcome"] in ("failed", "none"), "none: it browned out, and knows"
    assert not [event for event in world.recorder.events if event.ch == "led.red" and event.v]
    assert _levels(world)[-1:] == ["SUSPECTED_DISCHARGED"] or world.rail.reset_cause == "brown-out"


def test_one_spent_cell_among_good_ones() -> None:
    assert _press(_world(0.0, 0.99))["outcome"] == "failed"


@pytest.mark.parametrize("celsius", [-10, 0, 20, 40])
def test_cold_and_warmth_make_no_fresh_pack_bad(celsius: int) -> None:
    world = _world(0.0, 0.0, celsius=celsius)
    world.run(24 * HOUR)
    assert _levels(world) == ["GOOD"]
    assert _press(world)["outcome"] == "passed"


@pytest.mark.parametrize("celsius", [-20, -10, 0, 20, 40])
def test_no_temperature_makes_an_empty_pack_pass(celsius: int) -> None:
    assert _press(_world(0.98, 0.98, celsius=celsius))["outcome"] not in ("passed", "change_soon")


@pytest.mark.parametrize(
    ("kind", "profile"),
    [("l91-4s", "alkaline-4s"), ("l91-4s", "cr123a-2s"), ("li-socl2-d-2s", "cr123a-2s")],
)
def test_the_wrong_chemistry_selected(kind: str, profile: str) -> None:
    """Nothing good is said of it: no level, no red."""
    world = _world(*[0.0] * kinds()[kind].series, kind=kind, profile=profile)
    world.run(24 * HOUR)
    assert _levels(world) in ([], ["SUSPECTED_DISCHARGED"])
    assert _press(world)["outcome"] in ("no_verdict", "failed")


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("soon_mv", 1, "expected fresh_mv >= soon_mv >= now_mv"),
        ("fresh_mv", 1, "expected fresh_mv >= soon_mv >= now_mv"),
        ("sag_cool", 1_000, "sag_cold: expected at least sag_cool"),
    ],
)
def test_a_table_that_is_not_monotone_is_refused(
    key: str, value: int, says: str, tmp_path: Path
) -> None:
    """The unit's own loader refuses it too: `test_core_settings`."""
    text = (FOLDER / "cr123a_2s.toml").read_text()
    text, found = re.subn(rf"(?m)^{key} = \d+$", f"{key} = {value}", text)
    assert found == 1
    path = tmp_path / "pack.toml"
    path.write_text(text)
    with pytest.raises(BadFileError, match=says):
        read_kind(path)


@pytest.mark.parametrize("celsius", [-20, -10])
def test_a_live_cell_reversed_by_the_starting_motor_in_the_cold(celsius: int) -> None:
    """Whatever cell the world saw driven below 0 V in a run, the unit has latched."""
    reversed_ones = 0
    for used in range(900, 1_000, 5):
        world = _world(0.3, used / 1_000, celsius=celsius)
        world.run(1_000)
        world.receive(b'{"jsonrpc":"2.0","id":1,"method":"bolt.unlock"}\n')
        world.run(5_000)
        if any(slot.cell.reversed for slot in world.plant.pack.slots):  # type: ignore[attr-defined]
            reversed_ones += 1
            assert _levels(world)[-1:] == ["SUSPECTED_DISCHARGED"], used
    assert reversed_ones, "none was reversed: this shows nothing"
