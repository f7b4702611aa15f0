"""The timelines of a life as numbers for the page: which lines, in which chart, on which scale.

How they are drawn is the page's script's.
"""

from typing import Any

from lockrig.simulate import words
from locksim.scenarios.result import CellTruth, Life

LEVELS = ("UNKNOWN", "GOOD", "CHANGE_SOON", "CHANGE_NOW", "SUSPECTED_DISCHARGED")
_LOWEST_MV = -200
# By the place of a cell; beyond these they repeat.
_COLOURS = ("blue", "red", "green", "mid")


def charts(life: Life) -> dict[str, Any]:
    """What the page's script draws."""
    marks = [
        {"day": stone.day, "text": words.milestone(stone), "bad": stone.what in _BAD}
        for stone in life.milestones
    ]
    return {
        "days": [row.day for row in life.rows],
        "marks": marks,
        "charts": [
            _volts(life),
            _gone(life),
            _levels(life),
            _visits(life),
            _weather(life),
            _charge(life),
            _forced(life),
        ],
    }


_BAD = ("SUSPECTED_DISCHARGED", "end", "dead", "reversed", "discharged")


def _line(name: str, values: list[Any], colour: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "values": values, "colour": colour, **more}


def _by_cell(life: Life, name: str, what: str, **more: Any) -> list[dict[str, Any]]:
    def figure(cell: CellTruth) -> Any:
        return getattr(cell, what)

    return [
        _line(
            f"{name} {place + 1}",
            [figure(row.cells[place]) for row in life.rows],
            _COLOURS[place % len(_COLOURS)],
            **more,
        )
        for place in range(len(life.rows[0].cells))
    ]


def _volts(life: Life) -> dict[str, Any]:
    limits = {"soon": life.soon_mv, "now": life.now_mv, "discharged": life.discharged_mv}
    return {
        "title": "Each cell, rested and under a run of the motor as it would be at 20 C",
        "unit": "mV",
        "lines": [
            *_floored(_by_cell(life, "under load", "loaded_20_mv")),
            *_floored(_by_cell(life, "rested", "rest_mv", dash=True)),
        ],
        "limits": [{"name": name, "at": mv} for name, mv in limits.items()],
    }


def _floored(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    # No pack could drive that much through it: where below 0 V it would be says nothing.
    for line in lines:
        line["values"] = [max(_LOWEST_MV, mv) for mv in line["values"]]
    return lines


def _gone(life: Life) -> dict[str, Any]:
    lines = _by_cell(life, "cell", "gone_share")
    for line in lines:
        line["values"] = [round(share * 100, 2) for share in line["values"]]
    return {
        "title": "Gone of what each cell can deliver at 20 C under the profile's load",
        "unit": "%",
        "lines": lines,
        "limits": [{"name": "98 %", "at": 98}],
    }


def _levels(life: Life) -> dict[str, Any]:
    told = [LEVELS.index(row.level) if row.up else None for row in life.rows]
    return {
        "title": "What the unit says (nothing while it is down)",
        "unit": "",
        "words": list(LEVELS),
        "lines": [_line("level", told, "mid", step=True)],
        "limits": [],
    }


def _visits(life: Life) -> dict[str, Any]:
    rows = life.rows
    return {
        "title": "Requests to open, a day",
        "unit": "",
        "lines": [
            _line("opened by motor", [row.opened for row in rows], "green", step=True),
            _line("refused", [row.refused for row in rows], "red", step=True),
            _line("locked by hand", [row.by_hand for row in rows], "mid", step=True),
        ],
        "limits": [],
    }


def _weather(life: Life) -> dict[str, Any]:
    return {
        "title": "Temperature at the lock, coldest and warmest of the day",
        "unit": "C",
        "lines": [
            _line("coldest", [row.coldest_c for row in life.rows], "blue"),
            _line("warmest", [row.warmest_c for row in life.rows], "red"),
        ],
        "limits": [],
    }


def _charge(life: Life) -> dict[str, Any]:
    rows = life.rows
    lost = [sum(c.self_discharged_mah for c in row.cells) / len(row.cells) for row in rows]
    return {
        "title": "Where the charge went, from the beginning",
        "unit": "mAh",
        "lines": [
            _line("motor", [row.motor_mah for row in rows], "blue"),
            _line("battery tests", [row.test_mah for row in rows], "green"),
            _line("standby", [row.standby_mah for row in rows], "mid"),
            _line("radio", [row.radio_mah for row in rows], "red"),
            _line("lost by itself, a cell", [round(mah, 3) for mah in lost], "dim"),
        ],
        "limits": [],
    }


def _forced(life: Life) -> dict[str, Any]:
    return {
        "title": "Risk index: charge forced through a cell below 0 V or backwards",
        "unit": "",
        "lines": _by_cell(life, "cell", "risk_index"),
        "limits": [],
    }
