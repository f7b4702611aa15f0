"""Who a board is, by what it says of itself, and whether our firmware could run there.

What is on its flash, `contents` knows.
"""

from dataclasses import dataclass
from typing import Any

from lockhil.boards.onboard import IDENTIFY
from lockhil.boards.repl import NoContactError, Repl

VIRTUAL = b"\x00virtual"
# Where the drivers' `machine` is what they expect; and the oldest MicroPython with this .mpy.
PLATFORMS = ("esp32", "rp2")
OLDEST = (1, 23)
# What boards call themselves isn't always what people call them.
_NAMES = {"microbit": "BBC micro:bit", "linux": "MicroPython's unix port"}


@dataclass(frozen=True, slots=True)
class Identity:
    """What a board says of itself; None: it doesn't know.

    `mpy`: version of the .mpy files that it takes; `block`, `free`, `size` in bytes and blocks.
    """

    platform: str
    machine: str | None
    version: tuple[int, ...]
    mpy: int | None
    block: int
    free: int
    size: int
    unique_id: bytes

    @property
    def virtual(self) -> bool:
        """Whether this program runs it."""
        return self.platform == "linux" and self.unique_id == VIRTUAL

    @property
    def micropython(self) -> str:
        """Its version as text."""
        return ".".join(str(part) for part in self.version[:3])

    def __str__(self) -> str:
        if self.virtual:
            name = "a virtual board"
        else:
            name = _NAMES.get(self.platform) or self.machine or self.platform
        return f"{name}, MicroPython {self.micropython}"

    def unfit(self, mpy: int) -> str | None:
        """Why firmware compiled to .mpy files of this version can't run here; None: it can."""
        if not self.virtual and self.platform not in PLATFORMS:
            return f"expected one of {', '.join(PLATFORMS)} or a virtual board"
        if self.version[:2] < OLDEST:
            return f"expected MicroPython {OLDEST[0]}.{OLDEST[1]} or newer; install a newer one"
        if self.mpy != mpy:
            return (
                f"it takes .mpy files of version {self.mpy}, mpy-cross makes {mpy}; "
                "install the MicroPython that fits, or the mpy-cross"
            )
        return "it has no file system on /" if not self.block else None

    def as_json(self) -> dict[str, Any]:
        """For a document."""
        return {
            "name": str(self),
            "platform": self.platform,
            "machine": self.machine,
            "micropython": self.micropython,
            "mpy": self.mpy,
            "free_bytes": self.free * self.block,
            "unique_id": self.unique_id.hex(),
            "virtual": self.virtual,
        }


def identify(repl: Repl) -> Identity:
    """Ask a board who it is. NoContactError."""
    try:
        [(platform, machine, version, mpy, room, unique)] = repl.values(IDENTIFY)
        block, free, size = room or (0, 0, 0)
        # LittleFS counts shared blocks twice: nearly full, it says less than nothing.
        free = free if 0 <= free <= size else 0
        return Identity(
            platform=str(platform),
            machine=machine,
            version=tuple(part for part in version or () if isinstance(part, int)),
            mpy=None if mpy is None else mpy & 0xFF,
            block=block,
            free=free,
            size=size,
            unique_id=unique or b"",
        )
    except (ValueError, TypeError) as error:
        raise NoContactError(f"{repl.port}: the board doesn't say who it is ({error})") from None
