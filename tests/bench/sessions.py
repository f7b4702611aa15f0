# ruff: noqa: T201 - a benchmark prints
"""`python -m tests.bench.sessions [N]`: what sealed sessions take of the processor, as a table.

The core in MicroPython on a board that does nothing, N rounds of everything, one behind the other.
Times are this machine's: what they are worth is how they stand to each other.
"""

import argparse
import tempfile
from pathlib import Path
from statistics import median, quantiles

from lockhil.bench import NotOnThisBenchError
from tests.memory.ports import PORTS, Port, modules, put_firmware

UNLOCKS = ("unlock, in the open", "unlock, sealed")
NAMES = (
    *UNLOCKS,
    "M1",
    "proof",
    "SHA-256 of 64 bytes",
    "HMAC of 115 bytes",
    "HKDF, 16 bytes",
    "CCM open, 59 bytes",
    "CCM seal, 59 bytes",
    "CCM open, 730 bytes",
    "CCM seal, 730 bytes",
)
# WebAssembly has no AES, and an unlock is shorter than its clock's ms.
ONLY_UNIX = ("unlock", "CCM")
# How often each other thing is done in a round.
EACH = {"unix": 1, "webassembly": 50}


def measured(port: Port, firmware: Path, n: int) -> dict[str, list[int]]:
    """The us of each round, by what took them; each is done n times."""
    each = EACH[port.name]
    rows = port.run("sessiontimes", firmware, max(10, n // each), each)
    return {row["of"]: row["us"] for row in rows}


def cell(port: str, name: str, us: list[int]) -> str:
    """The median; where each was timed by itself, also what nine of ten are below."""
    if port != "unix":
        # A whole ms, by how often it was done.
        us = [max(number, 1_000 // EACH[port]) for number in us]
        return "-" if name.startswith(ONLY_UNIX) else f"{median(us):,.0f}"
    return f"{median(us):,.0f} ({quantiles(us, n=10)[-1]:,.0f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("n", nargs="?", type=int, default=300)
    n = parser.parse_args().n
    found: dict[str, dict[str, list[int]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        put_firmware(Path(folder), modules())
        for name, opened in PORTS.items():
            try:
                found[name] = measured(opened(), Path(folder), n)
            except NotOnThisBenchError as reason:
                print(f"not run: {name}: {reason}")
    if not found:
        return
    print(f"{n} rounds, us: median (nine of ten are below)\n")
    print(f"| | {' | '.join(found)} |\n| --- |{' ---: |' * len(found)}")
    for name in NAMES:
        cells = [cell(port, name, times[name]) for port, times in found.items()]
        print(f"| {name} | {' | '.join(cells)} |")
    if "unix" in found:
        plain, sealed = (median(found["unix"][name]) for name in UNLOCKS)
        print(
            f"\nAn unlock that is sealed takes {sealed - plain:,.0f} us more to the motor (unix)."
        )


if __name__ == "__main__":
    main()
