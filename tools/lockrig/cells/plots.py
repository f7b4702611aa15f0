"""A cell's curves as a picture: discharges, capacity against load, resistance.

It draws what `locksim.cells` says; matplotlib, an extra, is needed. No verdict is here.
"""

import math
import re
from itertools import islice
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from locksim.cells.law import Law
from locksim.cells.load import CellFile, Point
from locksim.cells.predict import discharge, predict

_TEMPERATURES = (40.0, 20.0, 0.0, -20.0)
_MOST_CURVES = 8
_STEPS = 200


def draw(cell: CellFile, folder: Path) -> Path:
    """The cell's picture, as a PNG in `folder`."""
    law = cell.law()
    picture = Figure(figsize=(15, 4.6), layout="constrained", dpi=110)
    left, middle, right = picture.subplots(1, 3)
    _discharges(left, law, cell)
    _capacities(middle, law, cell)
    _resistances(right, law)
    picture.suptitle(f"{cell.name}: lines are the model, filled marks fitted, open ones held out")
    path = folder / f"cells-{re.sub('[^a-z0-9]+', '-', cell.name.lower())}.png"
    picture.savefig(path)
    return path


def _label(point: Point) -> str:
    load = f"{point.load_ohm:g} ohm" if point.load_ohm is not None else f"{point.current_ma:g} mA"
    pulses = f", {point.on_s:g} s/{point.off_s:g} s" if point.off_s is not None else ""
    return f"{load}{pulses}, {point.temp_c:g} C"


def _mark(axes: Axes, x: float, y: float, point: Point, colour: str) -> None:
    face = colour if point.use == "fit" else "none"
    usual = "s" if point.kind == "capacity" else "o"
    marker = {"min": "^", "max": "v", None: usual}[point.bound]
    axes.plot([x], [y], marker, color=colour, markerfacecolor=face, markersize=6)


def _discharges(axes: Axes, law: Law, cell: CellFile) -> None:
    """Voltage over charge at the loads that were measured, and a motor's."""
    lasting = [
        point
        for point in cell.point
        if point.current_ma != 0 and (point.on_s is None or point.off_s is not None)
    ]
    lasting.sort(key=lambda point: -_load_ma(law, point))
    by_load: dict[str, list[Point]] = {}
    for point in lasting:
        by_load.setdefault(_label(point), []).append(point)
    lowest = min((p.cutoff_mv for p in cell.point if p.cutoff_mv), default=law.open_mv(0) / 2)
    for number, (label, points) in enumerate(islice(by_load.items(), _MOST_CURVES)):
        colour = f"C{number}"
        run = discharge(law, points[0])
        end = run.until(lowest, 1.5 * law.capacity_mah)
        along = [end * step / _STEPS for step in range(_STEPS + 1)]
        axes.plot(along, [run.at(mah) for mah in along], color=colour, linewidth=1.2, label=label)
        for point in points:
            if point.kind == "capacity" and point.cutoff_mv is not None:
                _mark(axes, point.value, point.cutoff_mv, point, colour)
            elif point.kind == "voltage":
                _mark(axes, _delivered(law, point), point.value, point, colour)
    for point in cell.point:
        if point.kind == "voltage" and point.current_ma == 0:
            _mark(axes, _delivered(law, point), point.value, point, "black")
    depths = [step / _STEPS for step in range(_STEPS + 1)]
    charges = [depth * law.capacity_mah for depth in depths]
    axes.plot(charges, [law.open_mv(d) for d in depths], "k:", linewidth=1, label="open")
    axes.set(xlabel="delivered, mAh", ylabel="mV under the load", title="Discharge")
    axes.set_ylim(bottom=0.9 * lowest if lowest > 500 else 0)
    axes.legend(fontsize=7)


def _delivered(law: Law, point: Point) -> float:
    if point.delivered_mah is not None:
        return point.delivered_mah
    assert point.depth_pct is not None
    whole = law.capacity_mah
    if point.cutoff_mv is not None:
        whole = discharge(law, point).until(point.cutoff_mv, 2 * whole)
    return whole * point.depth_pct / 100


def _load_ma(law: Law, point: Point) -> float:
    if point.current_ma is not None:
        return point.current_ma
    assert point.load_ohm is not None
    return law.open_mv(0.3) / (point.load_ohm + law.resistance(0.3) / 1000)


def _capacities(axes: Axes, law: Law, cell: CellFile) -> None:
    """Charge over current, at each temperature and cut-off that was measured."""
    points = [point for point in cell.point if point.kind == "capacity"]
    loads = [_load_ma(law, point) for point in points] or [law.capacity_mah / 100]
    low, high = math.log(min(loads) / 3), math.log(max(loads) * 2)
    currents = [math.exp(low + (high - low) * step / 40) for step in range(41)]
    kinds = {(point.temp_c, point.cutoff_mv) for point in points if point.off_s is None}
    cutoff = points[0].cutoff_mv if points else law.open_mv(0) / 2
    kinds |= {(0.0, cutoff), (-20.0, cutoff)}
    ordered = sorted(kinds, key=lambda kind: (-kind[0], kind[1] or 0))
    for number, (temp_c, cutoff_mv) in enumerate(ordered):
        told = [_capacity(law, ma, temp_c, cutoff_mv) for ma in currents]
        label = f"{temp_c:g} C to {cutoff_mv:g} mV"
        axes.plot(currents, told, color=f"C{number}", linewidth=1.2, label=label)
        for point, ma in zip(points, loads, strict=False):
            if (point.temp_c, point.cutoff_mv) == (temp_c, cutoff_mv) and point.off_s is None:
                _mark(axes, ma, point.value, point, f"C{number}")
    axes.set(xscale="log", xlabel="mA", ylabel="mAh", title="Capacity against load")
    axes.set_ylim(bottom=0)
    axes.legend(fontsize=7)


def _capacity(law: Law, ma: float, temp_c: float, cutoff_mv: float | None) -> float:
    point = Point(
        kind="capacity",
        value=1,
        unit="mAh",
        source="the model",
        use="fit",
        current_ma=ma,
        temp_c=temp_c,
        cutoff_mv=cutoff_mv,
    )
    return predict(law, point)


def _resistances(axes: Axes, law: Law) -> None:
    """Resistance over what is gone: after 0.1 s, and of a lasting load."""
    depths = [step / _STEPS for step in range(_STEPS + 1)]
    at_once = 1 - law.relaxing_share * math.exp(-0.1 / law.relaxing_s)
    for number, temp_c in enumerate(_TEMPERATURES):
        scale = law.rates(temp_c).resistance
        lasting = [scale * law.resistance(depth) for depth in depths]
        colour = f"C{number}"
        used = [100 * depth for depth in depths]
        axes.plot(used, lasting, color=colour, linewidth=1.2, label=f"{temp_c:g} C")
        axes.plot(used, [at_once * mohm for mohm in lasting], "--", color=colour, linewidth=1)
    axes.set(
        yscale="log",
        xlabel="used up, %",
        ylabel="mohm (dashed: within 0.1 s)",
        title="Resistance",
    )
    axes.legend(fontsize=7)
