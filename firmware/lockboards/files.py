"""What a unit stores, as files: written beside the old and renamed over it, or appended to.

A loss of power leaves the old content or the new one, never half of it; of what was being appended
it leaves a beginning. Whether a content is any good its reader decides; what was refused is kept
aside before something else takes its place.
"""

import errno
import os

_BESIDE = ".new"
_ASIDE = ".refused"
# What can't be read isn't what was never stored: no store takes this for a content.
_UNREADABLE = b""
# No store is longer. What claims to be isn't read into a small memory.
_LONGEST = 8_192
_PIECE = 256


class Files:
    """One folder of small files; `aside`: the names of which a refused content is kept."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._refused: list[str] = []
        self.aside: list[str] = []
        try:
            os.mkdir(folder)
        except OSError:
            pass  # it is there; or else storing will say what is wrong
        try:
            names = os.listdir(folder)
        except OSError:
            names = []  # nor can anything in it be read, which its readers will say
        for name in sorted(names):
            if name.endswith(_BESIDE):
                self._sweep(name)
            elif name.endswith(_ASIDE):
                self.aside.append(name[: -len(_ASIDE)])

    def _sweep(self, name: str) -> None:
        """Remove what a loss of power between writing and renaming left."""
        try:
            os.remove(self._path(name))
        except OSError:
            pass  # nobody reads it, and the next to be stored takes its place

    def _path(self, name: str) -> str:
        return self._folder + "/" + name

    def fetch(self, name: str) -> "bytes | None":
        """The content stored under `name`; None: never stored; b"": can't be read."""
        try:
            with open(self._path(name), "rb") as file:
                # Its length first: room for the longest in one piece is more than there may be.
                length = file.seek(0, 2)
                file.seek(0)
                content: bytes = file.read(length) if length <= _LONGEST else _UNREADABLE
                return content
        except OSError as error:
            return None if error.errno == errno.ENOENT else _UNREADABLE

    def refuse(self, name: str) -> None:
        """Keep what is stored under `name` now aside, before the next content replaces it."""
        if name not in self._refused:
            self._refused.append(name)

    def store(self, name: str, data: bytes) -> None:
        """Replace the content stored under `name`; OSError: it couldn't be, and is as it was."""
        if name in self._refused:
            self._keep_aside(name)
            self._refused.remove(name)
        with open(self._path(name + _BESIDE), "wb") as file:
            file.write(data)
        os.rename(self._path(name + _BESIDE), self._path(name))

    def append(self, name: str, data: bytes) -> None:
        """Add to the content stored under `name`; OSError: nobody knows how much of it is there."""
        with open(self._path(name), "ab") as file:
            file.write(data)

    def read(self, name: str, at: int, count: int) -> bytes:
        """At most `count` bytes of the content, from place `at` on. OSError: there is none."""
        with open(self._path(name), "rb") as file:
            file.seek(at)
            found: bytes = file.read(count)
            return found

    def remove(self, name: str) -> None:
        """Remove the content stored under `name`. OSError: there is none."""
        os.remove(self._path(name))

    def names(self, prefix: str) -> "list[str]":
        """The names that begin so."""
        return [name for name in os.listdir(self._folder) if name.startswith(prefix)]

    def _keep_aside(self, name: str) -> None:
        """Copy it: moved away, it would pass for never stored if power went now."""
        if name in self.aside or self.fetch(name) is None:
            return  # the first one tells most
        beside = self._path(name + _ASIDE + _BESIDE)
        with open(self._path(name), "rb") as bad, open(beside, "wb") as copy:
            while True:
                piece = bad.read(_PIECE)
                if not piece:
                    break
                copy.write(piece)
        os.rename(beside, self._path(name + _ASIDE))
        self.aside.append(name)
