"""Somebody at a unit's door: the core in a simulated world, and a line on which harm is done."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from lockhil.client import Link, Transport
from lockhil.contact import Contact, LinkMaker
from lockhil.session.credentialfile import encode as encode_credential
from lockhil.session.credentials import Grant, Issuer, LockKey, Role
from lockhil.targets import open_target
from lockhil.targets.base import Target
from lockhil.targets.realclock import ContactLostError
from lockhil.update import sender
from lockhil.update.package import Package, encode
from lockrig import targets
from lockrig.keystore.private import write_new
from lockrig.update import procedure
from tests.lockhil.update.packages import small
from tests.lockrig.trace.samples import Ran, lockrig

# What is done to the n-th line that is sent, or to its answer.
Harm = Callable[["Door"], None]


class Line:
    """The unit's line, on which harm may be done. `lost`: what comes from the unit is dropped."""

    def __init__(self, door: "Door") -> None:
        self._door = door
        self._inner: Transport = door.unit.link.transport

    @property
    def now_ms(self) -> int:
        return self._inner.now_ms

    @property
    def contact(self) -> int:
        return self._inner.contact

    def write(self, data: bytes) -> None:
        if data != b"\n":
            self._door.sent += 1
        harm = self._door.harms.pop(self._door.sent, None)
        if harm is not None:
            harm(self._door)
        if not self._door.deaf:
            self._inner.write(data)

    def read(self, timeout_ms: int) -> tuple[int, bytes] | None:
        came = self._inner.read(timeout_ms)
        if came is not None and self._door.mute:
            self._door.mute = False
            return None
        return came


class Door:
    """A unit at its door, and who stands there. `harms`: by the number of a line that is sent."""

    def __init__(self, unit: Target, folder: Path) -> None:
        self.unit, self.folder = unit, folder
        self.harms: dict[int, Harm] = {}
        self.sent = 0
        self.deaf = self.mute = False
        self.slots = unit.bench.world.slots  # type: ignore[attr-defined]
        self.issuer = unit.issuer or Issuer(unit.unit_id, LockKey(bytes(32)))
        self.key = self.issuer.key
        self.credential = self.held(Role.SERVICE)

    def held(self, role: Role) -> Path:
        """A credential's file."""
        path = self.folder / role.name
        if not path.exists():
            grant = Grant(1, b"S-1".ljust(16, b"\0"), role, 0, 0xFFFFFFFF)
            write_new(path, encode_credential(self.key.credential(self.unit.unit_id, grant)))
        return path

    def package(self, version: str = "0.2.0", **other: Any) -> Package:
        """One for this unit."""
        return small(version, self.unit.unit_id, **({"key": self.key} | other))

    def update(self, package: Package, *words: object) -> Ran:
        """Run the command."""
        path = self.folder / "it.update"
        path.write_bytes(encode(package))
        credential = () if "--credential" in words else ("--credential", self.credential)
        return lockrig("update", "serial:it", path, *credential, *words)

    def has(self, package: Package) -> bool:
        """Whether it is in use, and nothing is on trial."""
        return self.slots.files(self.slots.in_use) == package.files and self.slots.trial is None


@contextmanager
def at_a_door(folder: Path, **options: Any) -> Iterator[Door]:
    """Somebody there."""
    with (
        open_target("sim", **({"sealed": True} | options)) as unit,
        pytest.MonkeyPatch.context() as patch,
    ):
        clock = unit.bench.clock
        clock.advance(seconds=2)
        door = Door(unit, folder)

        @contextmanager
        def opened(name: str, make_link: LinkMaker = Link) -> Iterator[Contact]:
            if door.deaf:
                raise ContactLostError("can't open it")
            yield Contact(name, "virtual", 0, make_link(Line(door), 10_000 * door.sent))

        times = SimpleNamespace(
            monotonic=lambda: clock.now_ms / 1_000,
            sleep=lambda seconds: clock.advance(ms=int(seconds * 1_000)),
        )
        patch.setattr(targets, "open_contact", opened)
        patch.setattr(procedure, "time", times)
        patch.setattr(sender, "time", times)
        yield door


def cut_the_answer(door: Door) -> None:
    """One answer gets lost."""
    door.mute = True


def lose_contact(door: Door) -> None:
    """The line breaks as somebody sends."""
    raise ContactLostError("it broke")


def restart(door: Door) -> None:
    """The unit starts anew."""
    door.unit.bench.reset()


def cut_power(door: Door) -> None:
    """Its power goes for a while."""
    door.unit.bench.power_cut(3_000)


def interrupt(door: Door) -> None:
    """Ctrl-C."""
    raise KeyboardInterrupt


def gone(door: Door) -> None:
    """Contact is lost for good."""
    door.deaf = True
