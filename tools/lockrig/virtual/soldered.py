"""What is soldered to a virtual board: its own data, and a converter that may be off."""

import json
import re
from typing import Any

from lockhil.firmware import wiring_file
from lockrig.errors import Exit, LockrigError

HELP = "Let its converter be off: tap1=1050,-30 reads 5 % more, less 30 mV; see calibrate."


def wiring(off: tuple[str, ...]) -> dict[str, Any]:
    """`off`: words as HELP has them. LockrigError."""
    told: dict[str, Any] = json.loads(wiring_file().read_text(encoding="utf-8"))
    pins = {f"tap{n}": told["taps"][f"pin{n}"] for n in range(1, told["taps"]["count"] + 1)}
    for word in off:
        found = re.fullmatch(r"(tap\d)=(\d{3,4}),(-?\d{1,4})", word)
        if found is None or found[1] not in pins:
            raise LockrigError(
                f"--off: expected one of {', '.join(pins)}, =, a gain in thousandths and an offset "
                f"in mV, like tap1=1050,-30, got {word!r}",
                Exit.USAGE,
            )
        told.setdefault("off", {})[str(pins[found[1]])] = [int(found[2]), int(found[3])]
    return told
