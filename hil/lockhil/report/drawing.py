"""A trace's drawing as data: lanes, words, limits and lines, placed in percents of the axis.

It is made by `waves` and put into markup by the page's template; it holds no markup itself.
"""

from dataclasses import dataclass

HEIGHT = 24
"""Of a lane of steps, in its path's own units."""


@dataclass(frozen=True, slots=True)
class Word:
    """A value that held for a while: where it begins and how wide it is, in percent."""

    left: float
    width: float
    t_ms: int
    text: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit in a lane: allowed from `left` for `width` percent; measured for `took`, if known."""

    left: float
    width: float
    took: tuple[float, float] | None
    name: str
    label: str
    ok: bool
    open_end: bool
    """No upper limit: the allowed stretch has no end."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One channel: a stepped path, or words; its level lines and limits."""

    channel: str
    label: str
    colour: str
    height: int = HEIGHT
    path: str = ""
    fill: str = ""
    levels: str = ""
    """Of steps: the words of its heights (`20=dark,4=lit`); of a graph: height 0 (`top=3`)."""
    unit: str = ""
    words: tuple[Word, ...] = ()
    limits: tuple[Limit, ...] = ()
    top: str = ""
    bottom: str = ""
    level_limits: tuple[tuple[float, str, bool], ...] = ()
    """Horizontal limits: percent from the top, label, kept."""
    unseen: float = 0.0
    """Percent of the axis before the channel's first event: nothing was seen there."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line on the link, or a note."""

    t_ms: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Plot:
    """A trace's lanes from `start_ms` for `span_ms`; `still` are channels that never changed."""

    start_ms: int
    span_ms: int
    press_ms: int | None
    ticks: tuple[tuple[float, str], ...]
    lanes: tuple[Lane, ...]
    still: tuple[str, ...]
    lines: tuple[Line, ...]
    lines_left_out: int
    thinned: bool
    defect: str
