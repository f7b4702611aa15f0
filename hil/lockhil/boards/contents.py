"""What is on a board's flash, as the board itself hashes it: ours, the unit's and others'.

A manifest tells what was put there once; only what was hashed counts.
"""

from dataclasses import dataclass, field

from lockhil.boards import onboard
from lockhil.boards.firmware import (
    BESIDE,
    BOARD,
    BOOT,
    FOLDERS,
    MAIN,
    MANIFEST,
    SETTINGS,
    UNIT,
    Manifest,
    read_manifest,
)
from lockhil.boards.repl import Repl
from lockunit.lockkey import STORED_AS

_LONGEST_MANIFEST = 16_384
_LONGEST_ID = 32
_LONGEST_BOOT = 4_096
_SINGLE = (MAIN, BOOT, BOARD, MANIFEST, UNIT, SETTINGS)
# What a board would import in place of ours: it looks into its root first.
_SHADOWS = ("lockunit", "lockboards", "lockunit.py", "lockboards.py", "lockunit.mpy")


@dataclass(frozen=True, slots=True)
class Contents:
    """Sizes and sha256 by path, of what we might touch; `unit` is the label, None: blank.

    `version`: what the board would run, `where` the file it would take it from. `boot_idle`: its
    boot.py does nothing. `production`: it has a lock's key, so its console closes again.
    """

    sha256: dict[str, str]
    sizes: dict[str, int]
    manifest: Manifest | None = None
    beside: Manifest | None = None
    damaged: bool = False
    unit: str | None = None
    version: str | None = None
    where: str = ""
    boot_idle: bool = True
    production: bool = False
    shadows: list[str] = field(default_factory=list)

    @property
    def left(self) -> list[str]:
        """What an interrupted run wrote beside."""
        return [place for place in self.sha256 if place.endswith(BESIDE)]


def look(repl: Repl) -> Contents:
    """Read and hash; nothing is changed. BoardError, NoContactError."""
    repl.run(onboard.PREPARE)
    rows = repl.values(onboard.hash_files([*_SINGLE, *(place + BESIDE for place in _SINGLE)]))
    for folder in FOLDERS:
        rows += repl.values(onboard.hash_folder(folder.rstrip("/")))
    hashes = {place: digest for place, _, digest in rows}
    sizes = {place: size for place, size, _ in rows}
    manifest = _manifest(repl, MANIFEST, sizes)
    [version] = repl.values(onboard.VERSION)
    [root] = repl.values(onboard.names("/"))
    [data] = repl.values(onboard.names("/data"))
    return Contents(
        sha256=hashes,
        sizes=sizes,
        manifest=manifest,
        beside=_manifest(repl, MANIFEST + BESIDE, sizes),
        damaged=MANIFEST in sizes and manifest is None,
        unit=_label(repl) if UNIT in sizes else None,
        version=version[0],
        where=version[1],
        boot_idle=BOOT not in sizes or _idle(repl),
        production=STORED_AS in data,
        shadows=[f"/{name}" for name in root if name in _SHADOWS],
    )


def hashed(repl: Repl, places: list[str]) -> dict[str, str]:
    """The sha256 of each of these files that is there. BoardError, NoContactError."""
    found: dict[str, str] = {}
    for at in range(0, len(places), 16):
        rows = repl.values(onboard.hash_files(places[at : at + 16]))
        found |= {place: digest for place, _, digest in rows}
    return found


def _manifest(repl: Repl, place: str, sizes: dict[str, int]) -> Manifest | None:
    if place not in sizes or sizes[place] > _LONGEST_MANIFEST:
        return None
    [content] = repl.values(onboard.content(place, _LONGEST_MANIFEST))
    return read_manifest(content)


def _label(repl: Repl) -> str | None:
    [content] = repl.values(onboard.content(UNIT, _LONGEST_ID))
    return content.decode("utf-8", "backslashreplace") or None


def _idle(repl: Repl) -> bool:
    """Comments only, as a board's maker ships it."""
    [content] = repl.values(onboard.content(BOOT, _LONGEST_BOOT))
    lines = [line.strip() for line in content.splitlines()]
    return len(content) < _LONGEST_BOOT and all(not li or li.startswith(b"#") for li in lines)
