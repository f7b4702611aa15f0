"""Updates for a unit, good ones and others, and somebody who brings them to it over its link.

Made by the words of docs/update.md alone: it shares no code with what makes or takes a real one.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lockhil.firmware import laid_out
from lockhil.session.credentials import LockKey
from lockhil.targets.base import Target

# What of a file goes into one line.
PIECE = 456
_FINISH_MS = 120_000
_AGAIN_MS = 200


def line(path: str, data: bytes) -> bytes:
    """One of a manifest's."""
    return f"{hashlib.sha256(data).hexdigest()} {len(data)} {path}\n".encode()


def pieces(data: bytes) -> list[tuple[int, bytes]]:
    """What is written of a file, and where."""
    return [(at, data[at : at + PIECE]) for at in range(0, len(data), PIECE)]


@dataclass(frozen=True, slots=True)
class Update:
    """What somebody signs with a lock's key, and the files that go with it.

    `manifest`: another one than that of the files; `signs`: another unit, whose key signs it.
    """

    key: LockKey
    unit: str
    files: Mapping[str, bytes]
    board: str = "virtual"
    version: str = "9.9.9"
    downgrade: int = 0
    room: int = 400_000
    manifest: bytes = b""
    signs: str = ""

    def but(self, **other: Any) -> "Update":
        """The same with something else in it, signed as it is then."""
        return replace(self, **other)

    def listed(self) -> bytes:
        """The manifest."""
        if self.manifest:
            return self.manifest
        return b"".join(line(path, self.files[path]) for path in sorted(self.files))

    def params(self, **other: Any) -> dict[str, Any]:
        """What it is begun with; `other`: what somebody altered since it was signed."""
        listed = self.listed()
        told = {
            "unit": self.unit,
            "board": self.board,
            "version": self.version,
            "downgrade": self.downgrade,
            "room": self.room,
            "size": len(listed),
            "manifest": hashlib.sha256(listed).hexdigest(),
        }
        header = "".join(f"{part}\n" for part in ("lockrig-update/1", *told.values()))
        key = self.key.make(self.signs or self.unit, b"lockrig1 update")
        return {**told, "tag": hmac.digest(key, header.encode(), "sha256").hex()} | other


def update_for(unit: Target, version: str = "9.9.9") -> Update:
    """The firmware that the unit runs, with a list of it that the unit hasn't."""
    assert unit.issuer is not None
    has = {
        place.removeprefix("a/"): data
        for place, data in laid_out().items()
        if place.startswith("a/")
    }
    files = {**has, "firmware.json": b'{"version": "%s"}\n' % version.encode()}
    return Update(unit.issuer.key, unit.unit_id, files, version=version)


class Carrier:
    """Somebody with a session; `call` asks in it and waits for the answer, `wait` waits."""

    def __init__(self, call: Callable[..., dict[str, Any]], wait: Callable[[], object]) -> None:
        self._call = call
        self._wait = wait

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """The unit's answer."""
        return self._call("update." + method, **params)

    def result(self, method: str, **params: Any) -> str:
        """Its word, at last: what is busy is asked again."""
        for _ in range(600):
            found = str(self.call(method, **params)["result"])
            if found != "BUSY":
                break
            self._wait()
        return found

    def piece(self, file: int, at: int, data: bytes) -> str:
        """One line of a file."""
        return self.result("write", file=file, at=at, data=base64.b64encode(data).decode())

    def write(self, file: int, data: bytes) -> str:
        """All of one file: the first word that isn't `done`."""
        found = ""
        for at, piece in pieces(data):
            found = self.piece(file, at, piece)
            if found != "done":
                break
        return found

    def begin(self, update: Update, **altered: Any) -> str:
        """The word on it; what it would be on a busy unit too."""
        return str(self.call("begin", **update.params(**altered))["result"])

    def fill(self, update: Update, *, keep: bool = True) -> str:
        """All but its end, with what the unit has from there: the first word that isn't `done`."""
        found = self.begin(update)
        if found == "done":
            found = self.write(0, update.listed())
        for number, path in enumerate(sorted(update.files), start=1):
            if found != "done":
                break
            if not keep or (found := self.result("keep", file=number)) == "DIFFERENT":
                found = self.write(number, update.files[path])
        return found

    def finish(self) -> str:
        """The word on all of it."""
        return self.result("finish")


def carrier(unit: Target) -> Carrier:
    """Somebody on the unit's own link."""
    return Carrier(
        lambda method, **params: unit.link.call(method, _FINISH_MS, **params),
        lambda: unit.bench.clock.advance(ms=_AGAIN_MS),
    )


def on_trial(unit: Target) -> bool:
    """Whether it runs on trial."""
    return unit.link.call("unit.hello")["trial"] is True


def runs(unit: Target) -> str:
    """The hash of the list of files in the slot that is in use."""
    return str(unit.link.call("update.state")["runs"])


def starts_as_before(unit: Target) -> bool:
    """Whether the next start is one of what it had."""
    had = runs(unit)
    unit.bench.reset()
    unit.bench.clock.advance(seconds=3)
    return not on_trial(unit) and runs(unit) == had


def small(update: Update) -> Update:
    """Only two files of it: nobody wants to start that."""
    names = ("board.json", "firmware.json")
    return update.but(files={name: update.files[name] for name in names})
