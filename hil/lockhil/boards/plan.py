"""What a flash would do to a board, or why it is refused: a pure function of what is on it.

It touches no board.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lockhil.boards.contents import Contents
from lockhil.boards.firmware import (
    BESIDE,
    BOOT,
    DATA,
    FOLDERS,
    MAIN,
    SETTINGS,
    UNIT,
    Firmware,
    sha256,
    version_key,
)
from lockhil.boards.identity import Identity
from lockunit.settings import KINDS, Settings

LABEL = re.compile(r"[A-Z0-9-]{1,16}")
# Which of boards/*.json a platform's begin with.
_PREFIXES = {"esp32": ("esp32",), "rp2": ("rp2", "pico")}
# Blocks that LittleFS wants for a folder, and to breathe.
_FOLDER_BLOCKS, _SPARE_BLOCKS = 2, 4


class RefusedError(Exception):
    """This firmware isn't put on this board; the message says why, and what would help."""


class MissingError(Exception):
    """It can't be done without a word from the user; the message says which."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user said; None and False: nothing."""

    unit: str | None = None
    kind: str | None = None
    board: str | None = None
    adopt: bool = False
    downgrade: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be on the board (`files`, the manifest last) and the way there.

    `put`: what differs, to be taken into use; `copy`: what of it isn't on the board yet; `remove`:
    ours that the firmware lacks, and leftovers; `keep`: somebody else's, to go aside.
    """

    files: dict[str, bytes]
    put: list[str]
    copy: list[str]
    remove: list[str]
    board: str
    before: str | None
    version: str
    keep: list[str]

    @property
    def up_to_date(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.put or self.remove)

    @property
    def size(self) -> int:
        """Bytes to copy."""
        return sum(len(self.files[place]) for place in self.copy)


def make_plan(who: Identity, found: Contents, firmware: Firmware, wishes: Wishes) -> Plan:
    """RefusedError; MissingError where the user has to say more."""
    _refuse_unfit(who, found, firmware, wishes)
    board = _board(who, found, firmware, wishes)
    files = {**_unit_files(found, wishes), **firmware.with_board(board)}
    put = [place for place in files if found.sha256.get(place) != sha256(files[place])]
    copy = [p for p in put if found.sha256.get(p + BESIDE) != sha256(files[p])]
    _refuse_full(who, files, copy)
    return Plan(
        files=files,
        put=put,
        copy=copy,
        remove=_leftovers(found, files, put),
        board=board,
        before=_before(found),
        version=firmware.version,
        keep=[p for p in (MAIN, BOOT) if p in put and _foreign(found, firmware, p)],
    )


def _refuse_unfit(who: Identity, found: Contents, firmware: Firmware, wishes: Wishes) -> None:
    if found.shadows:
        raise RefusedError(
            f"{found.shadows[0]} on the board would be run in place of the firmware in /lib; "
            "remove it (mpremote), and run again"
        )
    for place in (MAIN, BOOT):
        idle = place == BOOT and found.boot_idle
        if _foreign(found, firmware, place) and not idle and not wishes.adopt:
            what = "and its manifest is damaged" if found.damaged else "and no manifest of ours"
            raise RefusedError(
                f"there is somebody else's {place} on {who} {what}; "
                f"--adopt puts the firmware there (the old file is kept as {place}.old)"
            )
    before = _before(found)
    newer = before is not None and version_key(before) > version_key(firmware.version)
    if newer and not wishes.downgrade:
        raise RefusedError(
            f"the board has firmware {before}, newer than {firmware.version}; "
            "--downgrade puts the older one there"
        )


def _foreign(found: Contents, firmware: Firmware, place: str) -> bool:
    """Whether there is such a file, and neither a manifest nor this firmware knows it."""
    if place not in found.sha256:
        return False
    if found.manifest is not None or found.sha256[place] == sha256(firmware.files[place]):
        return False
    # A run that was cut just before its manifest was in place.
    return found.beside is None or found.beside.files.get(place) != found.sha256[place]


def _before(found: Contents) -> str | None:
    """The newest version that the board's files or its manifest tell of."""
    told = [found.version, found.manifest and found.manifest.version]
    return max((version for version in told if version), key=version_key, default=None)


def _board(who: Identity, found: Contents, firmware: Firmware, wishes: Wishes) -> str:
    names = firmware.board_names()
    fitting = [name for name in names if _fits(who, name)]
    if wishes.board is not None:
        if wishes.board not in fitting:
            raise RefusedError(
                f"--board {wishes.board}: expected one of {_list(fitting)} for {who}; "
                "data of another board go into lockboards/boards"
            )
        return wishes.board
    if found.manifest is not None and found.manifest.board in fitting:
        return found.manifest.board
    if not fitting:
        raise RefusedError(
            f"there is no data for {who} (which pin is which), only for {_list(names)}; "
            "write it to lockboards/boards in a copy of firmware/, and give --firmware"
        )
    if len(fitting) > 1:
        raise MissingError(f"{who} could be one of {_list(fitting)}; give --board")
    return fitting[0]


def _fits(who: Identity, board: str) -> bool:
    if who.virtual or board == "virtual":
        return who.virtual and board == "virtual"
    return board.startswith(_PREFIXES[who.platform])


def _list(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"


def _unit_files(found: Contents, wishes: Wishes) -> dict[str, bytes]:
    """What a blank board is told of the unit; a unit's own data are never touched."""
    if wishes.unit is not None and not LABEL.fullmatch(wishes.unit):
        raise MissingError(f"--unit: expected at most 16 of A-Z, 0-9 and -, got {wishes.unit!r}")
    if found.unit is not None:
        if wishes.unit not in (None, found.unit):
            raise RefusedError(
                f"the board is the unit {found.unit}, not {wishes.unit}, and keeps its label; "
                "is it the right port?"
            )
        return {}
    if wishes.unit is None or wishes.kind is None:
        raise MissingError(
            "the board belongs to no unit yet: give its label, --unit (at most 16 of A-Z, 0-9 "
            f"and -), and its kind of lock, --kind ({', '.join(KINDS)})"
        )
    files = {UNIT: wishes.unit.encode()}
    if SETTINGS not in found.sha256:
        files[SETTINGS] = Settings(wishes.kind).encode()
    return files


def _leftovers(found: Contents, files: dict[str, bytes], put: list[str]) -> list[str]:
    """Ours to remove: what the firmware lacks, and what lies beside for nothing."""
    ours = [place for place in found.sha256 if place.startswith(FOLDERS) and place not in files]
    beside = [place for place in found.left if not place.startswith(DATA)]
    return [p for p in sorted({*ours, *beside}) if p.removesuffix(BESIDE) not in put]


def _refuse_full(who: Identity, files: dict[str, bytes], copy: list[str]) -> None:
    blocks = sum(-(-len(files[place]) // who.block) for place in copy)
    blocks += _FOLDER_BLOCKS * len({place.rpartition("/")[0] for place in copy} - {""})
    if copy and blocks + _SPARE_BLOCKS > who.free:
        raise RefusedError(
            f"the board has {who.free * who.block // 1024} KB free, the copy beside needs "
            f"{(blocks + _SPARE_BLOCKS) * who.block // 1024} KB; remove files that aren't ours"
        )
