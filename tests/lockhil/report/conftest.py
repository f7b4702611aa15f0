"""A run as the suite might leave it: forty tests on two targets, traces beside them."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from lockhil.report import Firmware, Measurement, Report, Result, Target
from lockjudge.trace import FORMAT, Event, write_trace

HEADER = {"format": FORMAT, "observer": "instrument", "t_uncertainty_ms": 0, "target": "sim"}
PRESS = 2000


def diagnostic(green_off: int = 4000, blinks: int = 2, load: bool = True) -> list[Event]:
    """What an instrument sees of a push-button diagnostic."""
    rng = random.Random(7)
    seen: list[tuple[int, str, object]] = [
        (0, "power", 1),
        (0, "power.source", "battery"),
        (0, "button", 0),
        (0, "led.green", 0),
        (0, "led.red", 0),
        (0, "load", 0),
        (0, "motor", 0),
        (0, "bolt", "LOCKED"),
        (0, "door", "closed"),
        (0, "battery.mv", 3012),
        (PRESS, "button", 1),
        (PRESS + 12, "button", 0),
        (PRESS + 15, "button", 1),
        (PRESS + 180, "button", 0),
        (PRESS + 51, "led.green", 1),
        (PRESS + green_off, "led.green", 0),
        (PRESS + 300, "tx", '{"jsonrpc":"2.0","method":"selftest.step","params":{"step":"green"}}'),
    ]
    if load:
        seen += [(PRESS + 60, "load", 1), (PRESS + green_off - 40, "load", 0)]
        seen += [
            (PRESS + 60 + n * 200, "battery.mv", 2890 - n * 3 + rng.randrange(5))
            for n in range((green_off - 200) // 200)
        ]
        seen += [(PRESS + green_off + n * 300, "battery.mv", 3012 - 60 // n) for n in range(1, 9)]
    for n in range(blinks):
        at = PRESS + max(7000, green_off + 1500) + n * 1500
        seen += [(at, "led.red", 1), (at + 300, "led.red", 0)]
    seen.append((PRESS + 30_500, "end", "watched"))
    return [Event(*e) for e in sorted(seen, key=lambda e: e[0])]


def bolt_run() -> list[Event]:
    """A locking with the motor, then a thumb-turn."""
    seen = [
        (0, "button", 0),
        (0, "led.green", 0),
        (0, "led.red", 0),
        (0, "motor", 0),
        (0, "bolt", "UNLOCKED"),
        (0, "door", "open"),
        (0, "power", 1),
        (0, "battery.mv", 2990),
        (500, "rx", '{"jsonrpc":"2.0","id":1,"method":"bolt.lock"}'),
        (520, "door", "closed"),
        (640, "motor", 1),
        (640, "bolt", "LOCKING"),
        (650, "battery.mv", 2710),
        (1500, "motor", 0),
        (1500, "bolt", "LOCKED"),
        (1510, "battery.mv", 2950),
        (1520, "tx", '{"jsonrpc":"2.0","id":1,"result":{"done":true}}'),
        (4200, "bolt", "UNLOCKED"),
        (6000, "end", None),
    ]
    return [Event(*e) for e in seen]


def _timing(green_off: int, blinks: int) -> list[Measurement]:
    red = max(7000, green_off + 1500)
    of = Measurement.of
    return [
        of(
            "green on after the press",
            51,
            "ms",
            at_most=200,
            requirement="SAFE-3",
            channel="led.green",
            from_ms=PRESS,
            at_ms=PRESS + 51,
        ),
        of(
            "green off after the press",
            green_off,
            "ms",
            at_most=10_000,
            requirement="DIAG-3",
            channel="led.green",
            from_ms=PRESS,
            at_ms=PRESS + green_off,
        ),
        of(
            "red blinks",
            blinks,
            "blinks",
            at_least=1,
            at_most=2,
            requirement="DIAG-4",
            channel="led.red",
            at_ms=PRESS + 20_000,
        ),
        of(
            "last red off after the press",
            red + (blinks - 1) * 1500 + 300,
            "ms",
            at_most=20_000,
            requirement="DIAG-4",
            channel="led.red",
            from_ms=PRESS,
        ),
        of(
            "lowest voltage under load",
            2836,
            "mV",
            at_least=2600,
            requirement="SAFE-2",
            channel="battery.mv",
        ),
    ]


TESTS = [
    (
        "test_bolt.py::test_typed_result[door]",
        "A lock command ends in exactly one typed result.",
        ["BOLT-1", "KIND-1"],
    ),
    ("test_bolt.py::test_thumb_turn", "The thumb-turn wins while the motor runs.", ["BOLT-2"]),
    ("test_bolt.py::test_relock", "The door relocks 30 s after it was shut.", ["BOLT-3"]),
    ("test_bolt.py::test_jam", "A jam stops the motor and is told from a stall.", ["BOLT-4"]),
    ("test_bolt.py::test_boot", "At boot the bolt is sensed before it is told.", ["BOLT-5"]),
    ("test_bolt.py::test_release[entrance]", "An entrance lock holds again.", ["BOLT-6", "KIND-2"]),
    ("test_bolt.py::test_release[laundry]", "A laundry lock holds again.", ["BOLT-6", "KIND-3"]),
    ("test_link.py::test_garbage", "Garbage on the link doesn't stop the unit.", ["LINK-1"]),
    ("test_link.py::test_errors", "Errors are JSON-RPC's own.", ["LINK-2"]),
    ("test_battery.py::test_no_flap", "A level doesn't flap.", ["MON-1"]),
    ("test_battery.py::test_latch", "It works for the service alone.", ["DISM-1"]),
]


def make(folder: Path, green_off: int = 4000, blinks: int = 2, extra: int = 20) -> Report:
    """A run on sim and on virtual; what its diagnostic shows is the caller's."""
    (folder / "traces").mkdir(parents=True, exist_ok=True)
    results: list[Result] = []

    def add(
        test: str,
        title: str,
        target: str,
        ids: list[str],
        outcome: str,
        *,
        events: list[Event] | None = None,
        **more: object,
    ) -> None:
        trace = None
        if events is not None:
            trace = f"traces/{len(results)}-{target}.jsonl"
            with (folder / trace).open("w", encoding="utf-8") as out:
                write_trace(out, HEADER | {"target": target}, events)
        results.append(
            Result(test, title, target, ids, outcome, trace=trace, duration_s=0.031, **more)
        )  # type: ignore[arg-type]

    add(
        "test_diagnostic.py::test_good",
        "A good pack shows the whole sequence, in order.",
        "sim",
        ["DIAG-1", "DIAG-2", "DIAG-3", "DIAG-4", "DIAG-5"],
        "passed",
        events=diagnostic(green_off, blinks),
        measurements=_timing(green_off, blinks),
    )
    for n in range(extra):
        add(
            f"test_reset.py::test_dark[{n}]",
            f"A reset {n * 731} ms into a diagnostic ends it dark.",
            "sim",
            ["SAFE-1"],
            "passed",
            events=diagnostic(4000 - n, 1),
            measurements=[
                Measurement.of("light after the reset", 0, "ms", at_most=0, requirement="SAFE-1")
            ],
        )
    for repeat in (1, 2, 3):
        add(
            "test_diagnostic.py::test_load",
            "The load hangs on the pack for at least 3 s.",
            "sim",
            ["SAFE-2"],
            "passed",
            events=diagnostic(),
            repeat=repeat,
            measurements=[
                Measurement.of(
                    "load on",
                    3900 + repeat,
                    "ms",
                    at_least=3000,
                    requirement="SAFE-2",
                    channel="load",
                    from_ms=PRESS + 60,
                ),
                Measurement.of(
                    "green on after the press",
                    185 + repeat,
                    "ms",
                    at_most=200,
                    requirement="SAFE-3",
                    channel="led.green",
                    from_ms=PRESS,
                ),
            ],
        )
    for test, title, ids in TESTS:
        for target in ("sim", "virtual"):
            if target == "virtual" and "jam" in test:
                add(
                    test,
                    title,
                    target,
                    ids,
                    "not_run",
                    reason="the bench of this target can't jam the bolt",
                )
            else:
                add(
                    test,
                    title,
                    target,
                    ids,
                    "passed",
                    events=bolt_run(),
                    measurements=[
                        Measurement.of(
                            "result after the command", 1020, "ms", at_most=8000, requirement=ids[0]
                        )
                    ],
                )
    targets = [
        Target("sim", "sim", "virtual", "SIM-0001", 1),
        Target("virtual", "virtual", "virtual", "VIRT-0001", 1),
    ]
    return Report(
        "2025-03-04T12:00:00Z",
        "0.1.0",
        "lockrig hil sim virtual --report out",
        Firmware(
            "0.1.0",
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            path_given=green_off != 4000,
        ),
        targets,
        results,
    )


@pytest.fixture(scope="session")
def make_run() -> Callable[..., Report]:
    """`make_run(folder, green_off=..., blinks=..., extra=...)` writes traces, gives the report."""
    return make


@pytest.fixture(scope="session")
def seen_in_a_diagnostic() -> Callable[..., list[Event]]:
    """The events of a diagnostic."""
    return diagnostic
