"""What a start does before the core is there: outputs off, and a press that is kept."""

import pytest

from lockhil.firmware import compiled
from tests.lockhil.virtual.rig import Rig, board

# The core takes its time to load, as it does from a real board's flash.
SLOW = b'import time\ntime.sleep_ms(300)\nVERSION = "0.1.0"\n'


def _slow() -> dict[str, bytes]:
    return {"a/lockunit/__init__.py": SLOW}


def _start(monkeypatch: pytest.MonkeyPatch) -> None:
    found = dict(compiled())
    del found["lockunit/__init__.mpy"]
    monkeypatch.setattr("lockhil.firmware.compiled", lambda _=None: found)


def lit(rig: Rig, led: str = "green") -> list[tuple[int, int]]:
    return [(event.t_ms, event.v) for event in rig.seen(f"led.{led}")]


def test_a_press_while_the_core_is_loaded_begins_a_diagnostic(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """DIAG-1, DIAG-2."""
    _start(monkeypatch)
    with board(None, _slow()) as rig:
        rig.world.run(100)
        rig.world.press(hold_ms=50)
        rig.world.run(20_000)
        # Taken in when the core was there.
        assert lit(rig)[:3] == [(0, 0), (400, 1), (4_300, 0)]
        assert [v for _, v in lit(rig, "red")] == [0, 1, 0]


def test_a_button_that_was_held_before_the_start_begins_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """SAFE-1: a brown-out resumes nothing."""
    _start(monkeypatch)
    with board(None, _slow()) as rig:
        rig.world.run(1_000)
        rig.world.button(1)
        rig.world.run(1)
        rig.world.reset("brown-out")
        rig.world.run(40_000)
        boots = [event for event in rig.seen("tx") if "unit.boot" in event.v]
        assert len(boots) == 2
        after = [t for t, v in lit(rig) if v and t > 1_100]
        assert after == []


@pytest.mark.parametrize(
    ("begins", "loaded"),
    [
        ("from lockboards import first\nfirst.begin()", []),
        # As a production unit starts: boot.py asks for its console first.
        (
            "from lockboards import console\nfrom lockboards.files import Files\n"
            ""
            "console.opens(Files('/data'))",
            ["lockboards.console", "lockboards.files"],
        ),
    ],
)
def test_the_button_is_watched_before_any_of_the_core_is_loaded(
    begins: str, loaded: list[str]
) -> None:
    main = f"""
import sys
def stop():
    say(sorted(name for name in sys.modules if name.startswith("lock")))
    while True: time.sleep(3600)
from lockboards import first
first.First = stop
{begins}
"""
    with board(main) as rig:
        rig.world.run(10)
        watched = ["lockboards", "lockboards.first", "lockboards.slots"]
        assert rig.said == [sorted([*watched, *loaded])]
