"""What a unit's own converter and dividers differ from the board's data: a gain and an offset for
each channel that was measured, stored as one file that outlives updates.

It is found by `lockrig calibrate`, at the console; here it is read, bounded and applied.
"""

import json

from lockunit.storage import checked, unchecked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lockboards.files import Files

STORED_AS = "calibration"
# A gain of one: small enough that the largest value times the largest gain stays under 2**30.
ONE = 1 << 14
EXACT = (ONE, 0)
# Parts that are off by more are broken or wrong, and no calibration makes them right: gain and
# offset, in per cent of one and of the channel's full scale.
MOST_GAIN, MOST_OFFSET = 20, 5


def fitted(value: int, fit: "tuple[int, int]") -> int:
    """The value as it would be, had the channel been exact; nothing is below 0."""
    return max(0, (value * fit[0] + ONE // 2) // ONE + fit[1])


def wrong(full: int, gain: int, offset: int) -> str:
    """What is wrong with a fit of a channel with this full scale; "" if nothing is."""
    if type(gain) is not int or type(offset) is not int:
        return "expected whole numbers"
    if abs(gain - ONE) * 100 > ONE * MOST_GAIN:
        return "gain: expected within " + str(MOST_GAIN) + " % of " + str(ONE)
    if abs(offset) * 100 > full * MOST_OFFSET:
        return "offset: expected within " + str(MOST_OFFSET) + " % of " + str(full)
    return ""


class Calibration:
    """The one of a unit: `fits` by channel, each with the full scale that it was found for.

    `refused`: why what is stored is no calibration; "" if it is one, or nothing is stored.
    """

    def __init__(self, files: "Files") -> None:
        self.fits: dict[str, tuple[int, int, int]] = {}
        self.refused = ""
        stored = files.fetch(STORED_AS)
        if stored is not None:
            try:
                self.fits = _read(stored)
            except (AttributeError, TypeError, ValueError) as error:
                self.refused = "expected fits with their checksum: " + str(error)

    def of(self, channel: str, full: int) -> "tuple[int, int] | None":
        """The fit of this channel; None if nobody knows it, so that it mustn't be used."""
        if self.refused:
            return None
        if channel not in self.fits:
            return EXACT
        found_for, gain, offset = self.fits[channel]
        if found_for != full:
            self.refused = channel + ": it was found for a full scale of " + str(found_for)
            return None
        return gain, offset


def pack(fits: "dict[str, tuple[int, int, int]]") -> bytes:
    """As it is stored: (full scale, gain, offset) by channel."""
    return checked(json.dumps(fits).encode())


def _read(stored: bytes) -> "dict[str, tuple[int, int, int]]":
    data = unchecked(stored)
    if data is None:
        raise ValueError("it isn't whole")
    fits: dict[str, tuple[int, int, int]] = {}
    for name, row in json.loads(data).items():
        full, gain, offset = row
        why = wrong(full, gain, offset)
        if why:
            raise ValueError(name + ": " + why)
        fits[name] = (full, gain, offset)
    return fits
