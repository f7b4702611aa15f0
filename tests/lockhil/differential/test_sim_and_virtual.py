"""The same firmware under CPython and in the real MicroPython: whatever happens, the same trace.

Event by event, to the millisecond, and in the same order within one.
"""

from hypothesis import example, given, settings

from tests.full import FULL
from tests.lockhil.differential.stimuli import HISTORIES, SEALED, History, Step

PARAMS = b'"params":{"b":1,"e":2,"a":3,"d":4,"c":5}'
HELLO = b'{"jsonrpc":"2.0","id":1,"method":"unit.hello"}\n'
# What once came apart, and why.
# Lines whole and too long in one go: pieces of a UART end in other places than lines.
PIECES = History({}, (Step("send", (HELLO + b"x" * 2_000 + b"\n" + HELLO,)),))
# A dictionary's order isn't kept by MicroPython.
ORDER = History({}, (Step("send", (HELLO.replace(b"}", b"," + PARAMS + b"}"),)),))
# Held through a reset, and let go at the very millisecond of a timer.
HELD = History({}, (Step("press", (60_050, (0, 0))), Step("reset", ("soft",))))
# A hand moves the bolt off its end at the very millisecond at which the motor starts.
HAND = History(
    {},
    (
        Step("thumb_turn", ("unlocked", 80)),
        Step("advance", (30_000,)),
        Step("thumb_turn", ("locked", 3_900)),
    ),
)


# A visit: unlocked, idle for longer than a session lasts, a start in between.
VISIT = History(
    {"sealed": True, "role": "carer"},
    (
        Step("call", (1, "bolt.unlock", {})),
        Step("advance", (70_000,)),
        Step("call", (3, "unit.couple", {"role": "service", "customer": "K-1"})),
        Step("reset", ("soft",)),
        Step("advance", (60,)),
        Step("call", (2, "journal.read", {})),
        Step("send", (b'{"s":2,"n":0,"c":"AAAA"}\n' + HELLO,)),
        Step("call", (1, "bolt.lock", {})),
    ),
)


@settings(max_examples=500 if FULL else 4)
@example(VISIT)
@given(SEALED)
def test_any_sealed_history_leaves_the_same_trace(history: History) -> None:
    assert history.run("virtual") == history.run("sim")


@settings(max_examples=1_000 if FULL else 10)
@example(PIECES)
@example(ORDER)
@example(HELD)
@example(HAND)
@given(HISTORIES)
def test_any_history_leaves_the_same_trace(history: History) -> None:
    assert history.run("virtual") == history.run("sim")
