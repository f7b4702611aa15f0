"""The kinds of channels: what sort of values each carries, for files of other formats.

What a value may be is `lockjudge.trace`'s to say; this groups channels by how to write them.
"""

from lockjudge.trace import CHANNELS

BITS = ("button", "led.green", "led.red", "load", "power")
MOTOR = "motor"
NUMBERS = ("battery.mv", "battery.ma")
UNITS = {"battery.mv": "mV", "battery.ma": "mA"}
# Words that hold until the next one, and words that happen.
STATES = ("bolt", "door", "power.source", "screen")
POINTS = ("reset", "rx", "tx", "tap")
JSON = ("answers", "note", "end")
WORDS = STATES + POINTS

# A person's taps and answers can't come out of an instrument.
FROM_INSTRUMENT = (
    *BITS,
    MOTOR,
    *NUMBERS,
    *(ch for ch in WORDS if ch not in ("tap", "screen")),
)

# What goes on all the time, so that its silence means that nobody watched.
WATCHABLE = (*BITS, MOTOR, "bolt", "door", *NUMBERS, "power.source")

assert set(CHANNELS) == {*BITS, MOTOR, *NUMBERS, *WORDS, *JSON}
