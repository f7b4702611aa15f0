"""One cell's life: what it has given, what it can't give just now, and its voltage.

In closed form from one change of current or temperature to the next: asking twice, or in between,
changes nothing. Milliseconds and milliamperes outside, hours and mAh inside.
"""

import math
from dataclasses import dataclass

from locksim.cells.law import MODES, REFERENCE_C, Law, Rates

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
    reversed_mv: float = -math.inf
    """Driven below this, another reaction carries the current ..."""
    reversed_mohm: float = 0.0
    """... through this."""

    def mv(self, ma: float) -> float:
        """The voltage while it gives `ma`; negative when its neighbours drive it below 0 V."""
        least = self.reversed_mv - ma * self.reversed_mohm / 1000
        return max(least, self.open_mv - self.relaxed_mv - ma * self.mohm / 1000)


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
        # Unavailable charge is 2 x their sum (Rakhmatov & Vrudhula 2001, eq. 11).
        self._modes = [0.0] * MODES
        # The current as the slow part of the resistance feels it.
        self._slow_ma = 0.0
        self._film_mohm = law.film_mohm * -math.expm1(-self._rates.film_per_h * 24 * rest_days)
        # What was worked out since the last change: hardware and firmware ask many times at one
        # instant. A new dict at each change, so that copies of a cell don't share theirs.
        self._moments: dict[int, tuple[Moment, list[float], float, float]] = {}

    @property
    def unavailable_mah(self) -> float:
        """What comes back by rest, as it was at the last change."""
        return 2 * sum(self._modes)

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
        return self._at(now_ms)[0]

    def _at(self, now_ms: int) -> tuple[Moment, list[float], float, float]:
        """The moment, and the modes, the current felt slowly and the film that it is made of."""
        found = self._moments.get(now_ms)
        if found is None:
            gone, modes, slow_ma, film = self._after((now_ms - self.since_ms) / MS_A_HOUR)
            moment = self._moment(gone, 2 * sum(modes), slow_ma, film)
            found = self._moments[now_ms] = moment, modes, slow_ma, film
        return found

    def _moment(self, gone: float, unavailable: float, slow_ma: float, film: float) -> Moment:
        law = self.law
        depth = (gone + unavailable) / self.capacity_mah
        # By what is used up, not by what is short at the surface just now: rest doesn't mend it.
        scale = self.resistance * self._rates.resistance
        mohm = law.resistance(gone / self.capacity_mah) * scale
        slow = mohm * law.relaxing_share
        return Moment(
            depth,
            law.open_mv(depth),
            mohm - slow + film,
            slow_ma * slow / 1000,
            law.reversed_mv,
            law.resistance(0.0) * scale,
        )

    def _after(self, hours: float) -> tuple[float, list[float], float, float]:
        """What is gone (mAh), the modes, the current felt slowly (mA), and the film (mohm)."""
        if not hours:
            return self.gone_mah, self._modes, self._slow_ma, self._film_mohm
        rates, ma = self._rates, max(self.ma, 0.0)
        lowest = rates.diffusion_per_h
        gone = self.gone_mah + ma * hours + self._self_discharge(hours) + self._clog(hours)
        # exp(-m**2 x) for m = 1, 2, ...: each from the one before, by exp(-(2 m + 1) x).
        decay = math.exp(-lowest * hours)
        square = decay * decay
        step = square * decay
        steady = ma / lowest
        modes = []
        for mode, share in zip(self._modes, self.law.mode_levels, strict=True):
            level = steady * share
            modes.append(level + (mode - level) * decay)
            decay *= step
            step *= square
        slow = math.exp(-hours * 3600 / self.law.relaxing_s)
        slow_ma = self.ma + (self._slow_ma - self.ma) * slow
        return gone, modes, slow_ma, self._film_after(hours, rates, ma)

    def _film_after(self, hours: float, rates: Rates, ma: float) -> float:
        law = self.law
        if not law.film_mohm:
            return 0.0
        # F' = (most - F) grow - F ma / charge
        rate = rates.film_per_h + ma * 3600 / law.film_mas
        level = law.film_mohm * rates.film_per_h / rate
        return level + (self._film_mohm - level) * math.exp(-rate * hours)

    def _self_discharge(self, hours: float) -> float:
        """At an even rate, until nothing is left."""
        rate = self._rates.self_discharge_ma * self.capacity_mah / self.law.capacity_mah
        left = self.capacity_mah - self.gone_mah
        drain = rate + max(self.ma, 0.0)
        if drain * hours + self._clog(hours) <= left:
            return rate * hours
        if left <= 0:
            return 0.0
        # When it was empty: between 0 and `hours`, by halves; exact enough after 60 of them.
        low, high = 0.0, hours
        for _ in range(60):
            middle = (low + high) / 2
            if drain * middle + self._clog(middle) < left:
                low = middle
            else:
                high = middle
        return rate * low

    def _clog(self, hours: float) -> float:
        """The charge lost for good: a share (mean current / limit)**2 of what is given."""
        limit = self._rates.clogging_ma * self.capacity_mah / self.law.capacity_mah
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
        _, modes, slow_ma, film = self._at(now_ms)
        if self.ma < 0:
            self.charged_mah -= self.ma * hours
        elif self.ma > 0:
            self._count_reversal(now_ms)
        self.self_discharged_mah += self._self_discharge(hours)
        self.clogged_mah += self._clog(hours)
        if self.ma > 0:
            self.delivered_mah += self.ma * hours
        self._modes, self._slow_ma, self._film_mohm = modes, slow_ma, film

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
