"""What is true of every cell of one kind: tables and rates, by depth and temperature.

Constants and pure functions of them: no cell's own state (that is `cell`), no files (`load`).
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

# How many terms of the diffusion's series are kept (Rakhmatov & Vrudhula, ICCAD 2001, use 10).
MODES = 10
KELVIN = 273.15
REFERENCE_C = 20.0
HOURS_A_YEAR = 8_766.0
# Diffusion per hour: slower than a cell's life, and floats still tell its parts from each other.
_SLOWEST = 1e-9
# Driven this far (a share of its capacity) past its end, a cell sits at its reversed voltage.
_REVERSED_AT = 1.03


class Table:
    """A line through points, straight between them and level beyond both ends."""

    def __init__(self, at: Sequence[float], values: Sequence[float]) -> None:
        self._at = tuple(at)
        self._values = tuple(values)
        self._slopes = tuple(
            (values[i + 1] - values[i]) / (at[i + 1] - at[i]) for i in range(len(at) - 1)
        )

    def __call__(self, x: float) -> float:
        i = bisect_right(self._at, x) - 1
        if i < 0:
            return self._values[0]
        if i >= len(self._slopes):
            return self._values[-1]
        return self._values[i] + self._slopes[i] * (x - self._at[i])


def arrhenius(activation_k: float, temp_c: float) -> float:
    """exp(-Ea/R (1/T - 1/T0)): how much faster than at 20 C something goes at `temp_c`."""
    return math.exp(activation_k * (1 / (REFERENCE_C + KELVIN) - 1 / (temp_c + KELVIN)))


@dataclass(frozen=True, slots=True)
class Rates:
    """A law's rates at one temperature."""

    diffusion_per_h: float
    """First mode of the diffusion: beta**2."""
    resistance: float
    """What resistances are multiplied by."""
    clogging_ma: float
    self_discharge_ma: float
    film_per_h: float
    """How fast a passivating film grows towards its most."""


@dataclass(frozen=True)
class Law:
    """One kind of cell, at 20 C and fresh where not said otherwise.

    `ocv`: mV over the depth as the electrode's surface feels it, `resistance`: mohm over what is
    gone for good; 0 full ... 1 empty. See docs/cells.md for the equations and their sources.
    """

    name: str
    chemistry: str
    capacity_mah: float
    ocv: Table
    resistance: Table
    diffusion_per_h: float
    diffusion_spread: float = 0.0
    """0: one diffusion length, as Rakhmatov & Vrudhula have it; more: the mode m weighs m**-spread,
    so fast loads lose less and slow ones more."""
    diffusion_activation_k: float = 0.0
    resistance_activation_k: float = 0.0
    clogging_ma: float = math.inf
    """Mean current at which as much charge gets lost for good as is given; by its square."""
    clogging_activation_k: float = 0.0
    relaxing_share: float = 0.0
    """Share of the resistance that builds up with `relaxing_s` instead of at once."""
    relaxing_s: float = 1.0
    self_discharge_pct_year: float = 0.0
    self_discharge_activation_k: float = 0.0
    film_mohm: float = 0.0
    """The most that a passivating film adds."""
    film_days: float = 30.0
    film_activation_k: float = 0.0
    film_mas: float = 100.0
    """The charge that breaks the film down to 1/e."""
    reversed_mv: float = -100.0
    """Where the voltage of a cell settles that is driven past its end."""
    _rates: dict[float, Rates] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def mode_levels(self) -> tuple[float, ...]:
        """Where each mode settles, over current / diffusion_per_h."""
        return tuple(m ** -(2 + self.diffusion_spread) for m in range(1, MODES + 1))

    def open_mv(self, depth: float) -> float:
        """The open voltage; past the end it falls to `reversed_mv`."""
        if depth <= 1.0:
            return self.ocv(depth)
        share = min(1.0, (depth - 1.0) / (_REVERSED_AT - 1.0))
        end = self.ocv(1.0)
        return end + (self.reversed_mv - end) * share

    def rates(self, temp_c: float) -> Rates:
        """The rates at `temp_c`, by Arrhenius' law."""
        found = self._rates.get(temp_c)
        if found is None:
            daily = self.capacity_mah * self.self_discharge_pct_year / 100 / HOURS_A_YEAR
            found = Rates(
                max(
                    _SLOWEST, self.diffusion_per_h * arrhenius(self.diffusion_activation_k, temp_c)
                ),
                1 / arrhenius(self.resistance_activation_k, temp_c),
                self.clogging_ma * arrhenius(self.clogging_activation_k, temp_c),
                daily * arrhenius(self.self_discharge_activation_k, temp_c),
                arrhenius(self.film_activation_k, temp_c) / (24 * self.film_days),
            )
            self._rates[temp_c] = found
        return found
