"""Times as people read and write them: kept in UTC, shown as it is here, with the zone's name.

It knows no records.
"""

import re
from datetime import UTC, datetime, timedelta

from lockrig.errors import Exit, LockrigError
from lockrig.i18n import _
from lockrig.records.record import unstamp
from lockrig.trace.terminal import safe

_DAYS = re.compile(r"([0-9]{1,5})d")


def local(when: datetime | str, *, seconds: bool = False) -> str:
    """A time (or its stamp) here, as in 2026-12-01 14:03 CET; what is no stamp as it is."""
    try:
        here = (unstamp(when) if isinstance(when, str) else when).astimezone()
    except ValueError:
        return str(when) or "?"
    # Windows has long names in its own language for zones.
    zone = here.tzname() or ""
    if not re.fullmatch(r"[A-Z]{2,5}", zone):
        zone = here.strftime("%z")
    return f"{here.strftime('%Y-%m-%d %H:%M:%S' if seconds else '%Y-%m-%d %H:%M')} {zone}"


def day(when: datetime) -> str:
    """The day here."""
    return when.astimezone().strftime("%Y-%m-%d")


def since(text: str, now: datetime) -> datetime:
    """What somebody typed: 2026-11-01, 2026-11-01T08:00 (both here), or 30d for the last 30 days.

    LockrigError (usage).
    """
    days = _DAYS.fullmatch(text)
    try:
        if days:
            return now - timedelta(days=int(days[1]))
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        told = _("expected a day like 2026-11-01 or a number of days like 30d, got {text}")
        raise LockrigError(told.format(text=safe(repr(text))), Exit.USAGE) from None
