"""The air around a virtual board that runs in the foreground: its port, its capture, its weather.

What an air does is `lockhil.radio`'s business.
"""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from lockhil.virtual.radioport import RadioPort
from lockhil.virtual.realtime import RealBoard
from lockrig.errors import Exit, LockrigError
from locksim.timeline import Timeline

if TYPE_CHECKING:
    from lockhil.radio.air import Air

HELP = "  air     loss 0.3, within 0, rssi_dbm -80 …: what lies between all radios from now on"


class Around:
    """An air for one board, or none: then the board's radio is heard by nobody."""

    def __init__(self, name: str, port: int | None, capture: Path | None) -> None:
        if port is None and capture is not None:
            raise LockrigError("--capture needs --air PORT: without it there is none", Exit.USAGE)
        self._port = port
        self._capture = capture
        # As long as the board has its name it has its address.
        self.address = "24:0A:C4:" + hashlib.sha256(name.encode()).digest()[:3].hex(":").upper()
        self._air: Air | None = None

    def radio(self, timeline: Timeline) -> RadioPort:
        """What is around the board. LockrigError."""
        # It is slow to load, and few want one.
        try:
            from lockhil.radio.air import Air  # noqa: PLC0415
        except ImportError:
            raise LockrigError(
                "--air needs bumble: pip install 'lockrig[virtual]'", Exit.USAGE
            ) from None
        self._air = Air(timeline)
        return self._air.unit(self.address)

    @property
    def wanted(self) -> bool:
        """Whether there is one."""
        return self._port is not None

    @contextmanager
    def around(self, board: RealBoard) -> Iterator[str]:
        """The air while the board runs; a line on where it is. OSError."""
        if self._air is None or self._port is None:
            yield ""
            return
        from lockhil.radio.capture import Capture  # noqa: PLC0415
        from lockhil.radio.hciport import HciPort  # noqa: PLC0415

        with ExitStack() as held:
            if self._capture is not None:
                capture = Capture(held.enter_context(self._capture.open("wb", buffering=0)))
                held.callback(self._air.capture, None)
                self._air.capture(capture)
            port = HciPort(board, self._air, self._port)
            held.callback(port.close)
            host, number = port.address
            yield f"air: tcp-client:{host}:{number}, the unit is {self.address}"

    def close(self) -> None:
        """The board is gone."""
        if self._air is not None:
            self._air.close()

    def act(self, words: list[str]) -> str:
        """Change what lies between; what came of it, or what is wrong."""
        if self._air is None:
            return "expected a board in an air: begin with --air PORT"
        from lockhil.radio.path import Path as Between  # noqa: PLC0415

        names = [field.name for field in fields(Between)]
        if len(words) != 2 or words[0] not in names:
            return f"expected one of {', '.join(names)}, and a number"
        try:
            number = float(words[1])
            kinds = {"within": bool, "rssi_dbm": int, "supervision_ms": int}
            self._air.everywhere(**{words[0]: kinds.get(words[0], float)(number)})
        except (ValueError, OverflowError) as error:
            return str(error)
        return "done"
