"""How keys become a person's trace: toggled, doubled, undone, late, and through pauses."""

import pytest

from lockjudge.trace import check_event
from lockrig.diagnose.watch import Watch


def tapped(*taps: tuple[int, str], until_ms: int = 33_000, turn_ms: int = 20) -> Watch:
    watch = Watch(0)
    for t in range(0, until_ms, turn_ms):
        watch.turn(t)
        for tap_ms, key in taps:
            if t <= tap_ms < t + turn_ms:
                watch.tap(key, tap_ms)
    return watch


def words(watch: Watch) -> list[tuple[int, str]]:
    return [(event.t_ms, event.v) for event in watch.events if event.ch == "tap"]


def test_the_green_key_toggles() -> None:
    watch = tapped((1_000, "green"), (4_000, "green"), (6_000, "green"))
    assert words(watch)[1:] == [(1_000, "green_on"), (4_000, "green_off"), (6_000, "green_on")]


def test_green_and_red_keys_are_both_always_live() -> None:
    watch = tapped((1_000, "red"), (2_000, "green"), (3_000, "red"), (4_000, "green"))
    assert [word for _, word in words(watch)] == ["start", "red", "green_on", "red", "green_off"]


def test_a_doubled_green_key_doesnt_toggle_and_keeps_the_verdict_from_yes() -> None:
    watch = tapped((1_000, "green"), (1_200, "green"), (4_000, "green"))
    assert [word for _, word in words(watch)] == ["start", "green_on", "undo", "green_off"]


def test_undo_strikes_the_last_tap_and_stays_visible() -> None:
    watch = tapped((1_000, "green"), (1_100, "undo"), (1_300, "green"), (4_000, "green"))
    assert [word for _, word in words(watch)] == ["start", "undo", "green_on", "green_off"]
    assert "undone: green_on" in [event.v for event in watch.events]


def test_undo_never_strikes_start() -> None:
    watch = tapped((1_000, "undo"), (2_000, "undo"))
    assert [word for _, word in words(watch)] == ["start", "undo", "undo"]


def test_start_tapped_again_is_recorded() -> None:
    assert words(tapped((9_000, "start")))[-1] == (9_000, "start")


def test_it_is_done_after_32_seconds_and_deaf_from_then_on() -> None:
    watch = tapped(until_ms=31_980)
    assert not watch.done
    watch.turn(32_000)
    assert watch.done
    watch.tap("red", 32_001)
    assert len(words(watch)) == 1


@pytest.mark.parametrize("pause_ms", [20, 300, 1_000])
def test_the_worst_pause_is_the_uncertainty(pause_ms: int) -> None:
    watch = tapped(turn_ms=pause_ms)
    assert watch.trace({}, {}, 40_000).header["t_uncertainty_ms"] == 1 + pause_ms


@pytest.mark.parametrize("to_ms", [6_100, 3_600_000, 4_000])
def test_a_stop_a_sleep_or_a_clock_gone_back_hides_the_screen(to_ms: int) -> None:
    watch = tapped(until_ms=5_000)
    watch.turn(to_ms)
    assert ("screen", "hidden") in [(event.ch, event.v) for event in watch.events]


def test_whatever_happens_the_trace_is_one() -> None:
    watch = tapped((1_000, "green"), (1_001, "undo"), (2_000, "red"), until_ms=5_000)
    watch.turn(3_000)
    watch.turn(50_000)
    previous = None
    for event in watch.trace({}, {}, 10).events:
        raw = {"t_ms": event.t_ms, "ch": event.ch, "v": event.v}
        previous = check_event(raw, previous)


def hidden(watch: Watch) -> list[int]:
    return [event.t_ms for event in watch.events if (event.ch, event.v) == ("screen", "hidden")]


def test_what_was_hidden_however_briefly_is_in_the_trace() -> None:
    watch = Watch(0)
    watch.turn(500)
    watch.hidden(510)
    assert hidden(watch) == [500]


def test_nothing_is_hidden_after_the_watch() -> None:
    watch = tapped()
    before = list(watch.events)
    watch.hidden(40_000)
    assert watch.events == before


def test_what_times_may_be_off_counts_as_uncertainty_besides_pauses() -> None:
    watch = tapped(turn_ms=20)
    watch.off(300)
    watch.off(200)
    assert watch.trace({}, {}, 40_000).header["t_uncertainty_ms"] == 1 + 20 + 300
    assert hidden(watch) == []


def test_times_that_nobody_knows_hide_the_screen_once() -> None:
    watch = Watch(0)
    for off_ms in (1_001, 5_000, 9_000):
        watch.off(off_ms)
    assert len(hidden(watch)) == 1
