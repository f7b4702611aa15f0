"""What a board says of itself when it is asked on its console; what runs there is restarted.

Which boards there are, `command` and `named` list.
"""

from dataclasses import dataclass
from typing import Any

from lockhil.boards.contents import look
from lockhil.boards.repl import BoardError, NoContactError, NotAConsoleError
from lockhil.boards.session import visit
from lockhil.lab.ports import key


@dataclass(frozen=True, slots=True)
class Probed:
    """What a board said of itself, or why it said nothing."""

    board: dict[str, Any] | None = None
    unit: str | None = None
    firmware: str | None = None
    error: str | None = None

    def __str__(self) -> str:
        if self.board is None:
            return str(self.error)
        runs = f"unit {self.unit}, firmware {self.firmware}" if self.firmware else "no firmware"
        return f"{self.board['name']}: {runs}"


class Prober:
    """Asks each board once, whatever its console is called."""

    def __init__(self) -> None:
        self._said: dict[str, Probed] = {}

    def ask(self, console: str) -> Probed:
        """What the board on this console says."""
        one = key(console, "console") or console
        if one not in self._said:
            self._said[one] = _probe(console)
        return self._said[one]


def _probe(console: str) -> Probed:
    try:
        with visit(console) as here:
            board = here.who.as_json()
            if here.who.mpy is None or not here.who.block:
                return Probed(board)
            found = look(here.repl)
            return Probed(board, found.unit, found.version)
    except (NoContactError, NotAConsoleError, BoardError) as error:
        return Probed(error=str(error))
