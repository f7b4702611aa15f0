"""A life's days as Parquet: one row a day, one column a figure, for other programs.

It needs pyarrow, and is imported only where it was asked for.
"""

from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from locksim.scenarios.result import Life


def columns(life: Life) -> dict[str, list[Any]]:
    """Each column's values; a cell's begin with its place: `cell1_rest_mv`."""
    found: dict[str, list[Any]] = {}
    for row in life.rows:
        flat = msgspec.to_builtins(row)
        for place, cell in enumerate(flat.pop("cells"), start=1):
            flat |= {f"cell{place}_{name}": value for name, value in cell.items()}
        for name, value in flat.items():
            found.setdefault(name, []).append(value)
    return found


def write_rows(life: Life, path: Path) -> None:
    """Write them to `path`. OSError."""
    about = {"scenario": life.scenario, "pack": life.pack_kind, "seed": str(life.seed)}
    table = pa.table(columns(life)).replace_schema_metadata(about)
    pq.write_table(table, path)
