"""How a simulated world and its unit begin, and how the unit is talked to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from lockhil.client import Link, Transport
from lockhil.session.credentials import KEY_BYTES, Issuer, LockKey, Role
from lockhil.session.link import SealedLink
from locksim.packs.load import pack_kind
from locksim.packs.make import PackSpec
from locksim.world import World
from lockunit import lockkey
from lockunit.settings import KIND_DOOR, Settings

# When units without a clock were given their key: 1 January 2026.
MADE_S: Final = 1_767_225_600


@dataclass(frozen=True, slots=True)
class Options:
    """How a world and its unit begin; see `World`."""

    pack: PackSpec = "good"
    kind: str = KIND_DOOR
    relock_ms: int | None = None
    release_ms: int | None = None
    ticks_start: int = 0
    bolt: str = "locked"
    door: str = "closed"
    unit_id: str = "SIM-0001"
    temperature: int | None = 20
    supply: str = "battery"
    seed: int = 0
    # The kind of pack that the unit believes in; "": the settings that it is delivered with.
    profile: str = ""
    utc_s: int | None = None
    # What the unit finds stored at its first boot, beside what it always has.
    stored: Mapping[str, bytes] = field(default_factory=dict)
    # Whether it has a lock's key, and so works in sealed sessions alone.
    sealed: bool = False
    # In which role the link of a sealed unit opens them; "": it stays in the open.
    role: str = ""

    def __post_init__(self) -> None:
        roles = [role.name.lower() for role in Role]
        if self.role and not (self.sealed and self.role in roles):
            raise ValueError(f"expected a sealed unit, and one of {roles}, got {self.role!r}")

    def settings(self) -> Settings:
        """The settings of the unit. ValueError."""
        if self.profile:
            settings = pack_kind(self.profile).settings(self.kind)
        else:
            settings = Settings(self.kind)
        for name in ("relock_ms", "release_ms"):
            if (value := getattr(self, name)) is not None:
                settings.set(name, value)
        return settings

    def issuer(self) -> Issuer | None:
        """Who gives out credentials for the unit; None where it has no key."""
        if not self.sealed:
            return None
        return Issuer(self.unit_id, LockKey(self._key()))

    def _key(self) -> bytes:
        return self._chance("lock").randbytes(KEY_BYTES)

    def link(self, transport: Transport, issuer: Issuer | None) -> Link:
        """The link, sealed where that is asked for."""
        if not self.role or issuer is None:
            return Link(transport)
        return SealedLink(
            transport,
            issuer,
            Role[self.role.upper()],
            chance=self._chance("client").randbytes,
        )

    def found(self) -> dict[str, bytes]:
        """What the unit finds stored at its first boot."""
        issuer = self.issuer()
        if issuer is None:
            return dict(self.stored)
        made = lockkey.provisions(self._key(), issuer.epoch, self.utc_s or MADE_S)
        return dict(made) | dict(self.stored)

    def _chance(self, whose: str) -> Random:
        return Random(f"{whose} {self.seed}")  # noqa: S311 a simulation

    def world(self, settings: Settings, **more: Any) -> World:
        """The world around a unit that boots just now. ValueError."""
        return World(
            settings,
            self.pack,
            unit_id=self.unit_id,
            ticks_start=self.ticks_start,
            bolt=self.bolt,
            door=self.door,
            temperature_c=self.temperature,
            supply=self.supply,
            seed=self.seed,
            utc_s=self.utc_s,
            stored=self.found(),
            **more,
        )
