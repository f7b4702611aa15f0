"""The air in which a lock lives: degrees C by the hour, in closed form.

It is one place's climate as data has it, with no luck in it.
"""

import math

from locksim.cells.law import Table
from locksim.scenarios.load import Air

HOURS_A_DAY = 24
_COLDEST_HOUR = 4


class Climate:
    """The temperature at any hour of a life."""

    def __init__(self, air: Air) -> None:
        self._air = air
        self._through: Table | None = None
        if air.points:
            self._through = Table([day for day, _ in air.points], [c for _, c in air.points])

    def at(self, hour: int) -> int:
        """Whole degrees C, as a sensor shows them, `hour` hours after the first midnight."""
        air, day = self._air, hour / HOURS_A_DAY
        if self._through is not None:
            mean = self._through(day)
        else:
            turn = 2 * math.pi * (day + air.begins_on - air.coldest_on) / 365
            mean = air.mean_c - air.year_swing_c * math.cos(turn)
        turn = 2 * math.pi * (hour - _COLDEST_HOUR) / HOURS_A_DAY
        return round(mean - air.day_swing_c * math.cos(turn))

    def span(self, days: int) -> tuple[int, int]:
        """The lowest and the highest of so many days."""
        each = [self.at(hour) for hour in range(days * HOURS_A_DAY)]
        return min(each), max(each)
