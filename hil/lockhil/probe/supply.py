"""A programmable supply that speaks SCPI, in place of the probe's own switch.

It switches and sets a voltage; how a pack sags the probe tells the unit's taps.
"""

import re
import time
from collections.abc import Callable
from typing import Protocol

import serial

from lockhil.targets.realclock import ContactLostError

_ANSWER_S = 2.0
_NO_ERROR = re.compile(rb"\+?0,")


class Supply(Protocol):
    """What a bench asks of a supply."""

    def switch(self, on: bool) -> None:
        """All power to the unit, on or off. ContactLostError."""


class ScpiSupply:
    """On any pyserial URL or device, as `/dev/ttyACM1` or `socket://192.0.2.7:5025`.

    `mv`: what it gives while on; at most `ma`. It is off after this.
    """

    def __init__(self, url: str, mv: int, ma: int = 2_000) -> None:
        self._url = url
        try:
            self._port = serial.serial_for_url(url, baudrate=9_600, timeout=0.1)
        except (OSError, ValueError) as error:
            raise ContactLostError(f"can't open the supply {url}: {error}; is it on?") from None
        self.identity = self._ask("*IDN?")
        if self.identity.count(",") < 1:
            raise ContactLostError(
                f"{url}: expected a supply's maker and model for *IDN?, got {self.identity!r:.80}"
            )
        self._do("*CLS")
        self.switch(False)
        self._do(f"VOLT {mv / 1_000:.3f}")
        self._do(f"CURR {ma / 1_000:.3f}")
        self._check()

    def switch(self, on: bool) -> None:
        """See `Supply`; it is asked whether it did."""
        self._do(f"OUTP {'ON' if on else 'OFF'}")
        answer = self._ask("OUTP?")
        if answer not in (("1", "ON") if on else ("0", "OFF")):
            self._check()
            raise ContactLostError(
                f"{self._url}: it was switched {'on' if on else 'off'}, and says {answer!r:.40}"
            )

    def close(self) -> None:
        """Switch it off and leave it."""
        try:
            self.switch(False)
        finally:
            self._port.close()

    def _check(self) -> None:
        error = self._ask("SYST:ERR?")
        if not _NO_ERROR.match(error.encode()):
            raise ContactLostError(f"the supply {self._url} refuses what it was told: {error:.80}")

    def _do(self, command: str) -> None:
        self._on_line(lambda: self._port.write(command.encode() + b"\n"))

    def _ask(self, question: str) -> str:
        self._do(question)
        until = time.monotonic() + _ANSWER_S
        came = b""
        while not came.endswith(b"\n") and time.monotonic() < until:
            came += self._on_line(lambda: self._port.read(1)) or b""
        if not came.endswith(b"\n"):
            raise ContactLostError(f"the supply {self._url} doesn't answer {question}")
        return came.decode("ascii", "replace").strip()

    def _on_line(self, do: "Callable[[], bytes | int | None]") -> bytes:
        try:
            did = do()
        except OSError as error:
            raise ContactLostError(f"the supply {self._url}: {error}") from None
        return did if isinstance(did, bytes) else b""
