"""Cells as data: the schema of `cells/*.toml`, and the laws made from it.

A file holds a cell's parameters, each with its source or marked as fitted or assumed, and published
figures: those it was fitted to (`use = "fit"`) and those kept back to check it (`held_out`).
"""

import math
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from locksim.cells.complaints import LEAST, complaints
from locksim.cells.law import Law, Table
from locksim.datafile import BadFileError, read

FOLDER = Path(__file__).parent

# A million of any unit is more than any cell has, a millionth less than anyone measures.
Positive = Annotated[float, Meta(ge=LEAST, le=1_000_000)]
Seconds = Annotated[float, Meta(ge=0.001, le=1_000_000)]
NotNegative = Annotated[float, Meta(ge=0, le=1_000_000)]
Reversed = Annotated[float, Meta(ge=-5_000, le=0)]
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
    value: Reversed


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
    clogging_activation_k: _ActivationParameter = _NO_ACTIVATION
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
    on_s: Seconds | None = None
    off_s: Seconds | None = None
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
    for complaint in complaints(cell):
        raise BadFileError(f"{path}: {complaint}")
    return cell


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
