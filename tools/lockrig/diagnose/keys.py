"""From a terminal's bytes to keys: one name each, whole escape sequences swallowed.

Pure; which key means what is somebody else's business. An arrow key must not read as the letter
that ends its sequence.
"""

import codecs

NAMED = {"\r": "enter", "\n": "enter", "\x7f": "backspace", "\b": "backspace", "\x03": "ctrl-c"}
ESCAPE = "\x1b"


class Keys:
    """Feed it bytes as they come; sequences may be split anywhere."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._state = ""

    def feed(self, data: bytes) -> list[str]:
        """The keys that are complete: characters as they are, others by their name."""
        keys = []
        for char in self._decoder.decode(data):
            if char == "\x03":  # always heard, also in the middle of a sequence
                self._state = ""
                keys.append("ctrl-c")
            elif not self._swallow(char):
                if char in NAMED:
                    keys.append(NAMED[char])
                elif char.isprintable():
                    keys.append(char)
        return keys

    def pause(self) -> None:
        """Nothing came for a while: a lone escape was a key of its own, and is over."""
        if self._state == ESCAPE:
            self._state = ""

    def _swallow(self, char: str) -> bool:
        """Whether `char` belongs to an escape sequence."""
        if char == ESCAPE:
            self._state = ESCAPE
        elif self._state == ESCAPE:
            self._state = char if char in "[O" else ""
        elif self._state == "[":
            self._state = "" if "@" <= char <= "~" else "["
        elif self._state == "O":
            self._state = ""
        else:
            return False
        return True
