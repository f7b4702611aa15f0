"""What msgspec's types can't say of a cell file: what must fit together.

It reads no files (`load`) and knows no physics but signs and slopes.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from locksim.cells.load import CellFile, Point

# A millionth of any unit is less than anyone measures.
LEAST = 1e-6


def complaints(cell: CellFile) -> list[str]:
    """What is wrong with the file: key, what is allowed, what came; nothing if it is good."""
    found = []
    for name in cell.parameters.__struct_fields__:
        parameter = getattr(cell.parameters, name)
        if parameter is not None and not _grounded(parameter):
            found.append(
                f"parameters.{name}: expected one of source, fitted = true, assumed = true"
            )
    for name, table, values in (
        ("open_voltage", cell.open_voltage, cell.open_voltage.mv),
        ("resistance", cell.resistance, cell.resistance.mohm),
    ):
        if not _grounded(table):
            found.append(f"{name}: expected one of source, fitted = true, assumed = true")
        if len(table.depth_pct) != len(values):
            found.append(f"{name}: expected as many values as depths, got {len(values)}")
        if any(b <= a for a, b in pairwise(table.depth_pct)):
            found.append(f"{name}.depth_pct: expected rising depths, got {table.depth_pct}")
        if table.depth_pct[0] != 0 or table.depth_pct[-1] != 100:
            found.append(f"{name}.depth_pct: expected 0 to 100, got {table.depth_pct}")
    if any(b > a for a, b in pairwise(cell.open_voltage.mv)):
        found.append(f"open_voltage.mv: expected falling voltages, got {cell.open_voltage.mv}")
    for number, point in enumerate(cell.point):
        found += [f"point[{number}].{text}" for text in _point_complaints(point)]
        found += [f"point[{number}].{text}" for text in _out_of_reach(point, cell)]
    return found


def _grounded(grounds: Any) -> bool:
    stated: int = bool(grounds.source) + grounds.fitted + grounds.assumed
    return stated == 1


UNITS = {"capacity": "mAh", "voltage": "mV", "resistance": "mohm"}


def _point_complaints(point: Point) -> list[str]:
    found = []
    if point.unit != UNITS[point.kind]:
        found.append(f"unit: expected {UNITS[point.kind]} for {point.kind}, got {point.unit!r}")
    if (point.load_ohm is None) == (point.current_ma is None):
        found.append("load_ohm: expected this or current_ma, one of them")
    if point.kind == "capacity" and point.cutoff_mv is None:
        found.append("cutoff_mv: expected for a capacity, but it isn't there")
    if point.kind == "capacity" and point.current_ma == 0:
        found.append("current_ma: expected more than 0 for a capacity, got 0")
    if point.kind != "capacity" and (point.depth_pct is None) == (point.delivered_mah is None):
        found.append(f"depth_pct: expected this or delivered_mah for a {point.kind}, one of them")
    if point.off_s is not None and point.on_s is None:
        found.append("on_s: expected together with off_s")
    if point.kind == "capacity" and point.on_s is not None and point.off_s is None:
        found.append("off_s: expected together with on_s for a capacity")
    return found


def _out_of_reach(point: Point, cell: CellFile) -> list[str]:
    """Figures that no cell of this kind could be brought to show."""
    found = []
    full, most = cell.open_voltage.mv[0], 1.2 * cell.parameters.capacity_mah.value
    if point.cutoff_mv is not None and point.cutoff_mv >= full:
        found.append(
            f"cutoff_mv: expected below the open voltage of {full:g}, got {point.cutoff_mv:g}"
        )
    if point.delivered_mah is not None and point.delivered_mah > most:
        found.append(f"delivered_mah: expected at most {most:g}, got {point.delivered_mah:g}")
    if point.current_ma is not None and 0 < point.current_ma < LEAST:
        found.append(f"current_ma: expected 0 or at least {LEAST}, got {point.current_ma:g}")
    return found
