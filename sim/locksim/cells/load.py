"""Cells as data: the schema of `cells/*.toml`, and the laws made from it.

A file holds a cell's parameters, each with its source or marked as fitted or assumed, and published
figures: those it was fitted to (`use = "fit"`) and those kept back to check it (`held_out`).
"""

import math
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from locksim.cells.law import Law, Table
from locksim.datafile import BadFileError, read

FORMAT = "lockrig-cell/1"
FOLDER = Path(__file__).parent

Positive = Annotated[float, Meta(gt=0, le=1_000_000)]
NotNegative = Annotated[float, Meta(ge=0, le=1_000_000)]
Millivolts = Annotated[float, Meta(ge=-5_000, le=5_000)]
Share = Annotated[float, Meta(ge=0, le=0.95)]
Spread = Annotated[float, Meta(ge=0, le=10)]
Activation = Annotated[float, Meta(ge=0, le=20_000)]
Celsius = Annotated[float, Meta(ge=-60, le=100)]
Depth = Annotated[float, Meta(ge=0, le=100)]


class _Struct(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    pass


class _Grounds(_Struct, frozen=True):
    """Where a figure comes from: exactly one of the three."""

    source: str = ""
    fitted: bool = False
    assumed: bool = False


class _PositiveParameter(_Grounds, kw_only=True, frozen=True):
    value: Positive


class _Parameter(_Grounds, kw_only=True, frozen=True):
    value: NotNegative


class _ShareParameter(_Grounds, kw_only=True, frozen=True):
    value: Share


class _SpreadParameter(_Grounds, kw_only=True, frozen=True):
    value: Spread


class _ActivationParameter(_Grounds, kw_only=True, frozen=True):
    value: Activation


class _VoltParameter(_Grounds, kw_only=True, frozen=True):
    value: Millivolts


_NONE = _Parameter(value=0, assumed=True)
_NO_ACTIVATION = _ActivationParameter(value=0, assumed=True)


class Parameters(_Struct, kw_only=True, frozen=True):
    """See `Law`; all at 20 C. `clogging_ma`: none where it isn't given."""

    capacity_mah: _PositiveParameter
    diffusion_per_h: _PositiveParameter
    diffusion_spread: _SpreadParameter = _SpreadParameter(value=0, assumed=True)
    diffusion_activation_k: _ActivationParameter = _NO_ACTIVATION
    resistance_scale: _PositiveParameter = _PositiveParameter(value=1, assumed=True)
    resistance_activation_k: _ActivationParameter = _NO_ACTIVATION
    clogging_ma: _PositiveParameter | None = None
    relaxing_share: _ShareParameter = _ShareParameter(value=0, assumed=True)
    relaxing_s: _PositiveParameter = _PositiveParameter(value=1, assumed=True)
    self_discharge_pct_year: _Parameter = _NONE
    self_discharge_activation_k: _ActivationParameter = _NO_ACTIVATION
    film_mohm: _Parameter = _NONE
    film_days: _PositiveParameter = _PositiveParameter(value=30, assumed=True)
    film_activation_k: _ActivationParameter = _NO_ACTIVATION
    film_mas: _PositiveParameter = _PositiveParameter(value=100, assumed=True)
    reversed_mv: _VoltParameter = _VoltParameter(value=-100, assumed=True)


class _OpenVoltage(_Grounds, kw_only=True, frozen=True):
    depth_pct: Annotated[list[Depth], Meta(min_length=2)]
    mv: Annotated[list[Annotated[float, Meta(gt=0, le=5_000)]], Meta(min_length=2)]


class _Resistance(_Grounds, kw_only=True, frozen=True):
    depth_pct: Annotated[list[Depth], Meta(min_length=2)]
    mohm: Annotated[list[Positive], Meta(min_length=2)]


class Point(_Struct, kw_only=True, frozen=True):
    """One published figure, and how it was measured.

    `kind` capacity: mAh down to `cutoff_mv`; voltage: mV at `depth_pct` of what the load delivers
    (to `cutoff_mv`; without one: of the nominal capacity) or after `delivered_mah`, under that
    load; resistance: mohm there, from a step of it. The load is `load_ohm` or `current_ma`: all the
    time; `on_s` of every `on_s + off_s` seconds; or, without `off_s`, once for `on_s` on a rested
    cell. With a `bound` the figure is the least or the most that was seen.
    """

    kind: Literal["capacity", "voltage", "resistance"]
    value: Positive
    unit: Literal["mAh", "mV", "mohm"]
    source: Annotated[str, Meta(min_length=3)]
    use: Literal["fit", "held_out"]
    load_ohm: Positive | None = None
    current_ma: NotNegative | None = None
    temp_c: Celsius = 20
    cutoff_mv: Annotated[float, Meta(gt=0, le=5_000)] | None = None
    depth_pct: Depth | None = None
    delivered_mah: NotNegative | None = None
    on_s: Positive | None = None
    off_s: Positive | None = None
    rest_days: Annotated[float, Meta(ge=0, le=20_000)] = 0
    bound: Literal["min", "max"] | None = None
    assumed: bool = False
    note: str = ""


class CellFile(_Struct, kw_only=True, frozen=True):
    """A whole file."""

    format: Literal["lockrig-cell/1"]
    name: Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._+-]*$", max_length=40)]
    chemistry: Literal["Li-SOCl2", "Li-MnO2", "Li-FeS2", "alkaline"]
    about: str
    parameters: Parameters
    open_voltage: _OpenVoltage
    resistance: _Resistance
    point: list[Point] = []

    def law(self) -> Law:
        """The law that the parameters stand for."""
        p = self.parameters
        values = {
            name: getattr(p, name).value
            for name in p.__struct_fields__
            if name not in ("resistance_scale", "clogging_ma")
        }
        scale = p.resistance_scale.value
        return Law(
            name=self.name,
            chemistry=self.chemistry,
            ocv=_table(self.open_voltage.depth_pct, self.open_voltage.mv),
            resistance=_table(self.resistance.depth_pct, [scale * r for r in self.resistance.mohm]),
            clogging_ma=math.inf if p.clogging_ma is None else p.clogging_ma.value,
            **values,
        )


def _table(depth_pct: list[float], values: list[float]) -> Table:
    return Table([depth / 100 for depth in depth_pct], values)


def read_cell(path: Path) -> CellFile:
    """The cell file at `path`; BadFileError names file, key, value, and what is allowed."""
    cell = read(path, CellFile)
    for complaint in _complaints(cell):
        raise BadFileError(f"{path}: {complaint}")
    return cell


def _complaints(cell: CellFile) -> list[str]:
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
    return found


def _grounded(grounds: _Grounds) -> bool:
    return bool(grounds.source) + grounds.fitted + grounds.assumed == 1


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


def cells(folder: Path = FOLDER) -> dict[str, CellFile]:
    """The cell files in `folder` by name; BadFileError."""
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise BadFileError(f"{folder}: expected a folder with cell files (*.toml), found none")
    found: dict[str, CellFile] = {}
    for path in paths:
        cell = read_cell(path)
        if cell.name in found:
            raise BadFileError(f"{path}: name: another file has {cell.name!r} too")
        found[cell.name] = cell
    return found
