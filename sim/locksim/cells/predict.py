"""What the model says of a published figure: the same test, done to a simulated cell.

It compares nothing; `check` does.
"""

import copy
from bisect import bisect_left

from locksim.cells.cell import MS_A_HOUR, Cell
from locksim.cells.law import Law
from locksim.cells.load import Point

# A discharge is cut into pieces of this share of the capacity, and finer, down to the second share,
# where the voltage changes more than this in one.
_PIECE = 1 / 40
_FINEST = 1 / 2000
_MOST_CHANGE_MV = 40
_MOST_CHANGE = 0.02
# A fall below the cut-off within this share of the capacity is the voltage's delay: waited for.
_EARLY = 1 / 100
_STEP_S = 0.1
_ENDED_MV = 1.0


class Steady:
    """One cell giving a constant current from full: every instant is in closed form."""

    def __init__(self, law: Law, point: Point) -> None:
        assert point.current_ma
        self._ma = point.current_ma
        self._cell = Cell(law, temp_c=point.temp_c, rest_days=point.rest_days)
        self._cell.carry(0, self._ma, point.temp_c)

    def at(self, mah: float) -> float:
        """The loaded voltage (mV) when so much was delivered."""
        return self._cell.at(round(mah / self._ma * MS_A_HOUR)).mv(self._ma)

    def until(self, cutoff_mv: float, most_mah: float) -> float:
        """The charge (mAh) delivered until the loaded voltage falls below `cutoff_mv`."""
        piece = _PIECE * self._cell.capacity_mah
        above, below = 0.0, 0.0
        while self.at(below) >= cutoff_mv or below < _EARLY * self._cell.capacity_mah:
            if below >= most_mah:
                return most_mah
            above, below = below, min(below + piece, most_mah)
        if self.at(above) < cutoff_mv:
            return 0.0
        while below - above > _FINEST * piece:
            middle = (above + below) / 2
            above, below = (middle, below) if self.at(middle) >= cutoff_mv else (above, middle)
        return above


class Varied:
    """One cell under a resistor or pulses from full, until it falls below a voltage.

    Pulses are given one by one at the end of each piece only; between those the cell carries their
    mean, so that a million of them take no longer than a thousand.
    """

    def __init__(self, law: Law, point: Point) -> None:
        self.cell = Cell(law, temp_c=point.temp_c, rest_days=point.rest_days)
        self._point = point
        self._now = 0
        self._on_ms = round((point.on_s or 0) * 1000) if point.off_s is not None else 0
        self._on_left = self._on_ms
        # (delivered mAh, mV under the load) at the end of each piece of load.
        self.curve: list[tuple[float, float]] = [(0.0, self._loaded())]

    def until(self, cutoff_mv: float, most_mah: float) -> float:
        """The charge (mAh) delivered until the loaded voltage falls below `cutoff_mv`."""
        capacity = self.cell.capacity_mah
        while True:
            delivered, mv = self.curve[-1]
            if mv < cutoff_mv and (
                delivered > _EARLY * capacity or self.cell.at(self._now).depth > 1
            ):
                break
            if delivered >= most_mah:
                return delivered
            self._piece(min(_PIECE * capacity, most_mah - delivered))
        if len(self.curve) < 2:
            return 0.0
        (given, above), (more, below) = self.curve[-2:]
        if above < cutoff_mv:
            return 0.0
        return given + (more - given) * (above - cutoff_mv) / (above - below)

    def at(self, mah: float) -> float:
        """The loaded voltage (mV) when so much was delivered, between the pieces' ends."""
        if len(self.curve) == 1:
            return self.curve[0][1]
        index = min(max(1, bisect_left(self.curve, (mah, -1e9))), len(self.curve) - 1)
        (a, above), (b, below) = self.curve[index - 1], self.curve[index]
        return above + (below - above) * (mah - a) / (b - a) if b > a else above

    def _current(self) -> float:
        if self._point.current_ma is not None:
            return self._point.current_ma
        assert self._point.load_ohm is not None
        moment = self.cell.at(self._now)
        ohm = self._point.load_ohm + moment.mohm / 1000
        return max(0.0, (moment.open_mv - moment.relaxed_mv) / ohm)

    def _loaded(self) -> float:
        return self.cell.at(self._now).mv(self._current())

    def _piece(self, mah: float) -> None:
        """Give about `mah`, or less where the voltage changes fast."""
        before = self.curve[-1][1]
        finest = _FINEST * self.cell.capacity_mah
        while True:
            cell, now, on_left = copy.copy(self.cell), self._now, self._on_left
            after = self._give(mah)
            if abs(after - before) < _MOST_CHANGE_MV + _MOST_CHANGE * before or mah < finest:
                break
            self.cell, self._now, self._on_left = cell, now, on_left
            mah /= 2
        self.curve.append((self.cell.delivered_mah, after))

    def _give(self, mah: float) -> float:
        """Give up to `mah`; the voltage at its end, with the load still on."""
        ma = self._current()
        ms = max(1, round(mah / max(ma, 1e-6) * MS_A_HOUR))
        if self._point.off_s is None:
            self._carry(ma, ms)
            return self._loaded()
        off_ms = round(self._point.off_s * 1000)
        if ms > 2 * self._on_ms:
            cycles = ms // self._on_ms - 1
            cycle_ms = self._on_ms + off_ms
            self._carry(ma * self._on_ms / cycle_ms, cycles * cycle_ms)
            self._on_left = 0
        if self._on_left <= 0:
            self._carry(0.0, off_ms)
            self._on_left = self._on_ms
            ma = self._current()
        ms = min(ms, self._on_left)
        self._carry(ma, ms)
        self._on_left -= ms
        return self._loaded()

    def _carry(self, ma: float, ms: int) -> None:
        self.cell.carry(self._now, ma, self._point.temp_c)
        self._now += ms
        self.cell.carry(self._now, ma, self._point.temp_c)


def discharge(law: Law, point: Point) -> Steady | Varied:
    """A cell on the load of `point`, from full on."""
    steady = point.current_ma is not None and point.off_s is None
    return Steady(law, point) if steady else Varied(law, point)


def predict(law: Law, point: Point) -> float:
    """The model's figure for `point`, in its unit."""
    most = law.capacity_mah
    if point.kind == "capacity":
        assert point.cutoff_mv is not None
        return discharge(law, point).until(point.cutoff_mv, 2 * most)
    if point.kind == "resistance" or (point.on_s is not None and point.off_s is None):
        return _step(law, point)
    if point.current_ma == 0:
        return Cell(law, used=_depth(law, point), temp_c=point.temp_c).at(0).open_mv
    run = discharge(law, point)
    if point.cutoff_mv is not None and point.depth_pct is not None:
        return run.at(run.until(point.cutoff_mv, 2 * most) * point.depth_pct / 100)
    wanted = _depth(law, point) * most
    run.until(_ENDED_MV, wanted)
    return run.at(wanted)


def _depth(law: Law, point: Point) -> float:
    """The share of the nominal capacity that was delivered."""
    if point.delivered_mah is not None:
        return point.delivered_mah / law.capacity_mah
    assert point.depth_pct is not None
    return point.depth_pct / 100


def _step(law: Law, point: Point) -> float:
    """A step of the load, for `on_s`, on a rested cell: the voltage at its end, or the mohm."""
    used = _depth(law, point)
    cell = Cell(law, used=used, temp_c=point.temp_c, rest_days=point.rest_days)
    rest = cell.at(0)
    ma = point.current_ma
    if ma is None:
        assert point.load_ohm is not None
        ma = rest.open_mv / (point.load_ohm + rest.mohm / 1000)
    if not ma:
        return rest.open_mv if point.kind == "voltage" else rest.mohm
    cell.carry(0, ma, point.temp_c)
    loaded = cell.at(round(1000 * (point.on_s or _STEP_S))).mv(ma)
    return loaded if point.kind == "voltage" else (rest.open_mv - loaded) * 1000 / ma
