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
    radio = board.radio
    poller = select.poll()
    poller.register(board.ring, select.POLLIN)
    poller.register(board.uart, select.POLLIN)
    watchdog = WDT(timeout=board.watchdog_ms) if board.watchdog_ms and most_ms < 0 else None
    longest = board.watchdog_ms // 2
    end = Timer("end")
    if most_ms >= 0:
        end.set(now(), most_ms)
    ms = unit.step(now())
    while not end.due(now()):
        ms = _sooner(ms, end.left(now()))
        if radio is not None:
            ms = _sooner(ms, radio.pump())
        if ms < 0 or ms > _IDLE_MS:
            gc.collect()
        if watchdog is not None:
            # Fed here alone: by a unit that runs.
            watchdog.feed()
            ms = longest if ms < 0 else min(ms, longest)
        for _ in poller.ipoll(ms):
            pass
        ms = _serve(unit, board)


def _serve(unit: Unit, board: MachineBoard) -> int:
    """Tell the unit what came in, and run it; the ms until something is due."""
    ring, uart, radio = board.ring, board.uart, board.radio
    if ring.overflowed:
        ring.overflowed = False
        board.inputs.look_again()
    ms, served = 0, False
    while ring.waiting():
        kind = ring.kind()
        ms = _happen(unit, kind, ring.take(), 0)
        served = True
    data = uart.read(_CHUNK) if uart.any() else None
    if data:
        ms = _happen(unit, EV_RX, data, 0)
        served = True
    if radio is not None:
        ring.rung = False
        if radio.take():
            ms = _happen(unit, radio.kind, radio.arg, radio.wire)
            served = True
    return ms if served else unit.step(now())


def _happen(unit: Unit, kind: int, arg: "int | bytes", wire: int) -> int:
    at = now()
    unit.event(at, kind, arg, wire)
    return unit.step(at)


def _sooner(ms: int, left: int) -> int:
    """The sooner of two (-1: never)."""
    if left < 0:
        return ms
    return left if ms < 0 else min(ms, left)
