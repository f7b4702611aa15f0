"""The key that signs a unit's journal, over the board's console: taken once, or replaced.

It never passes on the link, whose lines are recorded, and it is never printed here.
"""

import re
import time

from lockhil.boards.repl import NoContactError
from lockhil.boards.session import visit
from lockunit.journalkey import KEY_BYTES

_HEX = re.compile(rf"[0-9a-f]{{{2 * KEY_BYTES}}}")
# A unit that was started a moment ago has no key yet.
_PAUSES_S = (1, 3)


class KeyGivenError(Exception):
    """The unit has given its key to somebody already, or makes none."""


def parse(text: str) -> bytes:
    """A key as people keep it: hex. ValueError."""
    if not _HEX.fullmatch(text.strip().lower()):
        raise ValueError(f"expected a key of {2 * KEY_BYTES} hexadecimal digits")
    return bytes.fromhex(text.strip())


def take(console: str) -> bytes:
    """The key of the unit on this console, which gives it once. The unit is started again.

    KeyGivenError, NoContactError, NotAConsoleError, BoardError.
    """
    for pause_s in (*_PAUSES_S, 0):
        with visit(console) as here:
            told = here.repl.values("from lockboards.keys import give\nprint(repr(give()))")
        if told != [None]:
            break
        # It was interrupted before it had made one: now it starts again.
        time.sleep(pause_s)
    if told == [None]:
        raise KeyGivenError("the unit has made no key, or can't read it: put a new one there")
    if told == [""]:
        raise KeyGivenError(
            "the unit has given its key out already: use the key that was taken then, or put a "
            "new one in its place"
        )
    if len(told) != 1 or not isinstance(told[0], str) or not _HEX.fullmatch(told[0]):
        # Not what came: it may be most of a key.
        raise NoContactError(f"expected a key on {console}, got something else; run again")
    return bytes.fromhex(told[0])


def replace(console: str, key: bytes) -> None:
    """Let the unit sign with this key, in a segment of its own, once it has started again.

    NoContactError, NotAConsoleError, BoardError.
    """
    with visit(console) as here:
        here.repl.run(f"from lockboards.keys import provision\nprovision({key.hex()!r})")
