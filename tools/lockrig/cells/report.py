"""Figures and the model's beside them: as text, as Markdown, as JSON.

It words what `locksim.cells.check` found, and judges nothing itself.
"""

import json
import math
from collections.abc import Iterator
from typing import Any

from lockrig.trace.terminal import safe
from locksim.cells.check import MEDIAN_PCT, WORST_PCT, Compared, Summary, summary
from locksim.cells.load import CellFile, Point


def described(point: Point) -> str:
    """How the figure was measured, in a few words."""
    load = f"{point.load_ohm:g} ohm" if point.load_ohm is not None else f"{point.current_ma:g} mA"
    if point.current_ma == 0:
        load = "open"
    parts = [point.kind, load]
    if point.off_s is not None:
        parts.append(f"{point.on_s:g} s on {point.off_s:g} s off")
    elif point.on_s is not None:
        parts.append(f"for {point.on_s:g} s")
    parts.append(f"{point.temp_c:g} C")
    if point.depth_pct is not None:
        parts.append(f"at {point.depth_pct:g} %")
    if point.delivered_mah is not None:
        parts.append(f"after {point.delivered_mah:g} mAh")
    if point.cutoff_mv is not None:
        parts.append(f"to {point.cutoff_mv:g} mV")
    return ", ".join(parts)


def figure(point: Point) -> str:
    """The figure, with >= or <= where it is a bound, and ~ where something of it is assumed."""
    mark = {"min": ">=", "max": "<=", None: ""}[point.bound]
    return f"{mark}{'~' if point.assumed else ''}{point.value:g} {point.unit}"


def as_text(files: dict[str, CellFile], rows: list[Compared]) -> str:
    """Each cell with its figures, then what they come to."""
    lines: list[str] = []
    for name, cell in files.items():
        mine = [row for row in rows if row.cell == name]
        lines += [f"{safe(name)} ({cell.chemistry})", f"  {_told(summary(mine))}"]
        for row in mine:
            use = "held out" if row.held_out else "fitted"
            lines.append(
                f"  {use:<9}{described(row.point):<46} {figure(row.point):>12} "
                f"{row.model:>8.0f} {row.error_pct:>+7.1f} %"
            )
        lines.append("")
    everything = summary(rows)
    lines.append(f"all cells: {_told(everything)}")
    verdict = "passed" if everything.passed else "FAILED"
    lines.append(
        f"{verdict}: asked is a median of {MEDIAN_PCT:g} % and a worst of {WORST_PCT:g} % "
        "of the figures held out"
    )
    return "\n".join(lines)


def listed(files: dict[str, CellFile]) -> Iterator[str]:
    """The cells, a line each."""
    for name, cell in files.items():
        capacity = cell.parameters.capacity_mah.value
        held = sum(point.use == "held_out" for point in cell.point)
        yield (
            f"{safe(name):<22} {cell.chemistry:<9} {capacity:>6.0f} mAh  "
            f"{len(cell.point):>3} figures, {held} held out"
        )


def as_markdown(files: dict[str, CellFile], rows: list[Compared]) -> str:
    """The tables of docs/cells.md."""
    lines = [
        "| cell | figures | held out | median % | worst % | capacities held out | median % |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name in [*files, None]:
        mine = [row for row in rows if name in (None, row.cell)]
        found = summary(mine)
        capacities = summary(row for row in mine if row.point.kind == "capacity")
        lines.append(
            f"| {_cell(name) if name else '**all**'} | {len(mine)} | {found.count} | "
            f"{_number(found.median_pct)} | {_number(found.worst_pct)} | "
            f"{capacities.count} | {_number(capacities.median_pct)} |"
        )
    for name in files:
        lines += ["", f"### {_cell(name)}", ""]
        lines.append("| use | measured | figure | model | error % | source |")
        lines.append("| --- | --- | --- | --- | --- | --- |")
        for row in rows:
            if row.cell != name:
                continue
            point = row.point
            lines.append(
                f"| {'held out' if row.held_out else 'fitted'} | {described(point)} | "
                f"{figure(point)} | {row.model:.0f} | {row.error_pct:+.1f} | "
                f"{_cell(point.source)}{'. ' + _cell(point.note) if point.note else ''} |"
            )
    return "\n".join(lines)


def as_json(files: dict[str, CellFile], rows: list[Compared]) -> str:
    """One JSON document."""
    everything = summary(rows)
    document: dict[str, Any] = {
        "passed": everything.passed,
        "asked": {"median_pct": MEDIAN_PCT, "worst_pct": WORST_PCT},
        "held_out": _as_dict(everything),
        "cells": [
            {
                "name": name,
                "chemistry": cell.chemistry,
                "held_out": _as_dict(summary(row for row in rows if row.cell == name)),
                "figures": [
                    {
                        "use": row.point.use,
                        "measured": described(row.point),
                        "kind": row.point.kind,
                        "bound": row.point.bound,
                        "figure": row.point.value,
                        "model": round(row.model, 1),
                        "unit": row.point.unit,
                        "error_pct": round(row.error_pct, 2),
                        "source": row.point.source,
                    }
                    for row in rows
                    if row.cell == name
                ],
            }
            for name, cell in files.items()
        ],
    }
    return json.dumps(document, indent=2)


def _told(found: Summary) -> str:
    if not found.count:
        return "no figure is held out: nothing checks it"
    return (
        f"{found.count} figures held out: median error {found.median_pct:.1f} %, "
        f"worst {found.worst_pct:.1f} %"
    )


def _as_dict(found: Summary) -> dict[str, Any]:
    if not found.count:
        return {"figures": 0, "median_pct": None, "worst_pct": None}
    return {
        "figures": found.count,
        "median_pct": round(found.median_pct, 2),
        "worst_pct": round(found.worst_pct, 2),
    }


def _number(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.1f}"


def _cell(text: str) -> str:
    """Text inside a Markdown table."""
    return safe(text).replace("|", "\\|")
