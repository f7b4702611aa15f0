"""A wires file: what is wrong with one is said, and swapping exchanges the unit's ends alone."""

from typing import Any

import pytest

from lockhil.virtual.pair.wiring import Pin, wires
from tests.lockhil.virtual.pairrig import WIRES


def _wire(**entry: Any) -> dict[str, Any]:
    return {"net": "one", "kind": "digital", "unit": 1, "probe": 2, **entry}


@pytest.mark.parametrize(
    ("entries", "says"),
    [
        ([_wire(net="")], "a net's name"),
        ([_wire(net=None)], "a net's name"),
        ([_wire(net="unit")], "a net's name"),
        ([_wire(kind="silver")], "net one: expected a kind of digital, analogue, supply"),
        ([_wire(unit=256)], "net one: expected unit of 0 to 255, got 256"),
        ([_wire(probe="2")], "expected probe of 0 to 255, got '2'"),
        ([_wire(probe=True)], "expected probe of 0 to 255, got True"),
        ([_wire(idle=2)], "expected idle of 0 to 1"),
        ([_wire(tau_ms=-1)], "expected tau_ms of 0 to"),
        ([{"net": "one", "kind": "digital"}], "expected a pin"),
        ([_wire(kind="supply")], "expected no unit"),
        ([_wire(), _wire(unit=3, probe=4)], "'one' twice"),
        ([_wire(), _wire(net="two", probe=3)], "one and two at the unit's pin 1"),
        ([_wire(readback=2)], "one and one at the probe's pin 2"),
    ],
)
def test_what_is_wrong_is_said(entries: list[dict[str, Any]], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        wires({"wires": entries})


def test_a_swap_exchanges_the_units_ends_alone() -> None:
    found = {wire.net: wire for wire in wires(WIRES, {"tap1": "tap2"})}
    assert set(found["tap1"].pins) == {Pin("unit", 33), Pin("probe", 18), Pin("probe", 35)}
    assert set(found["tap2"].pins) == {Pin("unit", 32), Pin("probe", 19)}
    assert found["tap2"].tau_ms == 5  # the filter stays where it is
    for other in ("supply", "none"):
        with pytest.raises(ValueError, match=f"net at the unit .*, got '{other}'"):
            wires(WIRES, {"tap1": other})
