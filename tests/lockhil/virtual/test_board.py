"""A virtual board's starts and ends: crashes, resets, its watchdog, losses of power, its clock."""

import json
import os
import signal

import pytest

from lockhil.virtual import child_process, loop
from lockhil.virtual.loop import VirtualLoop
from locksim.mainloop import TICKS_PERIOD, FirmwareCrashError
from lockunit import board as port
from tests.lockhil.virtual.rig import STAY, WIRING, Rig, board, say


def resets(rig: Rig) -> list[tuple[int, str]]:
    return [(event.t_ms, event.v) for event in rig.seen("reset")]


def test_a_crash_tells_micropythons_traceback() -> None:
    main = "time.sleep_ms(500)\ndef deep():\n    1 // 0\ndeep()\n"
    with board(main) as rig:
        with pytest.raises(FirmwareCrashError) as caught:
            rig.world.run(1_000)
        told = str(caught.value)
        assert "ended at 500 ms of virtual time" in told
        assert "in deep\nZeroDivisionError: divide by zero" in told
        # The world goes on; the unit doesn't.
        rig.world.thumb_turn("unlocked")
        rig.world.run(1_000)
        assert not rig.loop.running
        assert not rig.loop.stopped


def test_a_crash_in_the_firmwares_own_files_names_the_file() -> None:
    with (
        pytest.raises(FirmwareCrashError, match=r"(?s)lockboards/first.py.*KeyError: outputs"),
        board(None, {"a/board.json": b"{}"}),
    ):
        pass


def test_a_board_without_its_data_says_what_is_missing() -> None:
    main = "import os\nos.remove('/a/board.json')\nfrom lockboards.app import main\nmain()\n"
    with pytest.raises(FirmwareCrashError, match=r"OSError.*ENOENT"), board(main):
        pass


def _process(loop: VirtualLoop) -> int:
    assert loop.child is not None
    return loop.child._process.pid


def test_a_killed_process_is_told_and_nothing_hangs() -> None:
    with board(None) as rig:
        rig.world.run(1_000)
        os.kill(_process(rig.loop), signal.SIGKILL)
        with pytest.raises(FirmwareCrashError, match="exit code -9, and nothing printed"):
            rig.world.run(3_600_000)
        assert not rig.loop.running


@pytest.mark.parametrize(
    ("main", "told"),
    [
        ("while True: pass", "silent for 0.5 s of real time"),
        ("while True: machine.Pin(13).value()", "asked and told 1000 times without waiting"),
        ("while True: machine.lightsleep(0)", "woke 1000 times within a millisecond"),
    ],
)
def test_a_firmware_that_never_sleeps_hangs_nobody(
    main: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child_process, "SILENCE_S", 0.5)
    monkeypatch.setattr(loop, "MOST_MESSAGES", 1_000)
    main = f"time.sleep_ms(200)\n{main}"
    with (
        board(main) as rig,
        pytest.raises(FirmwareCrashError, match=f"ended at 200 ms of virtual time: .*{told}"),
    ):
        rig.world.run(1_000)


def test_nothing_of_a_board_is_left_when_it_is_switched_off() -> None:
    with board(None) as rig:
        process = _process(rig.loop)
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


# Counts its starts on its flash, and says them with what it knows of the reset.
START = """
try:
    with open("/starts") as file:
        starts = int(file.read())
except OSError:
    starts = 0
starts += 1
with open("/starts.new", "w") as file:
    file.write(str(starts))
import os
os.rename("/starts.new", "/starts")
from lockboards.markers import Markers
marks = Markers()
say([starts, marks.cause(), marks.survived, marks.bits])
"""


def test_a_board_resets_itself_and_comes_back() -> None:
    main = f"{START}\nif starts == 1:\n    time.sleep_ms(100)\n    machine.reset()\n{STAY}"
    with board(main) as rig:
        rig.world.run(149)
        assert [starts for starts, *_ in rig.said] == [1]
        rig.world.run(1)
        assert rig.said == [[1, port.RESET_POWER, False, 0], [2, port.RESET_SOFT, False, 0]]
        assert resets(rig) == [(100, "soft")]


@pytest.mark.parametrize(
    ("stop", "cause", "survives"),
    [
        (lambda rig: rig.world.reset("soft"), port.RESET_SOFT, True),
        (lambda rig: rig.world.reset("watchdog"), port.RESET_WATCHDOG, True),
        # The clock's memory tells them apart; `machine` doesn't.
        (lambda rig: rig.world.reset("brown-out"), port.RESET_BROWN_OUT, True),
        (lambda rig: rig.world.reset("power"), port.RESET_POWER, False),
        (lambda rig: rig.world.power_cut(10), port.RESET_POWER, False),
    ],
)
def test_why_it_started_and_what_survived(stop: object, cause: int, survives: bool) -> None:
    with board(f"{START}\nmarks.set({port.MARK_LOAD})\n{STAY}") as rig:
        assert callable(stop)
        stop(rig)
        rig.world.run(200)
        bits = port.MARK_LOAD if survives else 0
        assert rig.said[1:] == [[2, cause, survives, bits]]


def test_flash_outlives_every_reset_and_loss_of_power() -> None:
    with board(START + STAY) as rig:
        for _ in range(5):
            rig.world.reset("soft")
            rig.world.run(50)
            rig.world.power_cut(7)
            rig.world.run(57)
        assert [starts for starts, *_ in rig.said] == list(range(1, 12))


def test_a_watchdog_that_isnt_fed_resets_the_board() -> None:
    feeding = "for _ in range(3):\n    time.sleep_ms(300)\n    watchdog.feed()\n"
    with board(f"{START}\nwatchdog = machine.WDT(timeout=500)\n{feeding}{STAY}") as rig:
        rig.world.run(1_399)
        assert resets(rig) == []
        rig.world.run(51)
        assert resets(rig) == [(1_400, "watchdog")]
        assert [cause for _, cause, *_ in rig.said] == [port.RESET_POWER, port.RESET_WATCHDOG]


def _watched(main: str | None = None) -> tuple[str | None, dict[str, bytes]]:
    return main, {"a/board.json": json.dumps({**WIRING, "watchdog": {"ms": 2_000}}).encode()}


def test_the_main_loop_feeds_it_through_an_idle_hour() -> None:
    with board(*_watched()) as rig:
        rig.world.run(3_600_000)
        assert resets(rig) == []


def test_a_unit_that_hangs_is_reset_with_its_outputs_off() -> None:
    hanging = """
from lockboards import app
class Hanging(app.Unit):
    def step(self, now):
        left = super().step(now)
        if 0 < self.selftest.load_left(now) <= 3800:
            time.sleep(60)
        return left
app.Unit = Hanging
app.main()
"""
    with board(*_watched(hanging)) as rig:
        rig.world.run(500)
        rig.world.press()
        rig.world.run(5_000)
        # Fed last when it had seen the press and waited for the light.
        assert resets(rig) == [(2_500, "watchdog")]
        lit = [(event.t_ms, event.v) for event in rig.seen("led.green")]
        assert lit == [(0, 0), (600, 1), (2_500, 0)]


def test_ticks_wrap_as_on_a_board() -> None:
    main = """
before = time.ticks_ms()
time.sleep_ms(10)
after = time.ticks_ms()
say([before, after, time.ticks_diff(after, before), time.ticks_add(before, 10) == after])
"""
    assert say(main, ticks_start=TICKS_PERIOD - 4) == [[TICKS_PERIOD - 4, 6, 10, True]]


def test_a_later_start_begins_at_zero() -> None:
    with board("say(time.ticks_ms())" + STAY, ticks_start=1_000) as rig:
        rig.world.reset("soft")
        rig.world.run(50)
        assert rig.said == [1_000, 0]
