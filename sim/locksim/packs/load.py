"""Kinds of packs as data: the schema of `packs/*.toml`, and the packs made from it.

A file says how cells are put together, and the profile that a unit needs for such a pack.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from locksim.cells.cell import Cell
from locksim.cells.law import REFERENCE_C, Law
from locksim.cells.load import Celsius, NotNegative, Positive, cells
from locksim.datafile import BadFileError, read
from locksim.packs.live import LivePack
from locksim.packs.slot import Buffer, Slot
from lockunit.settings import KIND_DOOR, Settings

FOLDER = Path(__file__).parent
_FOR_THE_UNIT = (
    "fresh_mv",
    "soon_mv",
    "now_mv",
    "discharged_mv",
    "sag_cold",
    "sag_cool",
    "sag_hot",
)


class _Struct(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    pass


class BufferData(_Struct, frozen=True, kw_only=True):
    """A capacitor beside each cell."""

    farad: Positive
    mohm: Positive
    leak_ua: NotNegative


class Profile(_Struct, frozen=True, kw_only=True):
    """What a unit needs to know of such a pack, and when one of its cells is empty.

    The levels are of a cell under the test load at 20 C; `sag_cold`, `sag_cool` and `sag_hot` are a
    load's sag at -20, 0 and 40 C in per cent of that at 20 C. A cell is empty when it is rested, at
    20 C, and falls to `empty_mv` within a diagnostic's load of `load_ma`.
    """

    lowest_c: Celsius
    highest_c: Celsius
    fresh_mv: Annotated[int, Meta(ge=1, le=5_000)]
    soon_mv: Annotated[int, Meta(ge=1, le=5_000)]
    now_mv: Annotated[int, Meta(ge=1, le=5_000)]
    discharged_mv: Annotated[int, Meta(ge=1, le=5_000)]
    sag_cold: Annotated[int, Meta(ge=100, le=1_000)]
    sag_cool: Annotated[int, Meta(ge=100, le=1_000)]
    sag_hot: Annotated[int, Meta(ge=20, le=100)]
    empty_mv: Annotated[int, Meta(ge=1, le=5_000)]
    load_ma: Annotated[int, Meta(ge=1, le=5_000)] = 600

    def settings(self, cells: int, kind: str = KIND_DOOR) -> Settings:
        """The settings of a unit with such a pack."""
        settings = Settings(kind)
        settings.set("cells", cells)
        for name in _FOR_THE_UNIT:
            settings.set(name, getattr(self, name))
        return settings


class PackKind(_Struct, frozen=True, kw_only=True):
    """A whole file. `unsupported` says why a unit can't tell when such a pack is discharged."""

    format: Literal["lockrig-pack/1"]
    name: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=40)]
    about: str
    cell: str
    series: Annotated[int, Meta(ge=1, le=8)]
    parallel: Annotated[int, Meta(ge=1, le=8)] = 1
    taps: bool
    bypass_mv: Annotated[float, Meta(ge=100, le=1_000)] | None = None
    buffer: BufferData | None = None
    unsupported: str = ""
    profile: Profile

    def law(self) -> Law:
        """The law of its cells."""
        return cell_laws()[self.cell]

    def settings(self, kind: str = KIND_DOOR) -> Settings:
        """The settings of a unit for it; it gives no verdict on one that is unsupported."""
        settings = self.profile.settings(self.series, kind)
        if self.unsupported:
            settings.set("fresh_mv", 0)
        return settings

    def fresh(self, temp_c: float = REFERENCE_C) -> LivePack:
        """A new pack of equal cells."""
        return self.pack([self.new_cell(temp_c=temp_c) for _ in range(self.series)])

    def new_cell(
        self,
        *,
        law: Law | None = None,
        capacity: float = 1.0,
        resistance: float = 1.0,
        used: float = 0.0,
        rest_days: float = 0.0,
        temp_c: float = REFERENCE_C,
    ) -> Cell:
        """One place's cells as one; see `Cell`. `law`: of another kind than is meant for it."""
        return Cell(
            law or self.law(),
            capacity=capacity * self.parallel,
            resistance=resistance / self.parallel,
            used=used,
            rest_days=rest_days,
            temp_c=temp_c,
        )

    def pack(
        self, places: Sequence[Cell], *, polarity: Sequence[int] = (), tapped: bool | None = None
    ) -> LivePack:
        """A pack of these cells; `polarity`: 1, or -1 where one is the wrong way round."""
        return LivePack(
            (
                Slot(
                    cell,
                    polarity=polarity[place] if polarity else 1,
                    bypass_mv=self.bypass_mv,
                    buffer=self.new_buffer(),
                )
                for place, cell in enumerate(places)
            ),
            tapped=self.taps if tapped is None else tapped,
        )

    def new_buffer(self) -> Buffer | None:
        """One place's capacitor, if the kind has them."""
        if self.buffer is None:
            return None
        return Buffer(self.buffer.farad, self.buffer.mohm, self.buffer.leak_ua)


@cache
def cell_laws() -> dict[str, Law]:
    """The laws of the package's kinds of cells, by name."""
    return {name: cell.law() for name, cell in cells().items()}


def read_kind(path: Path) -> PackKind:
    """The pack file at `path`; BadFileError names file, key, value, and what is allowed."""
    kind = read(path, PackKind)
    laws = cell_laws()
    if kind.cell not in laws:
        raise BadFileError(f"{path}: cell: expected one of {', '.join(laws)}, got {kind.cell!r}")
    profile = kind.profile
    levels = [profile.fresh_mv, profile.soon_mv, profile.now_mv, profile.discharged_mv]
    if levels != sorted(levels, reverse=True):
        raise BadFileError(
            f"{path}: profile: expected fresh_mv >= soon_mv >= now_mv >= discharged_mv, "
            f"got {levels}"
        )
    if profile.sag_cold < profile.sag_cool:
        raise BadFileError(
            f"{path}: profile.sag_cold: expected at least sag_cool ({profile.sag_cool}), "
            f"got {profile.sag_cold}"
        )
    if profile.lowest_c > profile.highest_c:
        raise BadFileError(
            f"{path}: profile.lowest_c: expected at most highest_c ({profile.highest_c:g}), "
            f"got {profile.lowest_c:g}"
        )
    return kind


@cache
def kinds() -> dict[str, PackKind]:
    """The package's kinds of packs by name."""
    found = [read_kind(path) for path in sorted(FOLDER.glob("*.toml"))]
    return {kind.name: kind for kind in found}


def pack_kind(name: str) -> PackKind:
    """The kind of packs of that name; ValueError names those that there are."""
    found = kinds().get(name)
    if found is None:
        raise ValueError(f"expected a kind of pack out of {', '.join(kinds())}, got {name!r}")
    return found
