"""Real time and a serial line, as targets that aren't on a virtual clock have them."""

import time
from collections.abc import Callable

import serial

from lockhil.bench import NotOnThisBenchError
from lockhil.lab.locks import BusyError, Lease
from lockhil.lab.ports import RESTART_S, PortGoneError, find, lasting

# A test that waits for longer isn't for a real clock; nor is one that does so again and again.
PATIENCE_MS = 120_000
_AGAIN = 3
BAUD = 115_200
_PIECE = 1_024
# A port's own time-out stays what it is: to set another, RFC 2217 agrees on everything anew.
_SLICE_S = 0.02
# How often a port that went is looked for.
_LOOK_S = 0.2


class ContactLostError(Exception):
    """The line to the unit can't be opened, or broke, or the unit fell silent; it says which."""


class BenchBrokenError(ContactLostError):
    """The bench isn't as it should be, so nothing is known of the lock; it says what is wrong."""


class RealClock:
    """The clock on the wall: waiting takes as long as it says. `now` is the bench's time in ms.

    `sleep`: waits so many seconds, where something is to be done meanwhile.
    """

    def __init__(
        self,
        now: Callable[[], int],
        patience_ms: int = PATIENCE_MS,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._now = now
        self._patience_ms = patience_ms
        self._sleep = sleep
        self._waited_ms = 0

    @property
    def now_ms(self) -> int:
        return self._now()

    def advance(
        self, ms: int = 0, *, seconds: int = 0, minutes: int = 0, hours: int = 0, days: int = 0
    ) -> None:
        minutes += (days * 24 + hours) * 60
        ms = max(0, ms + (minutes * 60 + seconds) * 1_000)
        self._waited_ms += ms
        if ms > self._patience_ms or self._waited_ms > _AGAIN * self._patience_ms:
            longest = max(ms, self._waited_ms) / 60_000
            raise NotOnThisBenchError(f"would take {longest:.1f} min of real time or more")
        self._sleep(ms / 1_000)


class SerialTransport:
    """The link's bytes on any pyserial URL, device or lasting name. ContactLostError.

    It has the board's lock while it is open. DTR and RTS stay low: on an ESP32 they would reset it.
    `contact`: where somebody knows of the unit's starts; on a cable nothing tells, and the unit's
    own word has to do. `restart_s`: as `expect_restart`, from its opening on.
    """

    def __init__(
        self,
        port: str,
        now: Callable[[], int],
        contact: Callable[[], int] = lambda: 0,
        restart_s: float = 0,
    ) -> None:
        self._name = port
        self._now = now
        self._contact = contact
        self.expect_restart(restart_s)
        # What it is found by later, when its device may have another name.
        self._lasting = lasting(port)
        try:
            self._lease = Lease(port)
        except BusyError as error:
            raise ContactLostError(str(error)) from None
        try:
            self._port = self._open()
        except (OSError, ValueError) as error:
            if not self._found_again():
                self._lease.release()
                raise ContactLostError(_cant_open(port, error)) from None

    def _open(self) -> serial.SerialBase:
        url = find(self._lasting)
        port = serial.serial_for_url(url, baudrate=BAUD, timeout=_SLICE_S, do_not_open=True)
        port.dtr = port.rts = False
        if "://" not in url:
            # Two on one line would take each other's answers.
            port.exclusive = True
        if not url.startswith("rfc2217:"):  # which has none, and says so by an exception
            port.write_timeout = 5
        port.open()
        return port

    @property
    def now_ms(self) -> int:
        return self._now()

    @property
    def contact(self) -> int:
        return self._contact()

    def expect_restart(self, seconds: float = RESTART_S) -> None:
        """So long from now the unit may restart, and its port go and come back under another name.

        What is written meanwhile may be lost, as on any line to a board that restarts.
        """
        self._patient_until = time.monotonic() + seconds

    def write(self, data: bytes) -> None:
        try:
            # In pieces: the time-out is for each, and a megabyte may take its time.
            for at in range(0, len(data), _PIECE):
                self._port.write(data[at : at + _PIECE])
        except OSError as error:
            if not self._found_again():
                raise self._lost(error) from None

    def read(self, timeout_ms: int) -> tuple[int, bytes] | None:
        until = time.monotonic() + timeout_ms / 1_000
        try:
            while timeout_ms or self._port.in_waiting:
                if data := self._port.read(1):
                    # `socket://` can't tell how much there is; then it comes byte by byte.
                    return self._now(), data + self._port.read(self._port.in_waiting)
                if time.monotonic() >= until:
                    break
            return None
        except OSError as error:
            if self._found_again():
                return None
            raise self._lost(error) from None

    def close(self) -> None:
        """Leave the line."""
        self._port.close()
        self._lease.release()

    def _found_again(self) -> bool:
        """Whether the port is open again, where a restart is expected."""
        while time.monotonic() < self._patient_until:
            try:
                if hasattr(self, "_port"):
                    self._port.close()
                self._port = self._open()
                self._lease = self._lease.moved(self._lasting)
                return True
            except (OSError, ValueError, BusyError):
                time.sleep(_LOOK_S)
        return False

    def _lost(self, error: OSError) -> ContactLostError:
        return ContactLostError(f"the line {self._name} broke: {error}; what was under way is open")


def _cant_open(port: str, error: Exception) -> str:
    if isinstance(error, PortGoneError):
        return str(error)
    return f"can't open {port}: {error}; is it plugged in, and used by nobody else?"
