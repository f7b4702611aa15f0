"""A unit's readings over time beside their limits, as an SVG that stands in a page.

It draws what it is given; no reading is judged here.
"""

import math
from collections.abc import Iterator
from datetime import datetime

from markupsafe import Markup, escape

from lockrig.i18n import _
from lockrig.overview.cells import as_day, as_time
from lockrig.overview.details import Details
from lockrig.records.times import day

_WIDE, _HIGH = 720, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 118, 12, 30
_LIMITS = (("#e8a200", "6 3"), ("#b3261e", "6 3"), ("#111", "2 3"))


def title() -> str:
    """What is drawn."""
    return _("Weakest cell under load, as at 20 degrees C, over time")


def plot(details: Details) -> Markup:
    """The drawing; nothing where there is no reading."""
    read = details.ahead.read
    if not read:
        return Markup("")
    return Markup("\n").join(_Drawing(details, read).parts())


class _Drawing:
    """The scales, and what is drawn by them."""

    def __init__(self, details: Details, read: list[tuple[datetime, int]]) -> None:
        self._details, self._read = details, read
        told = details.ahead.expected
        days = [as_day(at) for at, _mv in read] + [as_day(details.now)]
        if told.latest is not None:
            # A date far away would squeeze what was read into a corner.
            days.append(min(told.latest, as_day(details.now) + 1.5 * (max(days) - min(days)) + 30))
        self._from, self._to = min(days) - 1, max(days) + 1
        mvs = [mv for _at, mv in read] + [mv for _name, mv in details.limits()]
        self._low = math.floor(min(mvs) / 100) * 100
        self._high = math.ceil((max(mvs) + 1) / 100) * 100

    def _x(self, day_: float) -> float:
        share = (day_ - self._from) / (self._to - self._from)
        return round(_LEFT + share * (_WIDE - _LEFT - _RIGHT), 1)

    def _y(self, mv: float) -> float:
        share = (mv - self._low) / (self._high - self._low)
        return round(_HIGH - _BOTTOM - share * (_HIGH - _TOP - _BOTTOM), 1)

    def parts(self) -> Iterator[Markup]:
        # No style attribute: where no code but a server's own may run, none of those counts either.
        yield Markup(
            '<svg class="plot" viewBox="0 0 {} {}" role="img" font-size="11" '
            'font-family="Arial, Helvetica, sans-serif" fill="#111">'
        ).format(_WIDE, _HIGH)
        yield Markup("<title>{}</title>").format(title())
        yield from self._axes()
        yield from self._expected()
        yield from self._limits()
        for at, mv in self._read:
            yield Markup(
                '<circle cx="{}" cy="{}" r="3" fill="#1456a0"><title>{}: {} mV</title></circle>'
            ).format(self._x(as_day(at)), self._y(mv), day(at), mv)
        for change in self._details.made.changed:
            if self._from <= as_day(change.at) <= self._to:
                yield self._upright(as_day(change.at), "#1b6e33", _("battery changed"), 0)
        yield self._upright(as_day(self._details.now), "#888", _("today"), 1)
        yield Markup("</svg>")

    def _axes(self) -> Iterator[Markup]:
        step = 100 if self._high - self._low <= 1_000 else 500
        right = _WIDE - _RIGHT
        for mv in range(self._low, self._high + 1, step):
            y = self._y(mv)
            yield Markup('<path d="M{} {}H{}" stroke="#ddd"/>').format(_LEFT, y, right)
            yield _text(_LEFT - 6, y + 4, f"{mv}", "end")
        yield _text(_LEFT - 6, _HIGH - 8, "mV", "end")
        span = self._to - self._from
        for quarter in range(4):
            at = as_time(self._from + span * (0.02 + quarter * 0.32))
            yield _text(self._x(as_day(at)), _HIGH - 8, day(at), "start" if quarter < 3 else "end")

    def _limits(self) -> Iterator[Markup]:
        for (name, mv), (colour, dash) in zip(self._details.limits(), _LIMITS, strict=True):
            y = self._y(mv)
            yield Markup('<path d="M{} {}H{}" stroke="{}" stroke-dasharray="{}"/>').format(
                _LEFT, y, _WIDE - _RIGHT, colour, dash
            )
            yield _text(_WIDE - _RIGHT + 4, y + 4, f"{mv} {name}", "start")

    def _expected(self) -> Iterator[Markup]:
        told = self._details.ahead.expected
        if told.day is None or told.earliest is None or told.latest is None:
            return
        early, late = self._x(told.earliest), self._x(min(told.latest, self._to))
        yield Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="#f6d9d6"/>').format(
            early, _TOP, max(1.0, late - early), _HIGH - _TOP - _BOTTOM
        )
        if told.day <= self._to:
            yield self._upright(told.day, "#b3261e", _("expected"), 2)

    def _upright(self, day_: float, colour: str, name: str, line: int) -> Markup:
        x = self._x(day_)
        drawn = Markup('<path d="M{} {}V{}" stroke="{}"/>').format(x, _TOP, _HIGH - _BOTTOM, colour)
        # Names side by side would lie on each other.
        return drawn + _text(x - 3, _TOP + 10 + 13 * line, name, "end")


def _text(x: float, y: float, text: str, anchor: str) -> Markup:
    return Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>').format(
        x, y, anchor, escape(text)
    )
