"""Lines of the link as a trace holds them: what they say, and the bytes that they were.

A trace holds text, shortened where a line was long; what it doesn't hold can't be sent again.
"""

import json
import re
from typing import Any

from lockjudge.trace import Event

# How `locksim.recorder` cuts a line, and what is still sent again.
_CUT = re.compile(r"(.{1024,}) \.\.\. and (\d{1,12}) bytes more", re.DOTALL)
_MOST = 2**24


class CantReplayError(Exception):
    """A stimulus that no bench knows; the message names it and when it came."""


def is_boot(event: Event) -> bool:
    """Whether the unit says in this line that it started."""
    return event.ch == "tx" and message(event.v).get("method") == "unit.boot"


def message(line: str) -> dict[str, Any]:
    """The JSON object in a line; an empty one if it is none."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def sent(line: str, t_ms: int) -> bytes:
    """The bytes that were sent; of a long line the instrument kept the beginning and the length."""
    try:
        line.encode()
    except UnicodeEncodeError:
        raise CantReplayError(f"at {t_ms} ms rx is no text that could be sent") from None
    cut = _CUT.fullmatch(line)
    if cut is None:
        return line.encode() + b"\n"
    more = int(cut[2])
    if more > _MOST:
        raise CantReplayError(f"at {t_ms} ms rx is a line of {more} bytes: too long to send")
    # A unit takes in no line that long: what stands in its rest makes no difference.
    return cut[1].encode() + b"x" * more + b"\n"
