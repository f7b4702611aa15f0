"""The event loop on a world's clock: nothing waits, time passes by the world alone."""

import asyncio
from collections.abc import Callable

import pytest

from lockhil.radio.runner import Runner, ThreadRunner, WorldRunner
from lockhil.radio.worldloop import WorldLoop
from locksim.timeline import Timeline

DAY_MS = 86_400_000


@pytest.fixture
def timeline() -> Timeline:
    return Timeline()


@pytest.fixture
def loop(timeline: Timeline) -> WorldLoop:
    return WorldLoop(timeline)


@pytest.fixture
def runner(timeline: Timeline, loop: WorldLoop) -> WorldRunner:
    return WorldRunner(timeline, loop)


def test_sleeping_takes_the_worlds_time_to_the_millisecond(runner: Runner) -> None:
    async def sleeps() -> list[int]:
        seen = []
        for seconds in (0, 0.001, 0.0015, 1, 59):
            await asyncio.sleep(seconds)
            seen.append(runner.now_ms)
        return seen

    assert runner.run(sleeps()) == [0, 1, 3, 1_003, 60_003]


def test_tasks_go_on_while_the_world_is_run_and_only_then(
    timeline: Timeline, loop: WorldLoop
) -> None:
    seen: list[int] = []

    async def every_hour() -> None:
        while True:
            await asyncio.sleep(3_600)
            seen.append(timeline.now)

    task = loop.create_task(every_hour())
    assert not seen
    timeline.run(DAY_MS)
    assert seen == [hour * 3_600_000 for hour in range(1, 25)]
    task.cancel()
    timeline.run()
    assert task.cancelled()


def test_a_callback_waits_until_what_runs_now_has_returned(
    timeline: Timeline, loop: WorldLoop
) -> None:
    order: list[str] = []

    def act() -> None:
        loop.call_soon(order.append, "called")
        order.append("acted")

    timeline.after(5, act)
    timeline.run(5)
    assert order == ["acted", "called"]


def test_time_outs_and_cancelled_timers(runner: Runner) -> None:
    async def waits() -> int:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.Event().wait(), 2)
        async with asyncio.timeout(10):
            await asyncio.sleep(1)
        return runner.now_ms

    assert runner.run(waits()) == 3_000


def test_what_a_coroutine_raises_comes_out_and_what_a_callback_raises_too(
    timeline: Timeline, loop: WorldLoop, runner: Runner
) -> None:
    async def raises() -> None:
        await asyncio.sleep(1)
        raise LookupError("from a task")

    with pytest.raises(LookupError, match="from a task"):
        runner.run(raises())

    def fails() -> None:
        raise LookupError("from a callback")

    loop.call_later(1, fails)
    after: list[int] = []
    loop.call_later(1, after.append, 1)
    with pytest.raises(LookupError, match="from a callback"):
        timeline.run(1_000)
    timeline.run(0)
    assert after == [1]


def test_what_never_happens_is_an_error_after_an_hour(runner: Runner) -> None:
    async def never() -> None:
        await asyncio.Event().wait()

    with pytest.raises(TimeoutError, match="3600 s of the world's time"):
        runner.run(never())


def test_running_within_the_loop_is_refused(runner: Runner) -> None:
    async def inner() -> None:
        await asyncio.sleep(0)

    async def outer() -> None:
        runner.run(inner())

    with pytest.raises(RuntimeError, match="await instead"):
        runner.run(outer())


def test_callbacks_without_an_end_are_an_error(
    timeline: Timeline, loop: WorldLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lockhil.radio.worldloop.MOST_AT_ONCE", 1_000)

    def again() -> None:
        loop.call_soon(again)

    loop.call_soon(again)
    with pytest.raises(RuntimeError, match="no end"):
        timeline.run(0)


def test_another_loop_may_let_the_worlds_time_pass(timeline: Timeline, loop: WorldLoop) -> None:
    async def main() -> list[object]:
        seen: list[object] = []

        async def inside() -> None:
            await asyncio.sleep(1)
            seen.append(asyncio.get_running_loop())

        task = loop.create_task(inside())
        timeline.run(1_000)
        seen.append(asyncio.get_running_loop())
        assert task.done()
        return seen

    inner, outer = asyncio.run(main())
    assert inner is loop
    assert outer is not loop


def _thread() -> tuple[Runner, Callable[[], None]]:
    runner = ThreadRunner()
    return runner, runner.close


def test_a_thread_runs_coroutines_on_the_walls_clock() -> None:
    runner, close = _thread()
    try:
        before = runner.now_ms
        seen: list[int] = []

        async def works() -> str:
            await asyncio.sleep(0.01)
            asyncio.get_running_loop().call_later(0.01, seen.append, 1)
            return "done"

        assert runner.run(works()) == "done"
        assert runner.wait(lambda: bool(seen), 10_000)
        assert runner.now_ms - before >= 20
        assert not runner.wait(lambda: False, 5)
    finally:
        close()
