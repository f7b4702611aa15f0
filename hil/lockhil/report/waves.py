"""Waveforms: a trace's channels as lanes to be drawn over one time axis.

It makes numbers and paths, no page: positions are percents of the axis, and a lane's path is in
milliseconds across and in its own levels downwards, of absolute M, H and V alone, so that the
page's script reads exact times and values back from it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from lockhil.report import text
from lockhil.report.drawing import HEIGHT, Lane, Limit, Line, Plot, Word
from lockhil.report.model import Measurement
from lockjudge.trace import Event, Trace

POINTS_MAX = 1500
WORDS_MAX = 150
LINES_MAX = 60

# Channel -> (label, colour class, {value: (height in the lane, word)}).
STEPS: dict[str, tuple[str, str, dict[int, tuple[int, str]]]] = {
    "button": ("button", "ink", {0: (20, "released"), 1: (4, "pressed")}),
    "led.green": ("green LED", "green", {0: (20, "dark"), 1: (4, "lit")}),
    "led.red": ("red LED", "red", {0: (20, "dark"), 1: (4, "lit")}),
    "load": ("load", "ink", {0: (20, "off"), 1: (4, "on")}),
    "motor": ("motor", "blue", {-1: (20, "\u22121"), 0: (12, "still"), 1: (4, "+1")}),
    "power": ("power", "ink", {0: (20, "off"), 1: (4, "on")}),
}
WORDS = {"bolt": "bolt", "door": "door", "power.source": "supply", "screen": "screen"}
LINES = {"battery.mv": ("battery", "mV"), "battery.ma": ("current", "mA")}
MARKS = {"reset": "reset", "tap": "tap"}
ORDER = [
    *("button", "led.green", "led.red", "load", "motor", "bolt", "door"),
    *("power", "power.source", "battery.mv", "battery.ma", "reset", "tap", "screen"),
]
TICKS_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 30_000, 60_000]
TICKS_MS += [60_000 * m for m in (2, 5, 10, 20, 30, 60, 120, 240, 720, 1440)]
MS = {"ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000}


@dataclass(slots=True)
class _Axis:
    start: int
    span: int
    thinned: bool = field(default=False)

    def percent(self, t_ms: float) -> float:
        return round(min(100.0, max(0.0, (t_ms - self.start) * 100 / self.span)), 3)


def plot(trace: Trace, measurements: Sequence[Measurement] = ()) -> Plot | None:
    """The drawing of a trace with the limits of its measurements; None if nothing was seen."""
    if not trace.events:
        return None
    start = trace.events[0].t_ms
    axis = _Axis(start, max(1, trace.events[-1].t_ms - start))
    seen: dict[str, list[Event]] = {}
    for event in trace.events:
        seen.setdefault(event.ch, []).append(event)
    lanes, still = [], []
    for channel in (ch for ch in ORDER if ch in seen):
        events = seen[channel]
        mine = [m for m in measurements if m.channel == channel]
        values = {event.v for event in events}
        if (
            len(values) == 1
            and not mine
            and channel not in ("button", "led.green", "led.red", *MARKS)
        ):
            still.append(_still(channel, events[0].v))
            continue
        lane = _lane(channel, events, axis, mine)
        lanes.append(replace(lane, unseen=0 if channel in MARKS else axis.percent(events[0].t_ms)))
    lines = [
        Line(e.t_ms, e.ch, text.one_line(e.v if isinstance(e.v, str) else repr(e.v)))
        for e in trace.events
        if e.ch in ("rx", "tx", "note", "answers")
    ]
    presses = [e.t_ms for e in seen.get("button", []) if e.v == 1]
    defect = trace.defect
    return Plot(
        start_ms=start,
        span_ms=axis.span,
        press_ms=presses[0] if presses else None,
        ticks=ticks(start, axis.span),
        lanes=tuple(lanes),
        still=tuple(still),
        lines=tuple(lines[:LINES_MAX]),
        lines_left_out=max(0, len(lines) - LINES_MAX),
        thinned=axis.thinned,
        defect=f"line {defect.line}: {text.one_line(defect.reason)}" if defect else "",
    )


def ticks(start: int, span: int) -> tuple[tuple[float, str], ...]:
    """At most seven round times on the axis, as percent and label."""
    step = next((s for s in TICKS_MS if span / s <= 6), TICKS_MS[-1])
    while span / step > 6:
        step *= 2
    first = -(-start // step) * step
    return tuple(
        (round((t - start) * 100 / span, 3), _clock(t, step))
        for t in range(first, start + span + 1, step)
    )


def _clock(t_ms: int, step: int) -> str:
    if step < 60_000:
        return text.seconds(t_ms)
    hours, minutes = divmod(t_ms // 60_000, 60)
    return f"{hours}\u00a0h {minutes:02}" if hours else f"{minutes}\u00a0min"


def _still(channel: str, value: object) -> str:
    if channel in STEPS and isinstance(value, int) and value in STEPS[channel][2]:
        return f"{STEPS[channel][0]} {STEPS[channel][2][value][1]}"
    if channel in LINES:
        label, unit = LINES[channel]
        shown = text.quantity(value, unit) if isinstance(value, int) else "unknown"
        return f"{label} {shown}"
    return f"{WORDS[channel]} {text.one_line(str(value), 60)}"


def _lane(channel: str, events: list[Event], axis: _Axis, mine: list[Measurement]) -> Lane:
    limits = tuple(_limit(m, axis) for m in mine if m.from_ms is not None and m.unit in MS)
    end = axis.start + axis.span
    if channel in STEPS:
        label, colour, levels = STEPS[channel]
        points = [(e.t_ms - axis.start, levels[e.v][0]) for e in events]
        path, fill = _path(_thin(points, axis), axis.span, levels[0][0])
        names = ",".join(f"{y}={word}" for y, word in levels.values())
        return Lane(channel, label, colour, HEIGHT, path, fill, names, limits=limits)
    if channel in LINES:
        return replace(_graph(channel, events, axis, mine), limits=limits)
    label = WORDS.get(channel) or MARKS[channel]
    if len(events) > WORDS_MAX:
        axis.thinned = True
        events = events[:WORDS_MAX]
    ends = [e.t_ms for e in events[1:]] + [end]
    if channel in MARKS:
        # A mark has no duration; the width is only what its word needs at most.
        ends = [min(until, e.t_ms + axis.span // 8) for e, until in zip(events, ends, strict=True)]
    words = tuple(
        Word(
            axis.percent(e.t_ms),
            round(axis.percent(until) - axis.percent(e.t_ms), 3),
            e.t_ms,
            text.one_line(str(e.v), 60),
        )
        for e, until in zip(events, ends, strict=True)
        if until > e.t_ms or channel in MARKS
    )
    colour = "mark" if channel in MARKS else "word"
    return Lane(channel, label, colour, words=words, limits=limits)


def _graph(channel: str, events: list[Event], axis: _Axis, mine: list[Measurement]) -> Lane:
    label, unit = LINES[channel]
    level = [m for m in mine if m.unit == unit]
    edges = [(n, m.ok) for m in level for n in (m.at_least, m.at_most) if n is not None]
    known = [e.v for e in events if e.v is not None] or [0]
    low, high = min([*known, *(n for n, _ in edges)]), max([*known, *(n for n, _ in edges)])
    margin = max(1, int((high - low) * 0.12))
    top, bottom = int(high) + margin, int(low) - margin
    points = [(e.t_ms - axis.start, None if e.v is None else top - e.v) for e in events]
    path, _ = _path(_thin(points, axis), axis.span, None)
    return Lane(
        channel,
        label,
        "ink",
        top - bottom,
        path,
        levels=f"top={top}",
        unit=unit,
        top=text.quantity(max(known), unit),
        bottom=text.quantity(min(known), unit),
        level_limits=tuple(
            (round((top - n) * 100 / (top - bottom), 2), f"limit {text.quantity(n, unit)}", ok)
            for n, ok in edges
        ),
    )


Point = tuple[int, int | None]


def _thin(points: Sequence[Point], axis: _Axis) -> Sequence[Point]:
    """Of very many points each slice's first, lowest, highest and last: what a pixel can show."""
    if len(points) <= POINTS_MAX:
        return points
    axis.thinned = True
    slices: dict[int, list[Point]] = {}
    for point in points:
        slices.setdefault(point[0] * (POINTS_MAX // 4) // (axis.span + 1), []).append(point)
    kept: list[Point] = []
    for group in slices.values():
        known = [p for p in group if p[1] is not None] or group[:1]
        extremes = (min(known, key=lambda p: p[1] or 0), max(known, key=lambda p: p[1] or 0))
        kept += sorted({group[0], *extremes, group[-1]}, key=lambda p: p[0])
    return kept


def _path(points: Sequence[Point], span: int, rest: int | None) -> tuple[str, str]:
    """The stepped line, and what to fill between it and the resting level."""
    line: list[str] = []
    fill: list[str] = []
    for (t, y), (until, _) in pairwise([*points, (span, None)]):
        if y is None:
            continue
        if not line or line[-1] != f"H{t}":
            line.append(f"M{t} {y}")
        else:
            line.append(f"V{y}")
        line.append(f"H{until}")
        if rest is not None and y != rest and until > t:
            fill.append(f"M{t} {rest}V{y}H{until}V{rest}z")
    return "".join(line), "".join(fill)


def _limit(m: Measurement, axis: _Axis) -> Limit:
    assert m.from_ms is not None
    scale = MS[m.unit]
    begin = axis.percent(m.from_ms + (m.at_least or 0) * scale)
    end = 100.0 if m.at_most is None else axis.percent(m.from_ms + m.at_most * scale)
    took = None
    if m.value is not None:
        left = axis.percent(m.from_ms)
        took = (left, round(axis.percent(m.from_ms + m.value * scale) - left, 3))
    return Limit(
        left=begin,
        width=round(end - begin, 3),
        took=took,
        name=m.name,
        label=text.limit(m),
        ok=m.ok,
        open_end=m.at_most is None,
    )
