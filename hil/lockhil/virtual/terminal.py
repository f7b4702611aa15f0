"""A pseudo-terminal as a serial port: raw, and open whoever comes and goes at its other end."""

import contextlib
import os
import pty
import termios
import tty


class Terminal:
    """One end of a raw pseudo-terminal; the other is the device at `path`."""

    def __init__(self) -> None:
        self.fd, slave = pty.openpty()
        tty.setraw(slave)
        self.path = os.ttyname(slave)
        # Held open: without it, the first client that leaves would end the line.
        self.slave = slave
        os.set_blocking(self.fd, False)

    def read(self) -> bytes:
        """What came in."""
        try:
            return os.read(self.fd, 4_096)
        except (BlockingIOError, OSError):
            return b""

    def write(self, data: bytes) -> None:
        """Send; what nobody reads is lost once the line is full, as on any serial port."""
        with contextlib.suppress(BlockingIOError):
            while data:
                data = data[os.write(self.fd, data) :]

    def interruptible(self, does: bool) -> None:
        """Let ctrl-C on the line interrupt who runs at its other end, losing nothing typed; or be
        typed as any other key."""
        mode = termios.tcgetattr(self.slave)
        bits = termios.ISIG | termios.NOFLSH
        mode[3] = mode[3] | bits if does else mode[3] & ~bits
        termios.tcsetattr(self.slave, termios.TCSANOW, mode)

    def close(self) -> None:
        """The port is gone."""
        os.close(self.fd)
        os.close(self.slave)
