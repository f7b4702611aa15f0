"""A change of the battery as people make it, step by step, for the tests of each of its steps."""

from typing import Any

from lockhil.suite.observe import told
from lockhil.targets.base import Target

# How many runs of each direction prove a lock, as the routine says.
RUNS = 5
# The first reading after a start, and a little more.
FRESH_S = 70
OUT_MS = 5_000


def begin(unit: Target, role: str = "staff", gate: str = "fresh") -> dict[str, Any]:
    """Ask whether a change may begin."""
    return unit.link.call("swap.begin", role=role, gate=gate)


def take_out(unit: Target, pack: str = "good") -> None:
    """The pack out, another one in; wait until the unit is there again."""
    unit.bench.power_cut(OUT_MS)
    unit.bench.set_pack(pack)
    unit.bench.clock.advance(ms=OUT_MS + 1_000)


def register(unit: Target, role: str = "staff") -> dict[str, Any]:
    """Register the new pack, with the yes to the control question."""
    return unit.link.call("battery.replaced", role=role, confirmed=True)


def registered(unit: Target, role: str = "staff", pack: str = "good") -> None:
    """Everything up to the registration."""
    if role == "staff":
        unit.bench.clock.advance(seconds=FRESH_S)
    told = begin(unit, role, "fresh" if role == "staff" else "diagnosed")
    assert told["result"] == "done", f"BATT-8: {told}"
    take_out(unit, pack)
    told = register(unit, role)
    assert told["result"] == "done", f"BATT-4: {told}"


def run_door(unit: Target, times: int = RUNS) -> None:
    """Unlock and lock by command, so often."""
    for _ in range(times):
        for method in ("bolt.unlock", "bolt.lock"):
            told = unit.link.call(method)
            assert told["result"] == "done", f"BATT-5: {method}: {told}"


def counted(unit: Target, role: str = "staff", pack: str = "good") -> None:
    """Everything up to the proof of the pack."""
    registered(unit, role, pack)
    run_door(unit)


def close(unit: Target, role: str = "staff") -> dict[str, Any]:
    """The proof of the pack."""
    return unit.link.call("swap.close", role=role)


def steps(unit: Target) -> list[str]:
    """What the unit told of the change so far."""
    return [step["what"] for step in told(unit, "swap.step")]


def last_why(unit: Target) -> str:
    """Why the run that somebody was just told of doesn't count."""
    told = [n.params for n in unit.link.notifications if n.method == "swap.step"]
    return str(told[-1]["why"])
