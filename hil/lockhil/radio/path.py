"""What lies between two radios: how well they hear each other, and how often."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Path:
    """Between two radios, the same both ways.

    `rssi_dbm`: how strong; `loss`: the share of packets that don't arrive, 0 to 1; `within`: they
    are in range at all. `interval_ms`, from 7.5 to 4,000: a connection's two ends meet so often;
    `supervision_ms`: and take it for lost if they didn't for so long. These two count for
    connections that begin from now on. ValueError.
    """

    rssi_dbm: int = -60
    loss: float = 0.0
    within: bool = True
    interval_ms: float = 30.0
    supervision_ms: int = 4_000

    def __post_init__(self) -> None:
        if not -127 <= self.rssi_dbm <= 20:
            raise ValueError(f"expected an RSSI of -127 to 20 dBm, got {self.rssi_dbm}")
        if not 0 <= self.loss <= 1:
            raise ValueError(f"expected a loss of 0 to 1, got {self.loss}")
        if not 7.5 <= self.interval_ms <= 4_000:
            raise ValueError(f"expected an interval of 7.5 to 4000 ms, got {self.interval_ms}")
        if not 100 <= self.supervision_ms <= 32_000:
            raise ValueError(f"expected a time-out of 100 to 32000 ms, got {self.supervision_ms}")

    @property
    def open(self) -> bool:
        """Whether anything ever arrives."""
        return self.within and self.loss < 1

    def arrives(self, chance: Random) -> bool:
        """Whether one packet does."""
        return self.within and (self.loss == 0 or chance.random() >= self.loss)

    def silence_ms(self, chance: Random, interval_ms: float, supervision_ms: int) -> float | None:
        """After how long loss alone will have silenced a connection for its whole time-out; None:
        not in this world's time. Drawn once, instead of looking at each meeting of the two."""
        meetings = max(1, int(supervision_ms / interval_ms))
        all_lost = self.loss**meetings
        if all_lost < 1e-12:
            return None
        mean = (1 - all_lost) / ((1 - self.loss) * all_lost)
        return supervision_ms + chance.expovariate(1 / mean) * interval_ms
