"""Single keys from a POSIX terminal, unechoed. Interprets none of them."""

import os
import select
import sys
import termios
from typing import Any

assert sys.platform != "win32"


def enter() -> Any:
    """Switch the terminal to single keys; what `leave` needs to put it back."""
    saved = termios.tcgetattr(sys.stdin)
    mode = termios.tcgetattr(sys.stdin)
    # Ctrl-C and ctrl-Z come as keys, too: a stopped program would see nothing.
    mode[0] &= ~(termios.ICRNL | termios.IXON)
    mode[3] &= ~(termios.ICANON | termios.ECHO | termios.ISIG | termios.IEXTEN)
    termios.tcsetattr(sys.stdin, termios.TCSAFLUSH, mode)
    return saved


def leave(saved: Any) -> None:
    """Put the terminal back; what was typed and not read must not end up in the shell."""
    try:
        termios.tcsetattr(sys.stdin, termios.TCSAFLUSH, saved)
    except termios.error:
        return  # there is no terminal any more


def read(timeout_s: float) -> bytes | None:
    """What was tapped, as soon as it is; b"" if nothing, None if the terminal is gone."""
    ready, _, _ = select.select([sys.stdin], [], [], timeout_s)
    if not ready:
        return b""
    try:
        return os.read(sys.stdin.fileno(), 64) or None
    except OSError:
        return None
