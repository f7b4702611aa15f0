"""200 units in one air: after how long a scan has heard them all, and what that takes here.

Three radios: everybody near; a third of all packets lost; and a scanner that listens half the time.
The units are their radios alone, without boards. `python -m tests.bench.crowded_air`.
"""

import sys
import time

from simpy import Environment

from lockhil.radio.air import Air
from lockhil.virtual.radioport import ADVERT, Told
from locksim.timeline import Timeline

UNITS, SEEDS = 200, 5
INTERVAL_MS = 1_000
MOST_MS = 60_000


def _heard_all(seed: int, loss: float, window: float) -> tuple[int, float]:
    """After how many ms of the air's time each unit's scan response was there; seconds it took."""
    env = Environment()
    timeline = Timeline(env)
    air = Air(timeline, seed)
    air.everywhere(loss=loss)
    for number in range(UNITS):
        unit = air.unit(f"24:0A:C4:00:{number >> 8:02X}:{number & 255:02X}")
        unit.told(Told.ACTIVE, b"\x01")
        advert = b"\x02\x01\x06"
        unit.told(
            Told.ADVERTISE, ADVERT.pack(INTERVAL_MS * 1_000, 1, len(advert)) + advert + advert
        )
    phone = air.runner.run(air.central("C0:00:00:00:00:01"))
    timeline.run(10_000)
    heard: set[str] = set()

    def report(found: object) -> None:
        if found.event_type == 4:  # type: ignore[attr-defined]
            heard.add(str(found.address))  # type: ignore[attr-defined]

    phone.host.on("advertising_report", report)
    began, real = timeline.now, time.perf_counter()
    air.runner.run(phone.start_scanning(active=True, scan_interval=100, scan_window=100 * window))
    assert air.runner.wait(lambda: len(heard) == UNITS, MOST_MS), f"only {len(heard)} were heard"
    took = timeline.now - began, time.perf_counter() - real
    air.close()
    return took


def main() -> None:
    """The table."""
    sys.stdout.write(f"{UNITS} units, an advert every {INTERVAL_MS} ms, {SEEDS} seeds\n")
    sys.stdout.write(f"{'radio':32}{'median ms':>11}{'worst ms':>11}{'s of here':>11}\n")
    for name, loss, window in (
        ("all near", 0.0, 1.0),
        ("a third lost", 0.33, 1.0),
        ("the scanner listens half the time", 0.0, 0.5),
    ):
        rows = sorted(_heard_all(seed, loss, window) for seed in range(SEEDS))
        seconds = max(real for _, real in rows)
        median, worst = rows[len(rows) // 2][0], rows[-1][0]
        sys.stdout.write(f"{name:34}{median:>9}{worst:>11}{seconds:>11.2f}\n")


if __name__ == "__main__":
    main()
