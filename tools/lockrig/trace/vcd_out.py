"""A trace as a VCD file, for waveform viewers (GTKWave, PulseView).

It draws nothing, and loses nothing: `vcd_in` reads the same events back.

The timescale is 1 ms. Bits are wires; `motor` is 2 bits in two's complement (01 forward, 11 back);
millivolts and milliamperes are reals, NaN where the reading failed; words are strings. What stands
under `$dumpvars` is a blank: nothing had been seen yet.
"""

import json
import math
from typing import Any, TextIO

from vcd import VCDWriter
from vcd.writer import Variable

from lockjudge.trace import Event, Trace
from lockrig.trace.channels import BITS, JSON, MOTOR, NUMBERS
from lockrig.trace.files import refuse

MARK = "lockrig-trace"
_LEGEND = "1 ms; motor: 01 forward, 00 off, 11 back; nan: no reading; under dumpvars: not seen yet"
# Every integer up to here is a double of its own, and survives the writer's 16 digits.
_REAL_MAX = 10**15


def _one_word(value: object) -> str:
    """JSON without a blank or a dollar, so that no comment ends early."""
    text = json.dumps(value, separators=(",", ":"), allow_nan=False)
    return text.replace(" ", "\\u0020").replace("$", "\\u0024")


def encode(channel: str, value: Any) -> int | float | str:
    """A value as the VCD writer wants it; ValueError if VCD can't hold it."""
    if channel in JSON:
        return json.dumps(value, separators=(",", ":"), allow_nan=False)
    if channel in NUMBERS:
        if value is None:
            return math.nan
        if abs(value) > _REAL_MAX:
            raise ValueError(f"{value} is no reading")
        return float(value)
    if isinstance(value, str):
        # Plain words stay plain to the eye; an empty string would mean "not seen yet".
        plain = value and value.isascii() and value.isprintable() and not value.startswith('"')
        return value if plain else json.dumps(value)
    assert isinstance(value, int)
    return value


def _register(writer: VCDWriter, channel: str) -> "Variable[Any]":
    if channel in BITS:
        return writer.register_var("lockrig", channel, "wire", size=1, init="z")
    if channel == MOTOR:
        return writer.register_var("lockrig", channel, "wire", size=2, init="z")
    if channel in NUMBERS:
        return writer.register_var("lockrig", channel, "real", init=math.nan)
    return writer.register_var("lockrig", channel, "string", init="")


def seen(trace: Trace) -> list[Event]:
    """The events to export: all, but no `end` of a trace that is broken after it.

    A viewer's file has no room for the defect: without an end, nobody takes it for a whole one.
    """
    return [event for event in trace.events if trace.defect is None or event.ch != "end"]


def write_vcd(out: TextIO, trace: Trace) -> None:
    """Write `trace` to `out`; LockrigError if a value doesn't fit into a VCD file."""
    events = seen(trace)
    t0_ms = min(0, events[0].t_ms) if events else 0
    try:
        origin = _one_word({"header": trace.header, "t0_ms": t0_ms})
        writer = VCDWriter(
            out, timescale="1 ms", date="", version="lockrig", comment=f"{_LEGEND}\n{MARK} {origin}"
        )
        channels = dict.fromkeys(event.ch for event in events)
        variables = {channel: _register(writer, channel) for channel in channels}
        # Writes the blanks, so that the first events stand on their own even at time 0.
        writer.flush()
        for event in events:
            variable = variables[event.ch]
            # The writer skips a value that stands already, but a second reset is a second reset.
            variable.value = None
            writer.change(variable, event.t_ms - t0_ms, encode(event.ch, event.v))
        writer.close(events[-1].t_ms - t0_ms if events else None)
    except ValueError as error:
        raise refuse(f"a VCD file can't hold this trace: {error}; export it with --csv") from None
