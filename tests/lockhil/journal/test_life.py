"""Weeks of a lock whose reader is interrupted again and again: complete, verified, true."""

from pathlib import Path

from lockhil.targets.onboard import parts
from lockhil.targets.options import Options
from lockhil.virtual.loop import VirtualLoop
from locksim.scenarios.events import Event
from locksim.timeline import Timeline
from tests.lockhil.journal.lives import complaints, live, scenario
from tests.lockhil.journal.slowline import KINDS

RESET = Event(what="reset", on_day=1, cause="watchdog", in_motor_run=True)
CHANGE = Event(what="pack", on_day=5, hour=10, role="staff")
PRESS = Event(what="diagnose", on_day=6)


def test_weeks_on_the_simulated_unit(tmp_path: Path) -> None:
    told = scenario(12, event=(RESET, CHANGE, PRESS))
    whole = live(told, tmp_path / "j", every_days=1, faults=8)
    assert complaints(whole) == []
    assert set(whole.reader.line.happened) == set(KINDS)
    assert whole.reader.line.happened.total() >= 10
    assert whole.told.last > 12 * 32
    assert whole.counted["runs cut"] == 1


def test_days_on_a_board_with_a_real_file_system(tmp_path: Path) -> None:
    begin = Options()
    with parts(begin) as made:
        loops: list[VirtualLoop] = []

        def loop(timeline: Timeline) -> VirtualLoop:
            loops.append(VirtualLoop(timeline, made.wiring, made.disk))
            return loops[0]

        told = scenario(3, event=(RESET,))
        try:
            whole = live(told, tmp_path / "j", loop, every_days=1, faults=9)
        finally:
            loops[0].stop()
    assert complaints(whole) == []
    assert whole.reader.line.happened.total() >= 3
