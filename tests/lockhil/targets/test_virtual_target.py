"""The target `virtual`: what its board can measure, and what it is called."""

from typing import Any

import pytest

from lockhil.bench import NotOnThisBenchError
from lockhil.targets import open_target
from locksim.packs.fixed import PACKS

ONE, THREE = [(3_000, 300)], [(3_000, 300)] * 3


@pytest.mark.parametrize("name", ["sim", "virtual"])
def test_a_trace_names_its_target(name: str) -> None:
    with open_target(name, unit_id="UNIT-7") as unit:
        assert (unit.name, unit.kind, unit.clock_kind) == (name, name, "virtual")
        assert unit.link.call("unit.hello")["unit"] == "UNIT-7"
        assert unit.bench.trace().header["target"] == name


@pytest.mark.parametrize(
    ("pack", "tapped", "came"),
    [
        (ONE, True, "got 3000 mV;"),
        (THREE, True, "got 3000 mV, 3000 mV, 3000 mV;"),
        ("good_untapped", True, "got 3000 mV, 3000 mV without taps;"),
        ("good", False, "without taps;"),
        ([(3_000, 300), (4_950, 300)], True, "got 3000 mV, 4950 mV;"),
    ],
)
def test_a_pack_that_the_board_has_no_taps_for_isnt_on_this_bench(
    pack: Any, tapped: bool, came: str
) -> None:
    with open_target("virtual") as unit:
        before = unit.bench.mark()
        with pytest.raises(NotOnThisBenchError, match="expected a pack that this board") as caught:
            unit.bench.set_pack(pack, tapped=tapped)
        assert came in str(caught.value)
        assert unit.bench.since(before) == []
    if tapped:
        with pytest.raises(NotOnThisBenchError), open_target("virtual", pack=pack):
            pass


def test_packs_of_two_tapped_cells_are() -> None:
    with open_target("virtual", pack=iter([(4_949, 1), (0, 5_000)])) as unit:
        for name in PACKS:
            unit.bench.set_pack(name)
        unit.bench.set_pack(iter([(0, 1), (4_949, 1)]))
        assert [e.v for e in unit.bench.since(0) if e.ch == "battery.mv"][-1] == 4_949


@pytest.mark.parametrize("celsius", [-51, 280])
def test_a_temperature_that_the_sensor_cant_show_isnt_on_this_bench(celsius: int) -> None:
    with open_target("virtual") as unit, pytest.raises(NotOnThisBenchError, match="-50 to 279"):
        unit.bench.temperature(celsius)
    with (
        pytest.raises(NotOnThisBenchError, match="-50 to 279"),
        open_target("virtual", temperature=celsius),
    ):
        pass


@pytest.mark.parametrize("celsius", [-50, -40, -1, 0, 125, 279, None])
def test_every_other_one_is_reported(celsius: int | None) -> None:
    with open_target("virtual") as unit:
        unit.bench.temperature(celsius)
        assert unit.link.call("battery.report")["temp_c"] == celsius
