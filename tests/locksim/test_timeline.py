"""Virtual time: whole milliseconds, closed intervals, and alarms that can be moved."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locksim.timeline import Alarm, Timeline


def test_what_is_due_at_the_last_millisecond_has_happened() -> None:
    timeline, rang = Timeline(), []
    timeline.after(100, lambda: rang.append(timeline.now))
    timeline.run(99)
    assert rang == []
    timeline.run(1)
    assert rang == [100]
    assert timeline.now == 100


def test_time_does_not_run_backwards() -> None:
    with pytest.raises(ValueError, match="at least 0 ms, got -1"):
        Timeline().run(-1)


def test_running_until_something_stops_at_its_instant() -> None:
    timeline, done = Timeline(), []
    timeline.after(70, lambda: done.append(1))
    assert timeline.run_until(lambda: bool(done), 100)
    assert timeline.now == 70
    assert not timeline.run_until(lambda: False, 100)
    assert timeline.now == 170


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(-1, 100)), min_size=1, max_size=20))
def test_an_alarm_rings_only_as_it_was_last_set(settings: list[tuple[int, int]]) -> None:
    timeline, rang = Timeline(), []
    alarm = Alarm(timeline, lambda: rang.append(timeline.now))
    expected: list[int] = []
    due: int | None = None
    for wait, ms in settings:
        timeline.run(wait)
        if due is not None and due <= timeline.now:
            expected.append(due)
            due = None
        alarm.set(ms)
        due = None if ms < 0 else timeline.now + ms
        assert alarm.armed == (due is not None)
    timeline.run(200)
    assert rang == [*expected, *([] if due is None else [due])]
