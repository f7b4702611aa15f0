"""Lists of results told apart and summed up: by name, by number, by the worst of several.

It changes no result and draws nothing from requirements (`matrix`).
"""

from collections.abc import Sequence

from lockhil.report import text
from lockhil.report.model import Measurement, Result


def numbered(results: Sequence[Result]) -> dict[tuple[str, str, int, int], Result]:
    """The results by test, target, number and repetition.

    The number counts from 1 what else is the same, so that no result hides another.
    """
    found: dict[tuple[str, str, int, int], Result] = {}
    for result in results:
        number = 1
        while (key := (result.test, result.target, number, result.repeat)) in found:
            number += 1
        found[key] = result
    return found


def by_name(measurements: Sequence[Measurement]) -> dict[tuple[str, str, int], Measurement]:
    """The measurements by name, requirement and, where both repeat, their number from 1."""
    found: dict[tuple[str, str, int], Measurement] = {}
    for m in measurements:
        number = 1
        while (key := (m.name, m.requirement or "", number)) in found:
            number += 1
        found[key] = m
    return found


def worst(results: Sequence[Result]) -> Result:
    """The result that speaks for all repetitions: a failed one, else not run, marginal, passed."""
    order = ("failed", "not_run", "passed")
    return min(
        results,
        key=lambda r: (order.index(r.outcome), not any(m.marginal for m in r.measurements)),
    )


def outside(result: Result) -> list[Measurement]:
    """The measurements that aren't within their limits."""
    return [m for m in result.measurements if not m.ok]


def where(m: Measurement) -> str:
    """Where in the trace it was measured: `led.green, counted from 2 s, settled at 14 s`."""
    at = m.at_ms
    if at is None and m.from_ms is not None and m.value is not None and m.unit == "ms":
        at = m.from_ms + round(m.value)
    said = [
        m.channel,
        None if m.from_ms is None else f"counted from {text.seconds(m.from_ms)}",
        None if at is None else f"settled at {text.seconds(at)}",
    ]
    return ", ".join(part for part in said if part)


def told(result: Result) -> bool:
    """Whether the reason only repeats what one of its measurements says anyway."""
    starts = [start for m in outside(result) for start in _starts(m)]
    return any(result.reason.startswith(start) for start in starts)


def _starts(m: Measurement) -> tuple[str, str]:
    return text.measured(m), f"{m.requirement}: {m.name}: "
