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
        self._radio_nas = 0.0
        self._radio_ua = 0.0
        self._radio_since = 0

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

    def radio(self, t_ms: int, ua: float, fed: bool) -> None:
        """From now on the radio takes `ua` beside the standby; `fed`: it did so from the pack."""
        if fed:
            self._radio_nas += self._radio_ua * (t_ms - self._radio_since)
        self._radio_ua, self._radio_since = ua, t_ms

    @property
    def motor_mah(self) -> float:
        return self._motor_uas / 1000 / _MAS_A_MAH

    @property
    def test_mah(self) -> float:
        return self._test_uas / 1000 / _MAS_A_MAH

    @property
    def radio_mah(self) -> float:
        return self._radio_nas / 1e6 / _MAS_A_MAH

    def standby_mah(self, drawn_mas: int) -> float:
        """What is left of all that was drawn."""
        whole = drawn_mas / _MAS_A_MAH
        return max(0.0, whole - self.motor_mah - self.test_mah - self.radio_mah)
