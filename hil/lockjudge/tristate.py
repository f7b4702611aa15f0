"""Three-valued conditions: *holds*, *violated*, or *unknown* because it wasn't seen well enough.

Comparisons under an uncertainty live here; which comparisons a diagnostic needs does not.
"""

from collections.abc import Iterable
from dataclasses import dataclass

HOLDS = "holds"
UNKNOWN = "unknown"
VIOLATED = "violated"
_BADNESS = {HOLDS: 0, UNKNOWN: 1, VIOLATED: 2}


@dataclass(frozen=True, slots=True)
class Check:
    """One comparison: its state, why, and what was measured beside its limit (milliseconds)."""

    state: str
    reason: str
    measured: int | None = None
    limit: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """One row of the table: as bad as the worst of its checks, which it quotes."""

    name: str
    state: str
    reason: str
    measured: int | None
    limit: str
    unit: str


def at_most(value: int, limit: int, slack: int) -> str:
    """Whether `value`, known to ± `slack`, is at most `limit`."""
    if value + slack <= limit:
        return HOLDS
    return VIOLATED if value - slack > limit else UNKNOWN


def at_least(value: int, limit: int, slack: int) -> str:
    """Whether `value`, known to ± `slack`, is at least `limit`."""
    if value - slack >= limit:
        return HOLDS
    return VIOLATED if value + slack < limit else UNKNOWN


def no_worse_than_unknown(state: str) -> str:
    """The state of a condition whose failing only means that too little is known."""
    return UNKNOWN if state == VIOLATED else state


def worst(states: Iterable[str]) -> str:
    """The worst of some states, at least one."""
    return max(states, key=_BADNESS.__getitem__)


def condition(name: str, checks: list[Check]) -> Condition:
    """The condition `name` that holds if all its checks (at least one) do."""
    first = max(checks, key=lambda check: _BADNESS[check.state])
    unit = "ms" if first.measured is not None else ""
    return Condition(name, first.state, first.reason, first.measured, first.limit, unit)
