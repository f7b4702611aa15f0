"""The kinds of cases, what is true of each, and how many of each a run takes.

A table; what a kind is stands where it is made (`emptied`, `lives`, `apart`).
"""

from collections.abc import Callable
from dataclasses import dataclass

from locksim.safety import apart, emptied, lives
from locksim.safety.draw import Draw
from locksim.safety.setup import Setup

DISCHARGED, GOOD, APART = "discharged", "good", "counted apart"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: `weight` is its share of its group's cases; `goal` the most that may be refused
    of good ones in per cent, by an instrument (a person: 5); None: none is set."""

    name: str
    group: str
    make: Callable[[Draw], Setup | None]
    weight: float = 1.0
    goal: float | None = None


# Lives take ten times as long as states that are set: fewer of them.
_LIFE = 0.15
_TABLE = (
    Kind("evenly emptied", DISCHARGED, emptied.evenly_emptied),
    Kind("barely discharged", DISCHARGED, emptied.barely_discharged, 2.0),
    Kind("one weak cell", DISCHARGED, emptied.one_weak_cell),
    Kind("half-used, swapped in", DISCHARGED, emptied.half_used_swapped_in),
    Kind("reversed by standby", DISCHARGED, emptied.reversed_by_standby),
    Kind("latched, looks good again", DISCHARGED, emptied.latched),
    Kind("reversed by the diagnostic", DISCHARGED, emptied.reversed_under_the_diagnostic, _LIFE),
    Kind("reversed in the cold", DISCHARGED, lives.reversed_in_the_cold, _LIFE),
    Kind("reversed, new electronics", DISCHARGED, lives.reversed_then_new_electronics, _LIFE),
    Kind("browned out", DISCHARGED, lives.browned_out, _LIFE),
    Kind("cut before it was stored", DISCHARGED, lives.cut_before_it_was_stored, _LIFE),
    Kind("recovered", DISCHARGED, lives.recovered, _LIFE / 5),
    Kind("recovered, cut before it was stored", DISCHARGED, lives.recovered_cut, _LIFE / 5),
    Kind("good at 20 C", GOOD, emptied.good_at(20), goal=1.0),
    Kind("good at the lowest temperature", GOOD, emptied.good_at(None), goal=5.0),
    Kind("good at any temperature", GOOD, emptied.good_anywhere),
    Kind("good, used just before", GOOD, lives.used_good, 0.3),
    Kind("second-hand, reversed elsewhere", APART, apart.second_hand_reversed),
    Kind("second-hand, discharged elsewhere", APART, apart.second_hand_discharged),
    Kind("wrong profile", APART, apart.wrong_profile),
    Kind("thermometer stuck", APART, apart.thermometer_stuck),
    Kind("weak cell, no taps", APART, apart.no_taps),
)
KINDS = {kind.name: kind for kind in _TABLE}
