"""The one place that uses mpremote: a board's console, and code that runs on the board.

mpremote calls its interface unstable, so a test on a virtual board holds it to what is used here.
What the code says is `onboard`'s.
"""

import ast
import contextlib
import io
import os
import re
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import serial
from mpremote.transport import TransportError, TransportExecError
from mpremote.transport_serial import SerialTransport
from serial.tools import list_ports

from lockhil.lab.locks import BusyError, Lease
from lockhil.lab.ports import PortGoneError, find, lasting

BAUD = 115_200
# A line's input buffer holds 4 KB: what is sent at once never fills it, however slow the board.
LONGEST_COMMAND = 2_048
# Until a byte comes; until an answer is whole, however much comes.
_BYTE_S, _ANSWER_S = 5, 30
_INTERRUPT, _RAW, _RESTART = b"\r\x03", b"\r\x01", b"\x04"
# What a board says that restarts, and how long it may take to; what is typed before is lost.
_RESTARTS, _RESTARTS_S = b"soft reboot\r\n", 0.5
# In the raw REPL: runs what was sent; what ends its output, and its errors.
_RUN, _RAN = b"\x04", b"\x04\x04"
_IN_RAW = b"raw REPL; CTRL-B to exit\r\n"
# A board that resets when its port opens needs a second or two before it listens.
_TRIES_S = (1, 2, 4)
_HELLO = b'\n{"jsonrpc":"2.0","id":1,"method":"unit.hello"}\n'
_ANSWERS_S = 1
_STEP_S = 3
# What is kept of what came, to tell who is there.
_KEPT = 2_048
# The console would echo the question.
_ANSWER = re.compile(rb'\{"jsonrpc":"2\.0",[^\n]*"(result|error|params)":')
_UNIT = re.compile(rb'"unit":"([^"]{1,16})"')
# Boards that are USB devices themselves speak to nobody who doesn't raise DTR, and never reset by
# it: Raspberry Pi's.
_NEED_DTR = (0x2E8A,)


class NoContactError(Exception):
    """The port can't be opened, or nobody there speaks MicroPython, or the line broke."""


class NotAConsoleError(Exception):
    """What is at the port is a unit's link."""


class BoardError(Exception):
    """The board refused what it was told; the message is its own last line."""


class _Transport(SerialTransport):  # type: ignore[misc] # mpremote is untyped
    """mpremote's, opened without its DTR and RTS, which reset an ESP32, and never for ever."""

    def __init__(self, port: str) -> None:
        self.in_raw_repl = False
        self.use_raw_paste = True
        self.device_name = port
        self.mounted = False
        url = find(port, "console")
        self.serial = serial.serial_for_url(url, do_not_open=True, baudrate=BAUD, exclusive=True)
        self.serial.timeout = _BYTE_S
        if not url.startswith("rfc2217:"):  # which has no such thing
            self.serial.write_timeout = _BYTE_S
        self.serial.dtr, self.serial.rts = _vendor(url) in _NEED_DTR, False
        self.serial.open()
        self.is_pty = self._is_pty_device(url)

    def read_until(
        self,
        min_num_bytes: int,
        ending: bytes,
        timeout: float | None = 10,
        data_consumer: Callable[[bytes], object] | None = None,
        timeout_overall: float | None = None,
    ) -> bytes:
        limit = _ANSWER_S if timeout_overall is None else timeout_overall
        came = super().read_until(min_num_bytes, ending, timeout, data_consumer, limit)
        assert isinstance(came, bytes)
        return came


def _vendor(port: str) -> int | None:
    real = os.path.realpath(port)
    return next((found.vid for found in list_ports.comports() if found.device == real), None)


class Repl:
    """A board in its raw REPL. What ran on it doesn't, until `restart` or `reset`."""

    def __init__(self, port: str) -> None:
        """Interrupt what runs. NoContactError, NotAConsoleError."""
        self.port = port
        # What it is found by after a reset, when its device may have another name.
        self._lasting = lasting(port)
        try:
            self._lease = Lease(port, "console")
        except BusyError as error:
            raise NoContactError(str(error)) from None
        try:
            self._transport = _Transport(port)
        except (OSError, ValueError) as error:
            self._lease.release()
            raise NoContactError(_cant_open(port, error)) from None
        try:
            with self._line():
                self._enter()
        except BaseException:
            self.close()
            raise

    def _enter(self) -> None:
        """Into the raw REPL, or say who is there instead."""
        line = self._transport.serial
        seen = b""
        for tries_s in _TRIES_S:
            line.write(_INTERRUPT + _RAW)
            came = self._listen(tries_s, until=_IN_RAW)
            if came.endswith(_IN_RAW) and self._in_step():
                self._transport.in_raw_repl = True
                return
            seen = (seen + came)[-_KEPT:]
            # A link answers this; a REPL that only just woke takes no harm.
            line.write(_HELLO)
            seen = (seen + self._hear_answer())[-_KEPT:]
            if _ANSWER.search(seen):
                raise NotAConsoleError(_is_link(self.port, seen))
        what = f"what came is none: {seen[-40:]!r}" if seen else "nothing came"
        raise NoContactError(
            f"expected MicroPython on {self.port}, {what}; "
            "is it the right port, is the board powered, is MicroPython on it? A unit with a "
            "lock's key keeps its console closed: lockrig maintenance opens it for one start"
        )

    def _in_step(self) -> bool:
        """Whether what comes answers what is asked: more of what came before may be on its way."""
        mark = os.urandom(8).hex().encode()
        self._transport.serial.write(b"print('" + mark + b"')" + _RUN)
        until = time.monotonic() + _STEP_S
        came = b""
        while mark not in came and time.monotonic() < until:
            came += self._listen(_STEP_S, until=_RAN)
        return mark in came and came.endswith(_RAN)

    def _listen(self, seconds: float, until: bytes = b"") -> bytes:
        """What comes within so long, or until it ends so."""
        line = self._transport.serial
        end, came = time.monotonic() + seconds, b""
        line.timeout = 0.05
        try:
            while time.monotonic() < end and not (until and came.endswith(until)):
                came += line.read(1)
        finally:
            line.timeout = _BYTE_S
        return came

    def _hear_answer(self) -> bytes:
        """What comes within the time that an answer takes, or until it says which unit it is."""
        end, came = time.monotonic() + _ANSWERS_S, b""
        while time.monotonic() < end and not _UNIT.search(came):
            came += self._listen(_ANSWERS_S / 10, until=b"\n")
        return came

    def run(self, code: str) -> str:
        """Run code on the board; what it printed. BoardError, NoContactError."""
        assert len(code) <= LONGEST_COMMAND, "too long for one go"
        with self._line():
            said = self._transport.exec(code)
            assert isinstance(said, bytes)
            return said.decode("utf-8", "backslashreplace")

    def values(self, code: str) -> list[Any]:
        """Run code; each line that it printed, which is a Python literal."""
        try:
            return [ast.literal_eval(line) for line in self.run(code).splitlines() if line.strip()]
        except (ValueError, SyntaxError, RecursionError) as error:
            raise NoContactError(f"{self.port}: what came is garbled ({error})") from None

    def restart(self) -> None:
        """Soft reset: boot.py and main.py run as at power-on, and the port stays."""
        with self._line():
            # Whatever it was told or does now ends first.
            self._transport.serial.write(_INTERRUPT)
            self._transport.exit_raw_repl()
            self._transport.serial.write(_RESTART)
            self._transport.serial.flush()
            self._listen(_RESTARTS_S, until=_RESTARTS)

    def enter(self) -> None:
        """Back into the raw REPL, whatever runs. NoContactError, NotAConsoleError."""
        with self._line():
            self._enter()

    def reset(self) -> None:
        """Reset the board; a port that lives on the board itself goes, `reopen` gets it back."""
        with self._line():
            self._transport.exec_raw_no_follow("import machine\nmachine.reset()")

    def listen(self, seconds: float) -> bytes:
        """What the board prints meanwhile."""
        with self._line():
            return self._listen(seconds)

    def interrupt(self, seconds: float) -> bytes:
        """End what runs, outside the raw REPL; what the board prints then."""
        with self._line():
            self._transport.serial.write(b"\x03")
            return self._listen(seconds, until=b">>> ")

    def reopen(self) -> None:
        """Open the port again after a reset. NoContactError."""
        self._leave()
        try:
            self._transport = _Transport(self._lasting)
            self._lease = self._lease.moved(self._lasting, "console")
        except BusyError as error:
            raise NoContactError(str(error)) from None
        except (OSError, ValueError) as error:
            raise NoContactError(_cant_open(self.port, error)) from None

    def close(self) -> None:
        """Leave the line; the board goes on with what it does."""
        self._leave()
        self._lease.release()

    def _leave(self) -> None:
        with contextlib.suppress(OSError):
            self._transport.close()
        with contextlib.suppress(OSError):
            self._transport.serial.close()

    @contextmanager
    def _line(self) -> Iterator[None]:
        """What goes wrong meanwhile, in our words; mpremote prints what it didn't expect."""
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                yield
        except TransportExecError as error:
            lines = error.error_output.strip().splitlines() or ["no reason given"]
            raise BoardError(lines[-1]) from None
        except (TransportError, OSError, struct.error) as error:
            raise NoContactError(f"contact lost on {self.port}: {error}") from None


def _is_link(port: str, seen: bytes) -> str:
    unit = _UNIT.search(seen)
    whose = f" of the unit {unit[1].decode(errors='replace')}" if unit else ""
    return f"{port} is the link{whose}; its console is its other port"


def _cant_open(port: str, error: Exception) -> str:
    text = str(error)
    if isinstance(error, PortGoneError):
        return text
    if "exclusively lock" in text:
        return f"{port} is busy: another program has it open; end that one and run again"
    number = getattr(error, "errno", None)
    text = os.strerror(number) if number else text
    return f"can't open {port}: {text}; is it plugged in, and used by nobody else?"
