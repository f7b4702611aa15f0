"""One cell's life: what it has given, what it can't give just now, and its voltage.

In closed form from one change of current or temperature to the next: asking twice, or in between,
changes nothing. Milliseconds and milliamperes outside, hours and mAh inside.
"""

import math
from dataclasses import dataclass

from locksim.cells.law import INVERSE_SQUARES, REFERENCE_C, Law, Rates

MS_A_HOUR = 3_600_000.0


@dataclass(frozen=True, slots=True)
class Moment:
    """A cell at one instant: depth as its surface feels it, and what its voltage is made of."""

    depth: float
    open_mv: float
    mohm: float
    """What acts at once."""
    relaxed_mv: float
    """What has built up, and goes on for a while after the current has gone."""

    def mv(self, ma: float) -> float:
        """The voltage while it gives `ma`; negative when its neighbours drive it below 0 V."""
        return self.open_mv - self.relaxed_mv - ma * self.mohm / 1000


class Cell:
    """A cell of the kind `law`; `capacity` and `resistance` are its own share of the kind's.

    `used` is the share of its capacity that is gone already, `rest_days` how long it has lain.
    """

    def __init__(
        self,
        law: Law,
        *,
        capacity: float = 1.0,
        resistance: float = 1.0,
        used: float = 0.0,
        rest_days: float = 0.0,
        temp_c: float = REFERENCE_C,
    ) -> None:
        self.law = law
        self.capacity_mah = law.capacity_mah * capacity
        self.resistance = resistance
        # Where the charge went, in mAh: to the outside, to itself, to where it can't be had.
        self.delivered_mah = used * self.capacity_mah
        self.self_discharged_mah = 0.0
        self.clogged_mah = 0.0
        # Driven below 0 V, or charged, by its neighbours: mAh.
        self.reversed_mah = 0.0
        self.charged_mah = 0.0
        self.reversed = False
        self.since_ms = 0
        self.ma = 0.0
        self.temp_c = temp_c
        self._rates = law.rates(temp_c)
        # Unavailable charge is 2 x their sum x the share (Rakhmatov & Vrudhula 2001, eq. 11).
        self._modes = [0.0] * len(INVERSE_SQUARES)
        self._relaxed_mv = 0.0
        self._film_mohm = law.film_mohm * -math.expm1(-self._rates.film_per_h * 24 * rest_days)
        # What was worked out since the last change: hardware and firmware ask many times at one
        # instant. A new dict at each change, so that copies of a cell don't share theirs.
        self._moments: dict[int, Moment] = {}

    @property
    def unavailable_mah(self) -> float:
        """What comes back by rest, as it was at the last change."""
        return 2 * self.law.diffusing_share * sum(self._modes)

    @property
    def gone_mah(self) -> float:
        """The charge that never comes back, as it was at the last change."""
        return self.delivered_mah + self.self_discharged_mah + self.clogged_mah

    def gone_at(self, now_ms: int) -> float:
        """The same at `now_ms`, with the current that it carries since the last change."""
        return self._after((now_ms - self.since_ms) / MS_A_HOUR)[0]

    @property
    def film_mohm(self) -> float:
        """What passivation adds, at the last change."""
        return self._film_mohm

    def carry(self, now_ms: int, ma: float, temp_c: float) -> None:
        """From `now_ms` on it gives `ma` (negative: it is charged) at `temp_c`."""
        if now_ms != self.since_ms:
            self._go_on((now_ms - self.since_ms) / MS_A_HOUR, now_ms)
            self.since_ms = now_ms
        self.ma = ma
        self._moments = {}
        if temp_c != self.temp_c:
            self.temp_c = temp_c
            self._rates = self.law.rates(temp_c)
        if ma > 0 and not self.reversed:
            self.reversed = self.at(now_ms).mv(ma) < 0

    def at(self, now_ms: int) -> Moment:
        """The cell at `now_ms`, with the current that it carries since the last change."""
        moment = self._moments.get(now_ms)
        if moment is None:
            hours = (now_ms - self.since_ms) / MS_A_HOUR
            gone, modes, relaxed, film = self._after(hours)
            unavailable = 2 * self.law.diffusing_share * sum(modes)
            moment = self._moment(gone + unavailable, relaxed, film, hours)
            self._moments[now_ms] = moment
        return moment

    def _moment(self, apparent_mah: float, relaxed: float, film: float, hours: float) -> Moment:
        law = self.law
        depth = apparent_mah / self.capacity_mah
        mohm = law.resistance(depth) * self.resistance * self._rates.resistance
        slow = mohm * law.relaxing_share
        if law.relaxing_share:
            decay = math.exp(-hours * 3600 / law.relaxing_s)
            relaxed = relaxed * decay + self.ma * slow / 1000 * (1 - decay)
        return Moment(depth, law.open_mv(depth), mohm - slow + film, relaxed)

    def _after(self, hours: float) -> tuple[float, list[float], float, float]:
        """What is gone (mAh), the modes, the relaxing voltage *before* its decay, and the film."""
        if not hours:
            return self.gone_mah, self._modes, self._relaxed_mv, self._film_mohm
        rates, ma = self._rates, max(self.ma, 0.0)
        lowest = rates.diffusion_per_h
        gone = self.gone_mah + ma * hours + self._self_discharge(hours) + self._clog(hours)
        # exp(-m**2 x) for m = 1, 2, ...: each from the one before, by exp(-(2 m + 1) x).
        decay = math.exp(-lowest * hours)
        square = decay * decay
        step = square * decay
        steady = ma / lowest
        modes = []
        for mode, inverse in zip(self._modes, INVERSE_SQUARES, strict=True):
            level = steady * inverse
            modes.append(level + (mode - level) * decay)
            decay *= step
            step *= square
        return gone, modes, self._relaxed_mv, self._film_after(hours, rates, ma)

    def _film_after(self, hours: float, rates: Rates, ma: float) -> float:
        law = self.law
        if not law.film_mohm:
            return 0.0
        # F' = (most - F) grow - F ma / charge
        rate = rates.film_per_h + ma * 3600 / law.film_mas
        level = law.film_mohm * rates.film_per_h / rate
        return level + (self._film_mohm - level) * math.exp(-rate * hours)

    def _self_discharge(self, hours: float) -> float:
        left = self.capacity_mah - self.gone_mah
        share = self.capacity_mah / self.law.capacity_mah
        return max(0.0, min(left, self._rates.self_discharge_ma * share * hours))

    def _clog(self, hours: float) -> float:
        """The charge lost for good: a share (mean current / limit)**2 of what is given."""
        limit = self.law.clogging_ma * self.capacity_mah / self.law.capacity_mah
        if math.isinf(limit):
            return 0.0
        rate = self._rates.diffusion_per_h
        # The mean is what the slowest mode follows: mean + apart e**-rt; its cube in closed form.
        mean = max(self.ma, 0.0)
        apart = self._modes[0] * rate - mean
        once, twice, thrice = (-math.expm1(-n * rate * hours) / (n * rate) for n in (1, 2, 3))
        cube = mean**3 * hours + 3 * mean * apart * (mean * once + apart * twice)
        return (cube + apart**3 * thrice) / limit**2

    def _go_on(self, hours: float, now_ms: int) -> None:
        moment = self.at(now_ms)
        if self.ma < 0:
            self.charged_mah -= self.ma * hours
        elif self.ma > 0:
            self._count_reversal(now_ms)
        _, modes, _, film = self._after(hours)
        self.self_discharged_mah += self._self_discharge(hours)
        self.clogged_mah += self._clog(hours)
        if self.ma > 0:
            self.delivered_mah += self.ma * hours
        self._modes, self._film_mohm = modes, film
        self._relaxed_mv = moment.relaxed_mv

    def _count_reversal(self, now_ms: int) -> None:
        """Count what was forced through it below 0 V since the last change."""
        below, above = now_ms, self.since_ms
        if self.at(below).mv(self.ma) >= 0:
            return
        self.reversed = True
        if self.at(above).mv(self.ma) < 0:
            below = above
        # Under one current it falls: halving finds the first millisecond below.
        while below - above > 1:
            middle = (below + above) // 2
            if self.at(middle).mv(self.ma) < 0:
                below = middle
            else:
                above = middle
        self.reversed_mah += self.ma * (now_ms - below) / MS_A_HOUR

    @property
    def risk_index(self) -> int:
        """0 to 100: the charge forced through it below 0 V, in thousandths of its capacity.

        An ordering of hazards, not a pressure: what gas it makes nobody here can say.
        """
        forced = self.reversed_mah + self.charged_mah
        return min(100, math.ceil(1000 * forced / self.capacity_mah))
