"""Finds what a unit's own converter is off by, at its console: known voltages in, a fit out.

It changes nothing but the file `/data/calibration`, and that only for a fit that the board itself
found within its bounds and has read with. Whether a voltage is known is the person's word.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import StatisticsError, linear_regression, median
from typing import Any

from lockhil.boards.repl import BoardError, Repl

READINGS = 32
ONE = 1 << 14
# What lies closer together says little of a gain; what spreads more isn't one voltage; what stays
# off by more, once fitted, isn't a line or was typed wrong. In per cent of the full scale.
_LEAST_SPAN, _MOST_SPREAD, _MOST_LEFT = 20, 2, 0.5
_LEAST_LEFT_MV = 5
# As the board bounds a fit (`lockboards.calibration`): a reading that is off by more is no voltage
# that a meter shows.
_MOST_GAIN, _MOST_OFFSET = 20, 5
# As `lockunit.board` says it.
_FAILED = -(1 << 20)

_BEGIN = """
import json
from lockboards import calibration,slots
from lockboards.analog import Channel
from lockboards.files import Files
with open(slots.FOLDER+'/board.json') as f:w=json.load(f)
F=Files('/data')
k=calibration.Calibration(F)
t=w['taps']
c={'tap%d'%n:(t['pin%d'%n],t['full_mv%d'%n]) for n in range(1,t['count']+1)}
if 'temperature' in w:c['temperature']=w['temperature']['pin'],w['temperature']['full_mv']
def C(n,f):return Channel(c[n][0],c[n][1],w.get('converter'),f)
print((w.get('board'),F.fetch('unit'),{n:c[n][1] for n in c},k.fits,k.refused))
"""


class NotCalibratedError(Exception):
    """These voltages make no calibration; the message says why, and what would."""


@dataclass(frozen=True, slots=True)
class Point:
    """A voltage as the meter showed it, and as the board's data alone read it."""

    true_mv: int
    read_mv: float
    spread_mv: int


@dataclass(slots=True)
class Fit:
    """One channel: what was seen, and what came of it. Residuals are in mV, in order of points."""

    channel: str
    full_mv: int
    points: list[Point] = field(default_factory=list)
    gain: int = ONE
    offset: int = 0
    verified_mv: float = 0

    def before(self) -> list[float]:
        """What each point was off by."""
        return [round(point.read_mv - point.true_mv, 1) for point in self.points]

    def after(self) -> list[float]:
        """What each point is off by with the fit."""
        return [
            round(point.read_mv * self.gain / ONE + self.offset - point.true_mv, 1)
            for point in self.points
        ]

    def most_left(self) -> float:
        """What a point may be off by then, in mV."""
        return max(_LEAST_LEFT_MV, self.full_mv * _MOST_LEFT / 100)

    def find(self) -> None:
        """The line through the points. NotCalibratedError."""
        trues = [point.true_mv for point in self.points]
        span = max(trues) - min(trues) if trues else 0
        if span * 100 < self.full_mv * _LEAST_SPAN:
            least = self.full_mv * _LEAST_SPAN // 100
            raise NotCalibratedError(
                f"{self.channel}: expected two or more voltages, {least} mV apart or more, "
                f"got {len(trues)} within {span} mV"
            )
        try:
            slope, offset = linear_regression([point.read_mv for point in self.points], trues)
        except StatisticsError:
            raise NotCalibratedError(
                f"{self.channel}: the reading never changed; is the voltage at the right pin?"
            ) from None
        self.gain, self.offset = round(slope * ONE), round(offset)
        left = max(abs(off) for off in self.after())
        if left > self.most_left():
            raise NotCalibratedError(
                f"{self.channel}: expected points on a line, one is {left:.0f} mV off it (at most "
                f"{self.most_left():.0f}): a reading of the meter was typed wrong, or the "
                "converter is bent"
            )


class Calibrating:
    """A board at its console, being calibrated. `unit`, `board`: who it is. `refused`: why what it
    has stored is no calibration. BoardError, NoContactError; NotCalibratedError: not our firmware.
    """

    def __init__(self, repl: Repl) -> None:
        self._repl = repl
        try:
            [(board, unit, channels, fits, self.refused)] = repl.values(_BEGIN)
        except BoardError as error:
            raise NotCalibratedError(
                f"expected this firmware on the board, got: {error}; lockrig flash puts it there"
            ) from None
        self.board, self.unit = board, (unit or b"?").decode("utf-8", "backslashreplace")
        self.channels: dict[str, int] = channels
        self.fits: dict[str, Sequence[int]] = fits

    def look(self, fit: Fit, true_mv: int) -> Point:
        """Read the channel while this voltage is at it. NotCalibratedError."""
        if not 0 < true_mv < fit.full_mv:
            raise NotCalibratedError(
                f"{fit.channel}: expected a voltage of 1 to {fit.full_mv - 1} mV, got {true_mv}"
            )
        read = self._read(fit, "calibration.EXACT", "plain")
        point = Point(true_mv, sum(read) / len(read), max(read) - min(read))
        if point.spread_mv * 100 > fit.full_mv * _MOST_SPREAD:
            raise NotCalibratedError(
                f"{fit.channel}: expected one voltage, the readings spread over "
                f"{point.spread_mv} mV; is there 100 nF at the pin, and a steady supply?"
            )
        off = abs(point.read_mv - true_mv)
        if off * 100 > true_mv * _MOST_GAIN + fit.full_mv * _MOST_OFFSET:
            raise NotCalibratedError(
                f"{fit.channel}: expected a reading near {true_mv} mV, got {point.read_mv:.0f}; is "
                "the voltage at that channel, and the meter's reading in mV?"
            )
        return point

    def _read(self, fit: Fit, how: str, method: str) -> list[int]:
        code = f"r=C({fit.channel!r},{how}).{method}\nprint([r() for _ in range({READINGS})])"
        [read] = self._repl.values(code)
        if not read or _FAILED in read:
            raise NotCalibratedError(
                f"{fit.channel}: the converter reads nothing, or is at its end; "
                f"expected below {fit.full_mv} mV"
            )
        return [int(value) for value in read]

    def verify(self, fit: Fit) -> None:
        """Read the last voltage again, with the fit. NotCalibratedError."""
        about = f"{fit.full_mv},{fit.gain},{fit.offset}"
        [why] = self._repl.values(f"print(repr(calibration.wrong({about})))")
        if why:
            raise NotCalibratedError(
                f"{fit.channel}: {why}, got gain {fit.gain} and offset {fit.offset}: look for a "
                "wrong or missing resistor"
            )
        true_mv = fit.points[-1].true_mv
        fit.verified_mv = median(self._read(fit, f"({fit.gain},{fit.offset})", "read"))
        if abs(fit.verified_mv - true_mv) > fit.most_left():
            raise NotCalibratedError(
                f"{fit.channel}: expected {true_mv} mV again, it reads {fit.verified_mv:.0f}; was "
                "the voltage taken off?"
            )

    def store(self, fit: Fit) -> None:
        """Keep it, beside those of other channels. NotCalibratedError: it isn't kept."""
        fits = {**self.fits, fit.channel: (fit.full_mv, fit.gain, fit.offset)}
        told = json.dumps(fits)
        self._repl.run(f"F.store('calibration',calibration.pack(json.loads({told!r})))")
        [(kept, refused)] = self._repl.values(
            "k=calibration.Calibration(F)\nprint((k.fits,k.refused))"
        )
        if refused or {name: list(row) for name, row in kept.items()} != json.loads(told):
            raise NotCalibratedError(f"what was stored reads otherwise: {refused or kept}")
        self.fits, self.refused = fits, ""

    def forget(self) -> None:
        """Remove the calibration: the board's data alone count from now on."""
        self._repl.run("try:F.remove('calibration')\nexcept OSError:pass")
        self.fits, self.refused = {}, ""


def receipt(fit: Fit) -> dict[str, Any]:
    """One channel for a document."""
    return {
        "channel": fit.channel,
        "full_mv": fit.full_mv,
        "points": [
            {
                "meter_mv": point.true_mv,
                "read_mv": round(point.read_mv, 1),
                "spread_mv": point.spread_mv,
            }
            for point in fit.points
        ],
        "gain": round(fit.gain / ONE, 5),
        "offset_mv": fit.offset,
        "off_before_mv": fit.before(),
        "off_after_mv": fit.after(),
        "verified_mv": fit.verified_mv,
    }
