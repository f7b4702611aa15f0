"""A short life to its bitter end: nearly used cells and a thirsty unit. It tests nothing itself."""

from pathlib import Path

from locksim.scenarios.begin import first_pack
from locksim.scenarios.life import Lived
from locksim.scenarios.load import Scenario, read_scenario
from locksim.scenarios.weather import Climate
from locksim.world import World

SHORT = """
format = "lockrig-scenario/1"
name = "short"
about = "Nearly used up, and thirsty."
pack = "cr2-2s"
days = 20
past_end_days = 3
standby_ua = 900
diagnose_from = "GOOD"

[air]
mean_c = 15
day_swing_c = 3

[[cell]]
place = 1
used = 0.80

[[cell]]
place = 2
used = 0.86
"""


def short(folder: Path, more: str = "") -> Path:
    """Its file in `folder`; `more`: what else stands in it."""
    path = folder / "short.toml"
    path.write_text(SHORT + more)
    return path


def begun(scenario: Scenario, seed: int = 1) -> Lived:
    """The life of `scenario` before its first day."""
    degrees = Climate(scenario.air).at(0)
    world = World(
        scenario.settings(),
        first_pack(scenario, seed, degrees),
        temperature_c=degrees,
        seed=seed,
    )
    return Lived(scenario, world, seed=seed)


def short_scenario(folder: Path, more: str = "") -> Scenario:
    return read_scenario(short(folder, more))
