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

    def attach(self) -> Terminal:
        """A new line for a board that starts; its process takes the slave's end."""
        self.inner = Terminal()
        self.inner.interruptible()
        self._to_raw, self._seen = self.raw, b""
        return self.inner

    def detach(self) -> None:
        """The board is down."""
        if self.inner is not None:
            self.from_board()
            self.inner.close()
        self.inner = None

    def rebooting(self) -> None:
        """Say that the board ended its process by itself."""
        self.line.write(b"\r\nMPY: soft reboot\r\n")

    def from_client(self) -> None:
        """Pass on what the client typed."""
        data = self.line.read()
        if self.inner is None:
            return
        if _PROBE in data:
            data = data.replace(_PROBE, b"")
            self.line.write(_UNKNOWN)
        for byte in (_RAW, _FRIENDLY):
            if byte in data:
                self.raw = data.rfind(_RAW) > data.rfind(_FRIENDLY)
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
