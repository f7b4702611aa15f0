"""This computer's time, unless it can't be right: a flat battery starts many at 1970 or 2000."""

import time
from typing import Final

from lockrig.credential.times import shown
from lockrig.errors import LockrigError
from lockrig.i18n import _

# 2026, when lockrig was made, and 2068, which no unit's clock reaches; seconds since 1970.
_EARLIEST_S: Final = 1_767_225_600
_BEYOND_S: Final = 3_092_601_600


def now_s() -> int:
    """Seconds since 1970, UTC. LockrigError: this computer's clock is wrong."""
    found = int(time.time())
    if not _EARLIEST_S <= found < _BEYOND_S:
        told = _(
            "this computer's clock shows {time}: expected 2026 to 2067. Set it, then run this again"
        )
        raise LockrigError(told.format(time=shown(found)))
    return found
