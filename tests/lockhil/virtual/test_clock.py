"""A board's clock: what the driver sets it reads again, whatever the day, until power goes."""

import calendar
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lockhil.virtual.rig import STAY, board, say

_FROM_S = calendar.timegm((2024, 1, 1, 0, 0, 0))
# What the wires carry.
_TO_S = calendar.timegm((2068, 1, 1, 0, 0, 0))
# The days about which a calendar is likely to be wrong.
_EDGES = [
    calendar.timegm((year, month, day, hour, 0, 0)) + second
    for year in (2024, 2025, 2026, 2027, 2028, 2067)
    for month, day in ((1, 1), (2, 28), (3, 1), (12, 31))
    for hour, second in ((0, 0), (23, 3_599))
]

_SET = """
from lockboards import clock
for seconds in json.loads('''%s'''):
    clock.set_utc(seconds)
    say([seconds, clock.utc(), list(machine.RTC().datetime()[:3])])
"""


@settings(max_examples=3)
@given(st.lists(st.integers(_FROM_S, _TO_S), min_size=50, max_size=50))
def test_what_is_set_is_read_again(times: list[int]) -> None:
    asked = times + _EDGES
    said = say(_SET % json.dumps(asked))
    assert len(said) == len(asked)
    for (told, read, date), seconds in zip(said, asked, strict=True):
        assert told == read == seconds
        year, month, day = date
        assert calendar.timegm((year, month, day, 0, 0, 0)) == seconds - seconds % 86_400


def test_a_clock_that_was_set_runs_and_is_forgotten_without_power() -> None:
    main = """
from lockboards import clock
say(clock.utc())
clock.set_utc(1_750_000_000)
time.sleep(5)
say(clock.utc())
"""
    with board(main + STAY) as rig:
        rig.world.run(6_000)
        assert rig.said[:1] == [0]
        assert 1_750_000_004 <= rig.said[1] <= 1_750_000_005
        rig.world.power_cut(10)
        rig.world.run(1_000)
        assert rig.said[2] == 0
