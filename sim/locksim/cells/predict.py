"""What the model says of a published figure: the same test, done to a simulated cell.

It compares nothing; `check` does.
"""

from bisect import bisect_left

from locksim.cells.cell import MS_A_HOUR, Cell
from locksim.cells.law import Law
from locksim.cells.load import Point

# A discharge is cut into pieces of this share of the capacity: the load's current changes little in
# one. Where the current is constant, pieces change nothing.
_PIECE = 1 / 400
# A pulsed or tiny load could go on for ever.
_MOST_PIECES = 200_000
_SHORTEST_MS = 50


class Discharge:
    """One cell under a load from full, until it falls below a voltage."""

    def __init__(self, law: Law, point: Point) -> None:
        self.cell = Cell(law, temp_c=point.temp_c, rest_days=point.rest_days)
        self._point = point
        self._now = 0
        # (delivered mAh, mV under the load) at the end of each piece of load.
        self.curve: list[tuple[float, float]] = [(0.0, self._loaded())]

    def until(self, cutoff_mv: float, most_mah: float) -> float:
        """The charge (mAh) delivered until the loaded voltage falls below `cutoff_mv`.

        A fall within the first hundredth is the voltage's delay, and waited for.
        """
        early = self.cell.law.capacity_mah / 100
        for _ in range(_MOST_PIECES):
            delivered, before = self.curve[-1]
            if before < cutoff_mv and delivered > early:
                break
            if delivered >= most_mah and len(self.curve) > 1:
                return delivered
            self._piece()
        (given, above), (more, below) = self.curve[-2:] if len(self.curve) > 1 else self.curve * 2
        if above <= below or above < cutoff_mv:
            return given
        return given + (more - given) * (above - cutoff_mv) / (above - below)

    def at(self, mah: float) -> float:
        """The loaded voltage (mV) when so much was delivered, between the pieces' ends."""
        index = min(max(1, bisect_left(self.curve, (mah, 0.0))), len(self.curve) - 1)
        if len(self.curve) == 1:
            return self.curve[0][1]
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
        moment = self.cell.at(self._now)
        return moment.mv(self._current())

    def _piece(self) -> None:
        ma = self._current()
        if self._point.on_s is not None and self._point.off_s is not None:
            self._carry(ma, round(self._point.on_s * 1000))
            if len(self.curve) == 1:
                # What a pulsed load shows is what the cell is at at a pulse's end.
                self.curve[0] = (0.0, self._loaded())
            self.curve.append((self._delivered(), self._loaded()))
            self._carry(0.0, round(self._point.off_s * 1000))
            return
        piece_ms = self.cell.capacity_mah * _PIECE / max(ma, 1e-6) * MS_A_HOUR
        self._carry(ma, max(_SHORTEST_MS, round(piece_ms)))
        self.curve.append((self._delivered(), self._loaded()))

    def _carry(self, ma: float, ms: int) -> None:
        self.cell.carry(self._now, ma, self._point.temp_c)
        self._now += ms
        self.cell.carry(self._now, self.cell.ma, self._point.temp_c)

    def _delivered(self) -> float:
        return self.cell.delivered_mah


def predict(law: Law, point: Point) -> float:
    """The model's figure for `point`, in its unit."""
    if point.kind == "capacity":
        assert point.cutoff_mv is not None
        return Discharge(law, point).until(point.cutoff_mv, 2 * law.capacity_mah)
    assert point.depth_pct is not None
    if point.kind == "resistance":
        return _resistance(law, point)
    run = Discharge(law, point)
    if point.current_ma == 0:
        return Cell(law, used=point.depth_pct / 100, temp_c=point.temp_c).at(0).open_mv
    most = law.capacity_mah
    if point.cutoff_mv is not None:
        most = run.until(point.cutoff_mv, 2 * most)
        return run.at(most * point.depth_pct / 100)
    run.until(1.0, most * point.depth_pct / 100)
    return run.at(most * point.depth_pct / 100)


def _resistance(law: Law, point: Point) -> float:
    """From a step of the load of `on_s` (0.1 s) on a rested cell."""
    assert point.depth_pct is not None
    cell = Cell(law, used=point.depth_pct / 100, temp_c=point.temp_c, rest_days=point.rest_days)
    rest = cell.at(0)
    ma = point.current_ma
    if ma is None:
        assert point.load_ohm is not None
        ma = rest.open_mv / (point.load_ohm + rest.mohm / 1000)
    if not ma:
        return rest.mohm
    cell.carry(0, ma, point.temp_c)
    loaded = cell.at(round(1000 * (point.on_s or 0.1))).mv(ma)
    return (rest.open_mv - loaded) * 1000 / ma
