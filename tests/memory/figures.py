"""What the core takes on one port, by name, and what of it is beyond its limit."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.memory.ports import Port

LIMITS: dict[str, Any] = tomllib.loads((Path(__file__).parent / "limits.toml").read_text())


@dataclass(frozen=True, slots=True)
class Day:
    """Bytes of a hard day of the core, and by part of it (high water, longest step in us)."""

    code: int
    booted: int
    parts: dict[str, tuple[int, int]]

    def bytes(self) -> dict[str, int]:
        """What the limits are about."""
        return {
            "code": self.code,
            "booted": self.booted,
            "high": max(high for high, _ in self.parts.values()),
        }


def day(port: Port, firmware: Path) -> Day:
    """Live through it."""
    first, *parts = port.run("day", firmware)
    assert first["sent"] > 20, "the unit told next to nothing: was it a day?"
    return Day(
        first["code"], first["booted"], {row["part"]: (row["high"], row["us"]) for row in parts}
    )


def beyond(limits: Mapping[str, int], found: Mapping[str, int]) -> list[str]:
    """What took more than it may."""
    return [
        f"{name}: {found[name]} bytes, at most {most}"
        for name, most in limits.items()
        if found[name] > most
    ]


def quiet(port: Port, firmware: Path, n: int) -> dict[str, int]:
    """The bytes that `n` events of each kind took where nothing is told."""
    rows = port.run("steady", firmware, n, 0) + port.run("drivers", firmware, n, 0)
    looked = sum(row["readings"] for row in rows)
    assert looked > 5 * n, f"only {looked} readings: were there any samples?"
    return {row["quiet"]: row["bytes"] for row in rows}


def told(port: Port, firmware: Path, n: int) -> tuple[dict[str, int], int, int]:
    """The bytes of each kind of event that is told; what is alive after n // 10 of them, and n."""
    *rows, last = port.run("steady", firmware, 0, n)
    assert last["events"] == n
    return {row["told"]: row["bytes"] for row in rows}, last["tenth"], last["end"]
