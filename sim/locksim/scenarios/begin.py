"""How a scenario begins: its cells with their luck, its packs, the pack that is put in later.

The same seed makes the same cells, whatever else is drawn; a unit isn't made here.
"""

from locksim.cells.cell import Cell
from locksim.packs.live import LivePack
from locksim.packs.load import cell_laws
from locksim.scenarios.chance import stream
from locksim.scenarios.events import Event
from locksim.scenarios.load import CellPlace, Scenario, Spread


def first_pack(scenario: Scenario, seed: int, temp_c: float) -> LivePack:
    """The pack that is in it from the beginning."""
    kind = scenario.pack_kind
    special = {cell.place: cell for cell in scenario.cell}
    places = [special.get(place, CellPlace(place=place)) for place in range(1, kind.series + 1)]
    cells = [_cell(scenario, seed, place, temp_c) for place in places]
    return kind.pack(cells, polarity=[place.polarity for place in places])


def _cell(scenario: Scenario, seed: int, place: CellPlace, temp_c: float) -> Cell:
    capacity, resistance = _luck(scenario.spread, seed, "cell", place.place)
    return scenario.pack_kind.new_cell(
        law=cell_laws()[place.kind] if place.kind else None,
        capacity=place.capacity * capacity,
        resistance=place.resistance * resistance,
        used=place.used,
        rest_days=place.rest_days,
        temp_c=temp_c,
    )


def another_pack(
    scenario: Scenario, seed: int, number: int, event: Event, *, now: int, temp_c: float
) -> LivePack:
    """The pack `number` (the first is 1) that `event` puts in `now`."""
    kind = scenario.pack_kind
    cells = []
    for place in range(1, kind.series + 1):
        capacity, resistance = _luck(scenario.spread, seed, "pack", number, "cell", place)
        cell = kind.new_cell(
            capacity=capacity,
            resistance=resistance * (event.resistance or 1),
            used=event.used[place - 1] if event.used else 0,
            rest_days=event.rest_days or 0,
            temp_c=temp_c,
        )
        # What happened to it so far, `event` says.
        cell.since_ms = now
        cells.append(cell)
    return kind.pack(cells)


def _luck(spread: Spread, seed: int, *purpose: object) -> tuple[float, float]:
    """A cell's own shares of its kind's capacity and resistance."""
    luck = stream(seed, *purpose)
    capacity = 1 + luck.gauss(0, spread.capacity_pct / 100)
    resistance = 1 + luck.gauss(0, spread.resistance_pct / 100)
    return max(0.1, capacity), max(0.1, resistance)
