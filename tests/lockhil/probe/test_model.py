"""The probe's model does what the simulator's does with a fixed pack, whatever happens to both."""

import sys
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lockhil.probe.files import ONBOARD
from locksim.bolt import Bolt
from locksim.packs.make import make_pack
from locksim.plant import Plant as Simulated

sys.path.append(str(ONBOARD))
from lockprobe.plant import Plant

CELLS = st.lists(st.tuples(st.integers(0, 4_000), st.integers(0, 5_000)), min_size=1, max_size=4)
ACTS = st.one_of(
    st.tuples(st.just("wait"), st.integers(0, 1_000)),
    st.tuples(st.just("next"), st.just(0)),
    st.tuples(st.just("drive"), st.sampled_from((-1, 0, 1))),
    st.tuples(st.just("load"), st.booleans()),
    st.tuples(st.just("jam"), st.none() | st.integers(0, 1_000)),
    st.tuples(st.just("dead"), st.booleans()),
    st.tuples(st.just("turn"), st.sampled_from(("locked", "unlocked"))),
    st.tuples(st.just("supply"), st.sampled_from(("battery", "external", "unknown"))),
    st.tuples(st.just("temperature_c"), st.integers(-20, 30)),
    st.tuples(st.just("pack"), CELLS),
)


class Both:
    """The same history for both; times are ms."""

    def __init__(self, cells: list[tuple[int, int]], place: str) -> None:
        self.now = 0
        self.sim = Simulated(make_pack(cells), Bolt(place))
        self.probe = Plant(place)
        self.probe.cells = cells
        self.settle()

    def settle(self) -> None:
        for plant in (self.sim, self.probe):
            plant.settle(self.now)

    def pass_by(self, ms: int) -> None:
        """Both are settled whenever they change by themselves."""
        until = self.now + ms
        while 0 <= (left := self.sim.next_ms(self.now)) <= until - self.now:
            assert self.probe.next_ms(self.now) == left
            self.now += left
            self.settle()
        self.now = until

    def act(self, what: str, arg: Any) -> None:
        if what == "wait":
            self.pass_by(arg)
        elif what == "next":
            self.pass_by(max(0, self.sim.next_ms(self.now)))
        elif what == "pack":
            self.sim.pack, self.probe.cells = make_pack(arg), arg
        else:
            for plant in (self.sim, self.probe):
                self._act(plant, what, arg)
        self.settle()

    def _act(self, plant: Any, what: str, arg: Any) -> None:
        if what == "drive":
            plant.motor.drive(self.now, arg)
        elif what == "jam":
            plant.bolt.jam(self.now, arg)
        elif what == "turn":
            plant.bolt.turn(self.now, arg, 400)
        elif what == "dead":
            plant.motor.dead = arg
        else:
            setattr(plant, what, arg)

    def compare(self) -> None:
        cells = range(len(self.probe.cells))
        assert [self.probe.cell_mv(c) for c in cells] == [
            self.sim.pack.cell_mv(c, self.now) for c in cells
        ]
        assert self.probe.pack_mv() == self.sim.pack_mv(self.now)
        assert (self.probe.pack_ma, self.probe.motor_ma) == (self.sim.pack_ma, self.sim.motor_ma)
        assert self.probe.bolt.at(self.now) == self.sim.bolt.at(self.now)
        assert self.probe.next_ms(self.now) == self.sim.next_ms(self.now)


@given(CELLS, st.sampled_from(("locked", "between", "unlocked")), st.lists(ACTS, max_size=30))
def test_both_models_agree(
    cells: list[tuple[int, int]], place: str, acts: list[tuple[str, Any]]
) -> None:
    both = Both(cells, place)
    for what, arg in acts:
        both.act(what, arg)
        both.compare()
