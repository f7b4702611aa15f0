# ruff: noqa: T201 - a benchmark prints
"""`python -m tests.bench.wear [DAYS]`: what the journal does to a flash in a year.

16 actuations a day, each with its relock, on the real LittleFS in the real MicroPython, on a flash
that counts. A block of flash bears 100,000 erases.
"""

import argparse
import json
import subprocess
from pathlib import Path

from lockhil.firmware import firmware_root
from lockhil.virtual.interpreter import interpreter

SCRIPT = Path(__file__).parent / "board" / "wear_year.py"
ENDURANCE = 100_000
RECORDS_A_DAY = 2 * 16


def year(days: int, ack_every: int) -> dict[str, int]:
    """The figures of so many days with a reader who comes every so many; 0: never."""
    words = [*interpreter(), "-X", "heapsize=8m", str(SCRIPT), str(firmware_root())]
    numbers = [str(number) for number in (days, RECORDS_A_DAY, ack_every)]
    done = subprocess.run([*words, *numbers], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    figures: dict[str, int] = json.loads(done.stdout)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("days", nargs="?", type=int, default=365)
    days = parser.parse_args().days
    print(f"{days} days, {RECORDS_A_DAY} records a day, 848 KB of flash in blocks of 4,096 bytes\n")
    print("| reader | records | erases | a record | of the block with most | MB written | years |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, every in (("every week", 7), ("never", 0)):
        found = year(days, every)
        years = ENDURANCE * days // 365 // found["most"]
        each = found["erases"] / found["records"]
        print(
            f"| {name} | {found['records']:,} | {found['erases']:,} | {each:.2f} | "
            f"{found['most']:,} | {found['written'] / 1e6:.1f} | {years:,} |"
        )
        assert found["most"] < ENDURANCE * days // 365 // 20, "it wouldn't last 20 years"


if __name__ == "__main__":
    main()
