"""A visit to a board: what runs there is interrupted, its outputs go off, it says who it is.

When the visit ends the board starts again, whatever came between.
"""

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from lockhil.boards.firmware import UNIT
from lockhil.boards.identity import Identity, identify
from lockhil.boards.onboard import STILL
from lockhil.boards.repl import BoardError, NoContactError, Repl
from lockhil.lab.entries import boards

_TRIES = 6
_LABEL = f"""
try: print(repr(open({UNIT!r}).read()))
except OSError: print("''")
"""


@dataclass(slots=True)
class Visit:
    """`started`: whoever visits has let the board go by itself."""

    repl: Repl
    who: Identity
    started: bool = False


def _met(repl: Repl) -> Identity:
    """Switch it off and ask who it is. NoContactError.

    Both may be said again: a slow board on a line without flow control loses a byte now and then.
    """
    for _ in range(_TRIES):
        try:
            # Before anything else: LEDs, load and motor are as they were when it was interrupted.
            repl.run(STILL)
            return identify(repl)
        except BoardError as error:
            said = str(error)
    raise NoContactError(f"what is sent to {repl.port} doesn't arrive whole: the board says {said}")


def _refuse_another(repl: Repl) -> None:
    """Where the console is that of a board with a name: whether its unit is the one that it must
    be. A board without a label may become it. NoContactError."""
    for name, board in boards().items():
        if board.console == repl.port and board.unit:
            [unit] = repl.values(_LABEL)
            if unit not in ("", board.unit):
                raise NoContactError(
                    f"{name} must be the unit {board.unit}, and the board there is {unit}: "
                    "is another board plugged in?"
                )


@contextmanager
def visit(port: str) -> Iterator[Visit]:
    """NoContactError, NotAConsoleError."""
    repl = Repl(port)
    here: Visit | None = None
    try:
        here = Visit(repl, _met(repl))
        _refuse_another(repl)
        yield here
    finally:
        if here is None or not here.started:
            with contextlib.suppress(NoContactError, BoardError):
                repl.restart()
        repl.close()
