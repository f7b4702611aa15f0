"""`python -m locksim.cells.fit FILE`: the parameters marked `fitted`, fitted to the points marked
`fit`.

It prints them; whoever ran it puts them into the file. It never looks at a point that is held out.
Needs scipy, which only developers have.
"""

import math
import sys
from pathlib import Path

import msgspec
from scipy.optimize import least_squares

from locksim.cells.load import CellFile, read_cell
from locksim.cells.predict import predict

# A discharge curve is flat: a per cent of voltage tells as much as several of capacity.
_WEIGHT = {"capacity": 1.0, "voltage": 2.0, "resistance": 1.0}
# No fitted parameter leaves what a file may hold, nor goes to nothing.
_MOST = {"diffusion_spread": 10.0, "relaxing_share": 0.95}
_LEAST = 1e-3


def fitted_names(cell: CellFile) -> list[str]:
    """The parameters that are to be fitted."""
    parameters = cell.parameters
    return [
        name
        for name in parameters.__struct_fields__
        if (found := getattr(parameters, name)) is not None and found.fitted
    ]


def with_values(cell: CellFile, values: dict[str, float]) -> CellFile:
    """The cell with other values of some parameters."""
    changed = {
        name: msgspec.structs.replace(getattr(cell.parameters, name), value=value)
        for name, value in values.items()
    }
    return msgspec.structs.replace(
        cell, parameters=msgspec.structs.replace(cell.parameters, **changed)
    )


def residuals(cell: CellFile) -> list[float]:
    """The logarithms of model over figure, of the points to fit."""
    law = cell.law()
    return [
        _WEIGHT[point.kind] * math.log(max(1e-6, predict(law, point)) / point.value)
        for point in cell.point
        if point.use == "fit"
    ]


def fit(cell: CellFile) -> dict[str, float]:
    """The best values by least squares of relative errors, from those in the file on."""
    names = fitted_names(cell)
    if not names:
        return {}
    start = [math.log(getattr(cell.parameters, name).value) for name in names]

    def wrong(logs: list[float]) -> list[float]:
        values = {name: math.exp(log) for name, log in zip(names, logs, strict=True)}
        # A parameter that no point says anything of stays where it was.
        kept = [1e-3 * (log - began) for log, began in zip(logs, start, strict=True)]
        return residuals(with_values(cell, values)) + kept

    most = [math.log(_MOST.get(name, 20_000 if name.endswith("_k") else 1e6)) for name in names]
    bounds = ([math.log(_LEAST)] * len(names), most)
    found = least_squares(
        wrong, start, bounds=bounds, diff_step=1e-3, loss="soft_l1", f_scale=0.1, max_nfev=200
    )
    return {name: math.exp(log) for name, log in zip(names, found.x, strict=True)}


def main() -> None:
    for name in sys.argv[1:]:
        cell = read_cell(Path(name))
        values = fit(cell)
        print(cell.name)  # noqa: T201
        for parameter, value in values.items():
            print(f"  {parameter} = {value:.4g}")  # noqa: T201
        for point in cell.point:
            got = predict(with_values(cell, values).law(), point)
            load = f"{point.load_ohm} ohm" if point.load_ohm else f"{point.current_ma} mA"
            print(  # noqa: T201
                f"  {point.use:8} {point.kind:10} {load:>10} {point.temp_c:4.0f} C "
                f"{point.value:8.0f} {got:8.0f} {100 * (got / point.value - 1):+6.1f} %"
            )


if __name__ == "__main__":
    main()
