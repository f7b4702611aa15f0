"""What a unit stores, as files: written beside the old and renamed over it, or appended to.

A loss of power leaves the old content or the new one, never half of it; of what was being appended
it leaves a beginning.
"""

import errno
import os

_BESIDE = ".new"


class Files:
    """One folder of small files."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        try:
            os.mkdir(folder)
        except OSError:
            pass  # it is there
        for name in os.listdir(folder):
            if name.endswith(_BESIDE):
                # Left by a loss of power between writing and renaming.
                os.remove(folder + "/" + name)

    def fetch(self, name: str) -> "bytes | None":
        """The content stored under `name`, None if there is none. OSError: it can't be read."""
        try:
            with open(self._folder + "/" + name, "rb") as file:
                content: bytes = file.read()
                return content
        except OSError as error:
            if error.errno == errno.ENOENT:
                return None
            raise

    def store(self, name: str, data: bytes) -> None:
        """Replace the content stored under `name`; OSError where there is no room."""
        path = self._folder + "/" + name
        with open(path + _BESIDE, "wb") as file:
            file.write(data)
        os.rename(path + _BESIDE, path)

    def append(self, name: str, data: bytes) -> None:
        """Add to the content stored under `name`; OSError where there is no room."""
        with open(self._folder + "/" + name, "ab") as file:
            file.write(data)

    def read(self, name: str, at: int, count: int) -> bytes:
        """At most `count` bytes of the content, from place `at` on. OSError: there is none."""
        with open(self._folder + "/" + name, "rb") as file:
            file.seek(at)
            found: bytes = file.read(count)
            return found

    def remove(self, name: str) -> None:
        """Remove the content stored under `name`. OSError: there is none."""
        os.remove(self._folder + "/" + name)

    def names(self, prefix: str) -> "list[str]":
        """The names that begin so."""
        return [name for name in os.listdir(self._folder) if name.startswith(prefix)]
