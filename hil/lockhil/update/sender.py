"""Brings a package to a unit over its link, piece by piece, and goes on where it was.

One contact at a time: what is done where one was lost is the caller's. What the unit runs stays as
it is until the unit itself has verified all of the new.
"""

import base64
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from lockhil.client import Link
from lockhil.update.package import Package

# The longest request that a sealed line takes is 730 bytes; with ids of ten digits this much of a
# file fits as base64.
PIECE: Final = 456
_NONE: Final = "none"
_COMING: Final = ("clearing", "manifest", "files")
_ENDING: Final = ("verifying", "restarting")
# A file is copied and hashed on the unit, and all of them at the end: seconds on a slow chip.
_ANSWER_MS: Final = 15_000
_FINISH_MS: Final = 120_000
# A diagnostic, which the unit doesn't leave for this, takes half a minute.
_BUSY_S: Final = 60
_AGAIN_S: Final = 0.3
# So often in a row the unit may want something else than what it was sent.
_ASTRAY: Final = 5


class RefusedError(Exception):
    """The unit refuses: `result` is its word for why, `told` all of its answer."""

    def __init__(self, result: str, told: dict[str, Any]) -> None:
        super().__init__(f"{result}: {told}")
        self.result = result
        self.told = told


class StrangeAnswerError(Exception):
    """What the unit answers isn't what such a unit says; the message shows it."""


@dataclass(frozen=True, slots=True)
class Where:
    """How far an update is at the unit: `file` and `at` are what it expects next.

    `manifest`: of the update under way, "" without one; `runs`: the hash of the running firmware's
    own list of files; both in hex. `mpy`: the version of compiled modules that it takes.
    """

    phase: str
    mpy: int
    file: int
    at: int
    manifest: str
    runs: str

    def comes(self, package: Package) -> bool:
        """Whether this package is under way, and isn't all there yet or not verified."""
        return self.phase in _COMING and self.manifest == package.header.manifest

    @property
    def ending(self) -> bool:
        """Whether the unit verifies what it got, or starts it in a moment."""
        return self.phase in _ENDING


def look(link: Link) -> Where:
    """Ask the unit. StrangeAnswerError, and what the link raises."""
    told = link.call("update.state", _ANSWER_MS)
    phase, mpy = told.get("phase"), told.get("mpy")
    manifest, runs = told.get("manifest", ""), told.get("runs")
    if not all(isinstance(text, str) for text in (phase, manifest, runs)) or type(mpy) is not int:
        raise StrangeAnswerError(f"expected where the update is, the unit says {told!r:.200}")
    file, at = (0, 0) if phase == _NONE else _next(told)
    return Where(str(phase), mpy, file, at, str(manifest), str(runs))


class Sender:
    """One package on its way, over one link after the other.

    `begun`: the unit took it on; `sent`: bytes that went over the line; `kept`: files that it had.
    """

    def __init__(self, package: Package, progress: Callable[[int], object]) -> None:
        """`progress` is told how many bytes of the files the unit has."""
        self._package = package
        self._contents = (package.manifest, *package.files.values())
        self._progress = progress
        self.begun = False
        self.sent = self.kept = 0

    def carry_out(self, link: Link, where: Where) -> None:
        """All but the end of it: the unit has every file when this returns. It is called again, in
        another contact, where one was lost.

        RefusedError, StrangeAnswerError, and what the link raises.
        """
        if where.comes(self._package):
            self.begun = True
            file, at = where.file, where.at
        else:
            self._begin(link)
            file, at = 0, 0
        kept, astray = 0, 0
        while file < len(self._contents):
            # The manifest is small, and no file.
            self._progress(sum(map(len, self._contents[1:file])) + (at if file else 0))
            if file and not at and file != kept:
                kept = file
                told = _ask(link, "update.keep", file=file)
                self.kept += told["result"] == "done"
            else:
                piece = self._contents[file][at : at + PIECE]
                data = base64.b64encode(piece).decode()
                told = _ask(link, "update.write", file=file, at=at, data=data)
                self.sent += len(piece)
            file, at = _next(told)
            astray = astray + 1 if told["result"] == "WRONG_PLACE" else 0
            if astray > _ASTRAY:
                raise RefusedError("WRONG_PLACE", told)
        self._progress(self._package.size)

    def _begin(self, link: Link) -> None:
        header = self._package.header
        _ask(
            link,
            "update.begin",
            unit=header.unit,
            board=header.board,
            version=header.version,
            downgrade=int(header.downgrade),
            room=header.room,
            manifest=header.manifest,
            size=header.size,
            tag=self._package.tag,
        )
        self.begun = True


def finish(link: Link) -> None:
    """Let the unit verify all and try it: it restarts in a moment. RefusedError."""
    _ask(link, "update.finish", _FINISH_MS)


def _ask(link: Link, method: str, timeout_ms: int = _ANSWER_MS, **params: Any) -> dict[str, Any]:
    """Ask, and again while the unit is busy. RefusedError."""
    until = time.monotonic() + _BUSY_S
    while True:
        told = link.call(method, timeout_ms, **params)
        result = told.get("result")
        if result in ("done", "DIFFERENT", "WRONG_PLACE") and method != "update.finish":
            return told
        if result == "done":
            return told
        if result != "BUSY" or time.monotonic() > until:
            raise RefusedError(str(result), told)
        time.sleep(_AGAIN_S)


def _next(told: dict[str, Any]) -> tuple[int, int]:
    file, at = told.get("file"), told.get("at")
    if type(file) is not int or type(at) is not int or file < 0 or at < 0:
        raise StrangeAnswerError(f"expected what comes next, the unit says {told!r:.200}")
    return file, at
