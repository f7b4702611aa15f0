"""The main loop: runs the unit, then waits until something is due or comes in.

It owns all waiting, and decides nothing.
"""

import gc
import select

from machine import WDT

from lockboards.board import MachineBoard
from lockboards.clock import now
from lockunit.board import EV_RX
from lockunit.ticks import Timer
from lockunit.unit import Unit

# A board that sleeps for longer than this has the time to tidy its memory first.
_IDLE_MS = 1_000
_CHUNK = 256


def run(unit: Unit, board: MachineBoard, most_ms: int = -1) -> None:
    """Run `unit` for `most_ms`, by default for ever.

    With an end there is no watchdog: somebody may interrupt it, and work on the console.
    """
    ring, uart, inputs = board.ring, board.uart, board.inputs
    poller = select.poll()
    poller.register(ring, select.POLLIN)
    poller.register(uart, select.POLLIN)
    watchdog = WDT(timeout=board.watchdog_ms) if board.watchdog_ms and most_ms < 0 else None
    longest = board.watchdog_ms // 2
    end = Timer("end")
    if most_ms >= 0:
        end.set(now(), most_ms)
    ms = unit.step(now())
    while not end.due(now()):
        ms = _until(end, ms)
        if ms < 0 or ms > _IDLE_MS:
            gc.collect()
        if watchdog is not None:
            # Fed here alone: by a unit that runs.
            watchdog.feed()
            ms = longest if ms < 0 else min(ms, longest)
        for _ in poller.ipoll(ms):
            pass
        served = False
        if ring.overflowed:
            ring.overflowed = False
            inputs.look_again()
        while ring.waiting():
            kind = ring.kind()
            at = now()
            unit.event(at, kind, ring.take())
            ms = unit.step(at)
            served = True
        data = uart.read(_CHUNK) if uart.any() else None
        if data:
            at = now()
            unit.event(at, EV_RX, data)
            ms = unit.step(at)
            served = True
        if not served:
            ms = unit.step(now())


def _until(end: Timer, ms: int) -> int:
    """`ms` (-1: for ever), but not past the end."""
    left = end.left(now())
    if left < 0:
        return ms
    return left if ms < 0 else min(ms, left)
