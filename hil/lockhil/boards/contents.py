"""What is on a board's flash, as the board itself hashes it: ours, the unit's and others'.

A manifest tells what was put there once; only what was hashed counts.
"""

from dataclasses import dataclass, field

from lockhil.boards import onboard
from lockhil.boards.firmware import (
    BESIDE,
    BOOT,
    FORMER,
    FORMER_FILES,
    FORMER_FOLDERS,
    MAIN,
    MANIFEST,
    MARK,
    SETTINGS,
    SLOT,
    SLOTS,
    TRIAL,
    UNIT,
    Manifest,
    read_manifest,
)
from lockhil.boards.repl import Repl
from lockunit.lockkey import STORED_AS

_LONGEST_MANIFEST = 16_384
_LONGEST_ID = 32
_LONGEST_BOOT = 4_096
_SINGLE = (MAIN, BOOT, UNIT, SETTINGS, SLOT, TRIAL)


@dataclass(frozen=True, slots=True)
class Contents:
    """Sizes and sha256 by path, of what we might touch; `unit` is the label, None: blank.

    `used`: the slot that boot.py takes for the one in use. `home`: where the firmware lies that
    runs if no trial does: there, in /lib (before there were slots), or None: nowhere. `version`:
    what it is, `manifest`: what was told of it; `manifests`: all that can be read, `damaged`: one
    can't. `boot_idle`: its boot.py does nothing. `production`: it has a lock's key, so its console
    closes again.
    """

    sha256: dict[str, str]
    sizes: dict[str, int]
    used: str = SLOTS[0]
    home: str | None = None
    manifests: dict[str, Manifest] = field(default_factory=dict)
    damaged: bool = False
    unit: str | None = None
    version: str | None = None
    boot_idle: bool = True
    production: bool = False

    @property
    def manifest(self) -> Manifest | None:
        """That of the firmware in use."""
        return self.manifests.get(self.home or "")

    def under(self, folder: str) -> list[str]:
        """The files there, at any depth."""
        return [place for place in self.sha256 if place.startswith(f"{folder}/")]


def look(repl: Repl) -> Contents:
    """Read and hash; nothing is changed. BoardError, NoContactError."""
    repl.run(onboard.PREPARE)
    single = [*_SINGLE, *(place + BESIDE for place in _SINGLE), *FORMER_FILES]
    rows = repl.values(onboard.hash_files(single))
    for folder in (*SLOTS, *FORMER_FOLDERS):
        rows += repl.values(onboard.hash_folder(folder))
    hashes = {place: digest for place, _, digest in rows}
    sizes = {place: size for place, size, _ in rows}
    used = SLOTS[1] if SLOT in sizes and _content(repl, SLOT, 3) == b"b" else SLOTS[0]
    starts = [at for at in (used, FORMER) if f"{at}/{MARK}" in hashes]
    home = starts[0] if starts else None
    told = {FORMER: FORMER_FILES[1], **{slot: f"{slot}/{MANIFEST}" for slot in SLOTS}}
    there = {at: place for at, place in told.items() if place in sizes}
    read = {at: _manifest(repl, place, sizes[place]) for at, place in there.items()}
    manifests = {at: manifest for at, manifest in read.items() if manifest is not None}
    return Contents(
        sha256=hashes,
        sizes=sizes,
        used=used,
        home=home,
        manifests=manifests,
        damaged=home in there and home not in manifests,
        unit=_label(repl) if UNIT in sizes else None,
        version=repl.values(onboard.version(home))[0] if home is not None else None,
        boot_idle=BOOT not in sizes or _idle(repl),
        production=STORED_AS in repl.values(onboard.names("/data"))[0],
    )


def hashed(repl: Repl, places: list[str]) -> dict[str, str]:
    """The sha256 of each of these files that is there. BoardError, NoContactError."""
    found: dict[str, str] = {}
    for at in range(0, len(places), 16):
        rows = repl.values(onboard.hash_files(places[at : at + 16]))
        found |= {place: digest for place, _, digest in rows}
    return found


def hashed_slot(repl: Repl, slot: str) -> dict[str, str]:
    """The sha256 of all that lies there. BoardError, NoContactError."""
    return {place: digest for place, _, digest in repl.values(onboard.hash_folder(slot))}


def _content(repl: Repl, place: str, longest: int) -> bytes:
    [content] = repl.values(onboard.content(place, longest))
    assert isinstance(content, bytes)
    return content


def _manifest(repl: Repl, place: str, size: int) -> Manifest | None:
    if size > _LONGEST_MANIFEST:
        return None
    return read_manifest(_content(repl, place, _LONGEST_MANIFEST))


def _label(repl: Repl) -> str | None:
    return _content(repl, UNIT, _LONGEST_ID).decode("utf-8", "backslashreplace") or None


def _idle(repl: Repl) -> bool:
    """Comments only, as a board's maker ships it."""
    content = _content(repl, BOOT, _LONGEST_BOOT)
    lines = [line.strip() for line in content.splitlines()]
    return len(content) < _LONGEST_BOOT and all(not li or li.startswith(b"#") for li in lines)
