"""Starts a unit on this board: its wiring and settings from files, then the main loop.

What is missing or wrong is said on the console, with nothing driven.
"""

import json

from lockboards.board import MachineBoard
from lockboards.clock import now
from lockboards.files import Files
from lockboards.loop import run
from lockunit.settings import Settings, decode
from lockunit.unit import Unit


def main() -> None:
    """Never returns but by an exception, with nothing driven: a fault, or ctrl-C on the console."""
    with open("/board.json") as file:
        wiring = json.load(file)
    files = Files("/data")
    board = MachineBoard(wiring, files)
    try:
        stored = files.fetch("settings")
        unit = Unit(board, Settings() if stored is None else decode(stored), now())
        run(unit, board)
    finally:
        # Whoever looks into it finds a lock that holds still.
        board.motor(0)
        board.load(0)
        board.leds(0, 0)
