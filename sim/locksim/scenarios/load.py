"""Scenarios as data: the schema of `scenarios/*.toml`, read and checked.

What a field means to the world is `agenda`'s and `life`'s business; nothing is simulated here.
"""

from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from locksim.datafile import BadFileError, read
from locksim.packs.load import PackKind, cell_laws, kinds
from locksim.scenarios.events import Event
from lockunit.settings import Settings

FORMAT = "lockrig-scenario/1"
FOLDER = Path(__file__).parent

Days = Annotated[int, Meta(ge=1, le=7_300)]
Weather = Annotated[float, Meta(ge=-40, le=60)]
Swing = Annotated[float, Meta(ge=0, le=40)]
Number = Annotated[int, Meta(ge=0, le=100)]
Hour = Annotated[int, Meta(ge=0, le=24)]
Share = Annotated[float, Meta(gt=0, le=3)]
Microamps = Annotated[float, Meta(ge=0, le=200_000)]
Level = Literal["", "UNKNOWN", "GOOD", "CHANGE_SOON", "CHANGE_NOW", "SUSPECTED_DISCHARGED"]


class _Struct(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    pass


class Visits(_Struct, frozen=True, kw_only=True):
    """From the least to the most visits a day, each at any time within `hours`.

    Who isn't let in asks again, `tries` times in all; a door that doesn't lock again by itself is
    locked `by_hand`. 2 to 6 a day is this project's assumption for home care, from no published
    distribution.
    """

    a_day: tuple[Number, Number] = (2, 6)
    hours: tuple[Hour, Hour] = (7, 22)
    tries: Annotated[int, Meta(ge=1, le=10)] = 3
    by_hand: bool = True


class Air(_Struct, frozen=True, kw_only=True):
    """The temperature: a year's and a day's swing (each way) about a mean, or through points
    (day, degrees C). Day 0 of a life is `begins_on` of the year; it is coldest on `coldest_on`."""

    mean_c: Weather = 20
    year_swing_c: Swing = 0
    day_swing_c: Swing = 0
    begins_on: Annotated[int, Meta(ge=1, le=365)] = 182
    coldest_on: Annotated[int, Meta(ge=1, le=365)] = 25
    points: list[tuple[Annotated[int, Meta(ge=0, le=7_300)], Weather]] = []


class Spread(_Struct, frozen=True, kw_only=True):
    """How cells of one box differ: standard deviations, in per cent."""

    capacity_pct: Annotated[float, Meta(ge=0, le=20)] = 1.5
    resistance_pct: Annotated[float, Meta(ge=0, le=50)] = 5


class CellPlace(_Struct, frozen=True, kw_only=True):
    """What is special about one place's cell, beside its luck: shares of its kind's capacity and
    resistance; `kind`: a cell of another kind; `polarity` -1: the wrong way round."""

    place: Annotated[int, Meta(ge=1, le=8)]
    capacity: Share = 1
    resistance: Annotated[float, Meta(gt=0, le=20)] = 1
    used: Annotated[float, Meta(ge=0, le=1)] = 0
    rest_days: Annotated[float, Meta(ge=0, le=7_300)] = 0
    kind: str = ""
    polarity: Literal[1, -1] = 1


class Poller(_Struct, frozen=True, kw_only=True):
    """Something that connects and asks for the level all the time; what a connection costs."""

    every_s: Annotated[int, Meta(ge=30, le=86_400)]
    ask_mas: Annotated[float, Meta(ge=0, le=10_000)]
    from_day: Annotated[int, Meta(ge=0, le=7_300)] = 0


class Scenario(_Struct, frozen=True, kw_only=True):
    """A whole file.

    It goes on for `days`, or for `past_end_days` after the first visit that the pack let down.
    From `diagnose_from` on somebody presses the button every morning.
    """

    format: Literal["lockrig-scenario/1"]
    name: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=40)]
    about: Annotated[str, Meta(max_length=2_000)]
    pack: str
    profile: str = ""
    lock: Literal["door", "entrance", "laundry"] = "door"
    days: Days
    past_end_days: Annotated[int, Meta(ge=0, le=7_300)] = 30
    seed: Annotated[int, Meta(ge=0, le=2**63 - 1)] = 1
    standby_ua: Microamps = 40
    diagnose_from: Level = "CHANGE_SOON"
    visits: Visits = Visits()
    air: Air = Air()
    spread: Spread = Spread()
    cell: list[CellPlace] = []
    poller: Poller | None = None
    event: Annotated[list[Event], Meta(max_length=1_000)] = []

    @property
    def pack_kind(self) -> PackKind:
        """The kind of pack that is in it."""
        return kinds()[self.pack]

    @property
    def unit_kind(self) -> PackKind:
        """The kind of pack that the unit believes in."""
        return kinds()[self.profile or self.pack]

    def settings(self) -> Settings:
        """The unit's settings."""
        return self.unit_kind.settings(self.lock)


def read_scenario(path: Path) -> Scenario:
    """The scenario file at `path`; BadFileError names file, key, value, and what is allowed."""
    scenario = read(path, Scenario)
    for complaint in complaints(scenario):
        raise BadFileError(f"{path}: {complaint}")
    return scenario


def complaints(scenario: Scenario) -> Iterator[str]:
    """What the types alone can't tell, most important first."""
    for key, name in (("pack", scenario.pack), ("profile", scenario.profile or scenario.pack)):
        if name not in kinds():
            yield f"{key}: expected one of {', '.join(kinds())}, got {name!r:.60}"
            return
    least, most = scenario.visits.a_day
    if least > most:
        yield f"visits.a_day: expected the least, then the most, got {[least, most]}"
    first, last = scenario.visits.hours
    if first >= last:
        yield f"visits.hours: expected the first, then a later last, got {[first, last]}"
    yield from _air(scenario.air)
    yield from _cells(scenario)
    for number, event in enumerate(scenario.event):
        for complaint in event.complaints(scenario.days, scenario.pack_kind.series):
            yield f"event[{number}].{complaint}"


def _air(air: Air) -> Iterator[str]:
    swing = air.year_swing_c + air.day_swing_c
    if not -40 <= air.mean_c - swing <= air.mean_c + swing <= 60:
        low, high = air.mean_c - swing, air.mean_c + swing
        yield f"air: expected -40 to 60 C with its swings, got {low:g} to {high:g} C"
    days = [day for day, _ in air.points]
    if any(b <= a for a, b in pairwise(days)):
        yield f"air.points: expected rising days, got {days}"


def _cells(scenario: Scenario) -> Iterator[str]:
    series = scenario.pack_kind.series
    seen: set[int] = set()
    for number, cell in enumerate(scenario.cell):
        here = f"cell[{number}].place: expected"
        if cell.place > series:
            yield f"{here} 1 to {series} in {scenario.pack}, got {cell.place}"
        if cell.place in seen:
            yield f"{here} each place once, got {cell.place} again"
        seen.add(cell.place)
        if cell.kind and cell.kind not in cell_laws():
            known = ", ".join(cell_laws())
            yield f"cell[{number}].kind: expected one of {known}, got {cell.kind!r:.60}"


@cache
def scenarios() -> dict[str, Scenario]:
    """The package's scenarios by name."""
    found = [read_scenario(path) for path in sorted(FOLDER.glob("*.toml"))]
    return {scenario.name: scenario for scenario in found}
