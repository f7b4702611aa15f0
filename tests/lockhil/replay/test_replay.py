"""A trace drives a unit again: what it did then it does again, on each virtual clock."""

import pytest
from hypothesis import given, settings

from lockhil.replay.compare import differences, tolerance
from lockhil.replay.drive import Player
from lockhil.replay.plan import plan
from lockhil.report.tracediff import Row
from lockhil.targets import open_target
from lockhil.virtual.interpreter import NoInterpreterError, interpreter
from lockjudge.trace import Trace
from tests.lockhil.replay.recording import BEGINNINGS, LIVES, Step, record


def replayed(trace: Trace, target: str, **more: object) -> tuple[Row, ...]:
    """Where a replay parts from its trace."""
    made = plan(trace)
    with open_target(target, **made.options | more) as unit:
        allowed = tolerance(trace, unit)
        player = Player(made, unit, exact=allowed is None)
        player.run()
        return differences(made, trace, player.in_trace_time(), allowed)


@given(LIVES, BEGINNINGS)
def test_what_sim_recorded_sim_does_again(life: list[Step], beginning: dict[str, str]) -> None:
    assert replayed(record(life, beginning), "sim") == ()
