"""Where a pack's charge went: motor, test load, standby, radio.

It reads what the instrument recorded; what the cells lost by themselves is theirs to tell.
"""

from collections.abc import Iterable

from lockjudge.trace import Event

_MAS_A_MAH = 3_600


class Ledger:
    """Charges since the beginning of a life, in mAh."""

    def __init__(self) -> None:
        self._ma = self._motor = self._load = 0
        self._t = 0
        self._motor_uas = self._test_uas = 0
        self._radio_mas = self._radio_share = 0.0
        self._standby_mas = 0.0

    def take(self, events: Iterable[Event], until_ms: int) -> None:
        """Take in what was recorded up to `until_ms`, each event once."""
        for event in events:
            if event.ch == "battery.ma":
                self._count(event.t_ms)
                self._ma = event.v
            elif event.ch == "motor":
                self._count(event.t_ms)
                self._motor = event.v
            elif event.ch == "load":
                self._count(event.t_ms)
                self._load = event.v
        self._count(until_ms)

    def _count(self, t_ms: int) -> None:
        if t_ms <= self._t:
            return
        charge = self._ma * (t_ms - self._t)
        if self._motor:
            self._motor_uas += charge
        elif self._load:
            self._test_uas += charge
        self._t = t_ms

    def standby(self, mas: float, radio_share: float) -> None:
        """The electronics took `mas` in all so far; of what follows so much is the radio's."""
        self._radio_mas += (mas - self._standby_mas) * self._radio_share
        self._standby_mas, self._radio_share = mas, radio_share

    @property
    def motor_mah(self) -> float:
        return self._motor_uas / 1000 / _MAS_A_MAH

    @property
    def test_mah(self) -> float:
        return self._test_uas / 1000 / _MAS_A_MAH

    @property
    def radio_mah(self) -> float:
        return self._radio_mas / _MAS_A_MAH

    @property
    def standby_mah(self) -> float:
        return (self._standby_mas - self._radio_mas) / _MAS_A_MAH
