"""The port to the slot that isn't in use, which an update fills: what a board with slots gives.

For type checkers and readers alone: no board loads it. What an update is, `updating` knows.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    class Hash(Protocol):
        """SHA-256 of what comes in pieces."""

        def update(self, __data: bytes) -> None:
            """Take one more piece."""

        def digest(self) -> bytes:
            """The 32 bytes; to be asked for once."""

    class Slot(Protocol):
        """The other slot of a board. Paths are relative in it; OSError where a file can't be had.

        `board`: what the board is called, as updates for it say; `mpy`: the version of the .mpy
        files that its interpreter takes.
        """

        board: str
        mpy: int

        def room(self) -> int:
            """The bytes that a new content may take: what is free, and what this slot has now."""

        def clear(self) -> bool:
            """Remove one thing: a trial that is left, a file, an empty folder. False: no more."""

        def open(self, path: str) -> None:
            """Begin this file anew, for `write`."""

        def write(self, data: bytes) -> None:
            """Add to the file that was opened last; after `close` all of it is on the flash."""

        def close(self) -> None:
            """The file that was opened last is whole; or there is none."""

        def read(self, path: str, at: int, count: int) -> bytes:
            """At most `count` bytes of a file here, from place `at` on."""

        def used(self, path: str, at: int, count: int) -> bytes:
            """The same of the slot in use, whose firmware runs."""

        def count(self) -> int:
            """How many files there are."""

        def hash(self) -> Hash:
            """A new hash."""

        def try_it(self) -> None:
            """Let the next starts be a trial of this slot, all or nothing."""
