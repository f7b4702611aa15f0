"""Starts a unit on this board: its wiring and settings from files, then the main loop.

Wiring that is missing or wrong is said on the console, with nothing driven. A unit whose storage is
corrupt runs: it is there to open a door, and names what it refuses.
"""

from lockboards import first

# What is loaded below takes most of a start, and the button is watched meanwhile.
_first = first.begin()

import machine  # noqa: E402

from lockboards import console  # noqa: E402
from lockboards.board import MachineBoard  # noqa: E402
from lockboards.clock import now  # noqa: E402
from lockboards.files import Files  # noqa: E402
from lockboards.loop import run  # noqa: E402
from lockunit.board import EV_BUTTON  # noqa: E402
from lockunit.settings import KINDS, Settings, decode, safe_settings  # noqa: E402
from lockunit.unit import Unit  # noqa: E402

_SETTINGS = "settings"
# Stored beside, so that whoever loses the rest isn't another kind of lock.
_KIND = "kind"


def _settings(board: MachineBoard) -> Settings:
    """The settings of this unit; where they are refused, what harms nobody."""
    stored = board.fetch(_SETTINGS)
    kept = board.fetch(_KIND)
    kind = ""
    if kept is not None:
        kind = _word(kept)
        if not kind:
            board.refuse(_KIND, "expected one of " + ", ".join(KINDS))
    if stored is None and kept is None:
        return Settings()
    try:
        if stored is None:
            raise ValueError("they were here, and are gone")
        settings = decode(stored)
    except ValueError as error:
        board.refuse(_SETTINGS, str(error))
        return safe_settings(kind) if kind else safe_settings()
    if settings.kind != kind:
        board.store(_KIND, settings.kind.encode())
    return settings


def _word(kept: bytes) -> str:
    for kind in KINDS:
        if kept == kind.encode():
            return kind
    return ""


def main() -> None:
    """Never returns but by an exception, with nothing driven: a fault, or ctrl-C on the console.

    A console that was opened for this start closes by a reset, if nobody comes.
    """
    board = MachineBoard(_first.wiring, Files("/data"), console.closed())
    if _first.pressed:
        _first.pressed = False
        board.ring.put(EV_BUTTON, 1)
    try:
        unit = Unit(board, _settings(board), now())
        run(unit, board, console.OPEN_MS if console.opened() else -1)
    finally:
        # Whoever looks into it finds a lock that holds still.
        board.motor(0)
        board.load(0)
        board.leds(0, 0)
        if board.radio is not None:
            board.radio.stop()
    machine.reset()
