"""Where a measured value lies beside its limits, as a small bar in percents.

The bar repeats what the numbers beside it say; it decides nothing.
"""

from dataclasses import dataclass

from lockhil.report.model import Measurement


@dataclass(frozen=True, slots=True)
class Bar:
    """The allowed band and the value's mark, in percent of the bar; `beyond`: off its end."""

    left: float
    width: float
    mark: float
    beyond: str


def bar(m: Measurement) -> Bar | None:
    """The bar of a measurement; None without a value or without a limit."""
    if m.value is None or (m.at_least is None and m.at_most is None):
        return None
    low, high = _scale(m.at_least, m.at_most)

    def percent(value: float) -> float:
        return round(min(100.0, max(0.0, (value - low) * 100 / (high - low))), 2)

    left = 0.0 if m.at_least is None else percent(m.at_least)
    right = 100.0 if m.at_most is None else percent(m.at_most)
    beyond = "low" if m.value < low else "high" if m.value > high else ""
    return Bar(left, round(right - left, 2), percent(m.value), beyond)


def _scale(at_least: float | None, at_most: float | None) -> tuple[float, float]:
    """What the bar spans: the band and some room on each side that has a limit."""
    if at_least is not None and at_most is not None:
        room = (at_most - at_least) * 0.3 or max(1.0, abs(at_most) * 0.5)
        return at_least - room, at_most + room
    edge = at_least if at_least is not None else at_most
    assert edge is not None
    room = abs(edge) * (1.0 if at_most is None else 0.4) or 1.0
    return min(0.0, edge - room if edge < 0 else 0.0), edge + room
