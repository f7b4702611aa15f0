"""When a credential begins and ends: days or moments as people write them, to seconds.

Without a zone it is the time of this computer.
"""

import datetime
import re

import click

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def seconds(text: str, *, end: bool) -> int:
    """Seconds since 1970; a day alone begins, or ends with its last second. BadParameter."""
    try:
        moment = datetime.datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.astimezone()
        if end and _DAY.fullmatch(text):
            day = datetime.date.fromisoformat(text) + datetime.timedelta(days=1)
            moment = datetime.datetime.combine(day, datetime.time()).astimezone()
            return int(moment.timestamp()) - 1
        return int(moment.timestamp())
    except (ValueError, OverflowError, OSError):
        raise click.BadParameter(
            f"expected a day as 2027-01-31, or a moment as 2027-01-31T17:30, got {text!r:.40}"
        ) from None


def shown(time_s: int) -> str:
    """For the eye, in UTC."""
    moment = datetime.datetime.fromtimestamp(time_s, datetime.UTC)
    return moment.strftime("%Y-%m-%d %H:%M:%SZ")
