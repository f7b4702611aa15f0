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
    """What is to be on the board (`files`) and the way there, in this order.

    `remove`: a trial that is over with this, leftovers, and what is in the way in `slot`; then what
    goes there, by `clone` from another place on the board, or by `copy` over the line; then `put`:
    what is written beside and renamed, of which `keep` is somebody else's, to go aside. `trial`:
    another firmware stays in use until this one was seen to run; without one there is none yet.
    """

    files: dict[str, bytes]
    slot: str
    remove: list[str]
    clone: dict[str, str]
    copy: list[str]
    put: list[str]
    keep: list[str]
    trial: bool
    board: str
    before: str | None
    version: str

    @property
    def up_to_date(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.clone or self.copy or self.put or self.remove or self.trial)

    @property
    def in_slot(self) -> dict[str, bytes]:
        """What the slot is to hold, and nothing else."""
        return {p: data for p, data in self.files.items() if p.startswith(f"{self.slot}/")}

    @property
    def changes(self) -> list[str]:
        """What of that isn't there yet, in the order in which it is written."""
        return [p for p in self.in_slot if p in self.clone or p in self.copy]

    @property
    def size(self) -> int:
        """Bytes to copy over the line."""
        return sum(len(self.files[place]) for place in (*self.copy, *self.put))


def make_plan(who: Identity, found: Contents, firmware: Firmware, wishes: Wishes) -> Plan:
    """RefusedError; MissingError where the user has to say more."""
    _refuse_unfit(who, found, firmware, wishes)
    board = _board(who, found, firmware, wishes)
    slot = _slot(found, firmware.in_slot(found.used, board))
    lies = firmware.in_slot(slot, board)
    rest = {**_unit_files(found, wishes), **firmware.root}
    differs = [p for p in lies if found.sha256.get(p) != sha256(lies[p])]
    gone = [p for p in found.under(slot) if p not in lies or p in differs]
    # What shows that there is a firmware goes first.
    gone.sort(key=lambda p: p not in (f"{slot}/{MANIFEST}", f"{slot}/{MARK}"))
    clone = _clones(found, slot, {p: lies[p] for p in differs})
    put = [p for p in rest if found.sha256.get(p) != sha256(rest[p])]
    plan = Plan(
        files={**lies, **rest},
        slot=slot,
        remove=[*_leftovers(found), *gone],
        clone=clone,
        copy=[p for p in differs if p not in clone],
        put=put,
        keep=[p for p in (MAIN, BOOT) if p in put and _foreign(found, firmware, p)],
        trial=found.home is not None and slot != found.home,
        board=board,
        before=_before(found),
        version=firmware.version,
    )
    _refuse_full(who, found, plan)
    return plan


def _slot(found: Contents, wanted: dict[str, bytes]) -> str:
    """Where the firmware is to lie: in the slot in use if it is that already, or nothing is."""
    there = {place: found.sha256[place] for place in found.under(found.used)}
    if found.home is None or there == {place: sha256(data) for place, data in wanted.items()}:
        return found.used
    return next(slot for slot in SLOTS if slot != found.used)


def _clones(found: Contents, slot: str, wanted: dict[str, bytes]) -> dict[str, str]:
    """What of it lies in another place on the board, and where."""
    others = [*found.under(found.used), *found.under(FORMER)] if found.used != slot else []
    held = {found.sha256[place]: place for place in others}
    places = ((place, held.get(sha256(data))) for place, data in wanted.items())
    return {place: source for place, source in places if source is not None}


def _refuse_unfit(who: Identity, found: Contents, firmware: Firmware, wishes: Wishes) -> None:
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
    ours = {manifest.root.get(place) for manifest in found.manifests.values()}
    return place in found.sha256 and found.sha256[place] not in {
        *ours,
        sha256(firmware.root[place]),
    }


def _before(found: Contents) -> str | None:
    """The newest version that the board's files or its manifest tell of."""
    told = [found.version, found.manifest and found.manifest.version]
    return max((version for version in told if version), key=version_key, default=None)


def _board(who: Identity, found: Contents, firmware: Firmware, wishes: Wishes) -> str:
    names = firmware.board_names()
    fitting = [name for name in names if _fits(who, name, firmware.chip(name))]
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


def _fits(who: Identity, board: str, chip: str | None) -> bool:
    if who.virtual or board == "virtual":
        return who.virtual and board == "virtual"
    # MicroPython ends its word for a board so: "Raspberry Pi Pico W with RP2040".
    _, says, on_board = (who.machine or "").rpartition(" with ")
    if says and chip is not None and on_board != chip:
        return False
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
    # The label last: a board that has it is asked for nothing more.
    files = {} if SETTINGS in found.sha256 else {SETTINGS: Settings(wishes.kind).encode()}
    return {**files, UNIT: wishes.unit.encode()}


def _leftovers(found: Contents) -> list[str]:
    """What is to go before anything else: a trial, what was left beside, the layout of before."""
    beside = [place + BESIDE for place in (SLOT, TRIAL, BOOT, MAIN)]
    gone = [place for place in (TRIAL, *beside) if place in found.sha256]
    if found.home != FORMER:
        former = [place for folder in FORMER_FOLDERS for place in found.under(folder)]
        gone += [place for place in (*former, *FORMER_FILES) if place in found.sha256]
    return gone


def _refuse_full(who: Identity, found: Contents, plan: Plan) -> None:
    new = [*plan.clone, *plan.copy, *plan.put]
    blocks = sum(-(-len(plan.files[place]) // who.block) for place in new)
    folders = {place.rpartition("/")[0] for place in new}
    blocks += _FOLDER_BLOCKS * sum(not found.under(folder) for folder in folders - {""})
    free = who.free + sum(-(-found.sizes.get(place, 0) // who.block) for place in plan.remove)
    if new and blocks + _SPARE_BLOCKS > free:
        raise RefusedError(
            f"the board has {free * who.block // 1024} KB free, the other slot needs "
            f"{(blocks + _SPARE_BLOCKS) * who.block // 1024} KB; remove files that aren't ours"
        )
