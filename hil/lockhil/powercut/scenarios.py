"""The histories of a unit that the sweep cuts: what its stores meet in a life.

A new store gets its scenario here, and what it owes as invariants; see docs/power-loss.md.
"""

from functools import partial

from lockhil.powercut import access, changes, journals, slots, stores, updates
from lockhil.powercut.scenario import Scenario
from lockhil.targets import Target
from locksim.world import World
from lockunit import battery

# (open voltage, resistance) of a cell: by the load of 0.6 A it falls below each threshold in turn.
_LEVELS = ((2_700, 300), (2_600, 300), (2_400, 500))
# Its voltage breaks down when the motor starts, and is back at once.
_BREAKS_DOWN = ((2_000, 300), (2_000, 300))


def _kept(level: int, ground: int) -> bytes:
    """How the battery monitor keeps a level."""
    return bytes((level, level ^ 255, ground, ground ^ 255, 0, 255))


def _new_pack(world: World) -> None:
    """Somebody puts in a good pack: that alone clears nothing."""
    world.set_pack("good")


def _hand_opens(world: World) -> None:
    """Somebody turns the bolt: what the unit last knew isn't so any more."""
    world.thumb_turn("unlocked")


def _levels(unit: Target) -> None:
    """From a good pack to a suspicious one, step by step, with the door used in between."""
    clock = unit.bench.clock
    clock.advance(seconds=70)
    for cell in _LEVELS:
        unit.link.call("bolt.unlock")
        unit.bench.set_pack([cell, cell])
        clock.advance(hours=13)


def _press(unit: Target) -> None:
    unit.bench.clock.advance(seconds=1)
    unit.bench.press()
    unit.bench.clock.advance(seconds=16)


def _boot(unit: Target) -> None:
    unit.bench.clock.advance(seconds=1)


def _uses(unit: Target, opening: str) -> None:
    """Open, and let it lock by itself."""
    unit.link.call(opening)
    unit.bench.clock.advance(seconds=35)


def _brown_out(unit: Target) -> None:
    """The pack breaks down while the motor runs: the bolt stays where it got to."""
    clock = unit.bench.clock
    clock.advance(seconds=70)
    unit.link.begin("bolt.unlock")
    clock.advance(ms=200)
    unit.bench.set_pack([(1_000, 300), (1_000, 300)])
    clock.advance(ms=20)
    unit.bench.set_pack("good")
    clock.advance(seconds=1)


_ALL = (
    Scenario("levels", "each level of the pack, down to a suspicion", _levels,
             while_dead=_new_pack),
    Scenario("diagnostic", "the push button finds a pack that may be discharged", _press,
             {"pack": [(2_400, 500), (2_400, 500)]}, while_dead=_new_pack, every_ms=1_000),
    Scenario("brown-out", "the pack breaks down under the motor", _brown_out,
             while_dead=_new_pack),
    Scenario("motor", "unlocked, and locked again by itself", partial(_uses, opening="bolt.unlock"),
             every_ms=97),
    Scenario("entrance", "a release and its end", partial(_uses, opening="bolt.release"),
             {"kind": "entrance"}, every_ms=397),
    Scenario("thumb-turn", "a hand turns the bolt while there is no power", _levels,
             while_dead=_hand_opens),
    Scenario("first boot", "nothing is stored yet", _boot,
             stored={"settings": None, "unit": None}),
    Scenario("left over", "an earlier loss of power left files half written", _boot,
             stored={"battery": _kept(battery.SUSPECTED, battery.G_BELOW), "battery.new": b"",
                     "settings.new": b'{"kind":"laun'}, while_dead=_new_pack,
             level=("SUSPECTED_DISCHARGED", "below_threshold")),
    *stores.SCENARIOS,
    *journals.SCENARIOS,
    *changes.SCENARIOS,
    *access.SCENARIOS,
    *slots.SCENARIOS,
    *updates.SCENARIOS,
)  # fmt: skip

SCENARIOS = {scenario.name: scenario for scenario in _ALL}
