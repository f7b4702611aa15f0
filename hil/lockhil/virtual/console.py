"""The console of a virtual board: a serial port whose far end changes with each reset.

It makes the unix port's REPL behave as a board's: a soft reset ends the process there, and starts
the board again here, in the raw REPL if the client was in it.
"""

from lockhil.virtual.terminal import Terminal

_RAW, _FRIENDLY = b"\x01", b"\x02"
# The probe for raw-paste mode, and "I don't know that": there ctrl-C wouldn't interrupt.
_PROBE, _UNKNOWN = b"\x05A\x01", b"R\x00"
_PROMPT = b">>> "


class Console:
    """The client's line, and the board's own while it is up."""

    def __init__(self) -> None:
        self.line = Terminal()
        self.inner: Terminal | None = None
        # Whether the client is in the raw REPL, and whether the board has yet to go there.
        self.raw = False
        self._to_raw = False
        self._seen = b""
        # None: the board is up; or what was typed while it started.
        self._typed: bytes | None = b""
        self._rebooting = False
        self._interrupts = True

    def attach(self) -> Terminal:
        """A new line for a board that starts; its process takes the slave's end."""
        self.inner = Terminal()
        self._to_raw, self._seen = self.raw, b""
        if not self._rebooting:
            self._typed = b""
        self._rebooting = False
        self._interrupts = True
        return self.inner

    def up(self) -> None:
        """The board has its flash: it may be interrupted. Before, that would leave a REPL without
        the flash, on the PC's own files."""
        if self.inner is not None and self._typed is not None:
            self.inner.interruptible(self._interrupts)
            self.inner.write(self._typed)
            self._typed = None

    def interrupts(self, does: bool) -> None:
        """The board says whether ctrl-C interrupts it from now on."""
        self._interrupts = does
        if self.inner is not None and self._typed is None:
            self.inner.interruptible(does)

    def detach(self) -> None:
        """The board is down."""
        if self.inner is not None:
            self.from_board()
            self.inner.close()
        self.inner = None

    def rebooting(self) -> None:
        """Say that the board ended its process by itself: it has power, so what is typed from now
        on waits for it."""
        self._rebooting, self._typed = True, b""
        self.line.write(b"\r\nMPY: soft reboot\r\n")

    def from_client(self) -> None:
        """Pass on what the client typed."""
        data = self.line.read()
        if self.inner is None and not self._rebooting:
            return
        if _PROBE in data:
            data = data.replace(_PROBE, b"")
            self.line.write(_UNKNOWN)
        for byte in (_RAW, _FRIENDLY):
            if byte in data:
                self.raw = data.rfind(_RAW) > data.rfind(_FRIENDLY)
        if self._typed is not None:
            self._typed += data
        elif self.inner is not None:
            self.inner.write(data)

    def from_board(self) -> None:
        """Pass on what the board printed."""
        if self.inner is None:
            return
        data = self.inner.read()
        self.line.write(data)
        if self._to_raw:
            self._seen = (self._seen + data)[-64:]
            if _PROMPT in self._seen:
                self._to_raw = False
                self.inner.write(_RAW)

    def close(self) -> None:
        """The port is gone."""
        self.detach()
        self.line.close()
