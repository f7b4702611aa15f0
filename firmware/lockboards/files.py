"""What a unit stores, as files: each one written beside the old and renamed over it.

A loss of power leaves the old content or the new one, never half of it.
"""

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
        """The content stored under `name`, None if there is none."""
        try:
            with open(self._folder + "/" + name, "rb") as file:
                content: bytes = file.read()
                return content
        except OSError:
            return None

    def store(self, name: str, data: bytes) -> None:
        """Replace the content stored under `name`; OSError where there is no room."""
        path = self._folder + "/" + name
        with open(path + _BESIDE, "wb") as file:
            file.write(data)
        os.rename(path + _BESIDE, path)
