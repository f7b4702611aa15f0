"""Packs by what a caller has: a name, pairs of numbers, or a pack that is there already."""

from collections.abc import Iterable

from locksim.packs.fixed import PACKS, FixedCell, FixedPack
from locksim.packs.load import kinds
from locksim.packs.source import Source

UNTAPPED = "_untapped"

PackSpec = str | Iterable[tuple[int, int]] | Source


def make_pack(spec: PackSpec, *, tapped: bool = True) -> Source:
    """A pack by name, from (mV, mohm) pairs, or `spec` itself where it is one.

    A name is one of `PACKS`, one of those + `_untapped`, or of a live pack's file (then it is fresh
    at time 0). ValueError names those that there are.
    """
    if not isinstance(spec, str):
        if isinstance(spec, Iterable):
            return FixedPack((FixedCell(*cell) for cell in spec), tapped=tapped)
        return spec
    name = spec.removesuffix(UNTAPPED)
    if name in PACKS:
        cells = (FixedCell(*cell) for cell in PACKS[name])
        return FixedPack(cells, tapped=tapped and name == spec)
    live = kinds()
    if spec not in live:
        known = ", ".join([*PACKS, *live])
        raise ValueError(f"expected a pack out of {known} (the first + {UNTAPPED}), got {spec!r}")
    return live[spec].fresh()
