"""Real time and a serial line, as targets that aren't on a virtual clock have them."""

import time
from collections.abc import Callable

import serial

from lockhil.bench import NotOnThisBenchError

# A test that waits for longer isn't for a real clock; nor is one that does so again and again.
PATIENCE_MS = 120_000
_AGAIN = 3
BAUD = 115_200
_PIECE = 1_024


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
    """The link's bytes on any pyserial URL or device. ContactLostError.

    DTR and RTS stay low: on an ESP32 they would reset it. `contact`: where somebody knows of the
    unit's starts; on a cable nothing tells, and the unit's own word has to do.
    """

    def __init__(
        self, url: str, now: Callable[[], int], contact: Callable[[], int] = lambda: 0
    ) -> None:
        self._url = url
        self._now = now
        self._contact = contact
        try:
            self._port = serial.serial_for_url(url, baudrate=BAUD, timeout=0, do_not_open=True)
            self._port.dtr = self._port.rts = False
            if "://" not in url:
                # Two on one line would take each other's answers.
                self._port.exclusive = True
            if not url.startswith("rfc2217:"):  # which has none, and says so by an exception
                self._port.write_timeout = 5
            self._port.open()
        except (OSError, ValueError) as error:
            raise ContactLostError(
                f"can't open {url}: {error}; is it plugged in, and used by nobody else?"
            ) from None

    @property
    def now_ms(self) -> int:
        return self._now()

    @property
    def contact(self) -> int:
        return self._contact()

    def write(self, data: bytes) -> None:
        try:
            # In pieces: the time-out is for each, and a megabyte may take its time.
            for at in range(0, len(data), _PIECE):
                self._port.write(data[at : at + _PIECE])
        except OSError as error:
            raise self._lost(error) from None

    def read(self, timeout_ms: int) -> tuple[int, bytes] | None:
        try:
            self._port.timeout = timeout_ms / 1_000
            data = self._port.read(1)
            if not data:
                return None
            # `socket://` can't tell how much there is; then it comes byte by byte.
            return self._now(), data + self._port.read(self._port.in_waiting)
        except OSError as error:
            raise self._lost(error) from None

    def close(self) -> None:
        """Leave the line."""
        self._port.close()

    def _lost(self, error: OSError) -> ContactLostError:
        return ContactLostError(f"the line {self._url} broke: {error}; what was under way is open")
