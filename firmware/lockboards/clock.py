"""The board's clocks as the core wants them: ticks as a plain integer, the calendar in seconds."""

from time import ticks_ms

from machine import RTC

# A clock that nobody set shows 2000, 2015 or 2021, according to the port.
_SET_SINCE = 2024
_BEFORE_MONTH = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)


def now() -> int:
    """Milliseconds with a period of 2**30."""
    ticks: int = ticks_ms()  # type: ignore[assignment] # the stubs keep ticks a type of their own
    return ticks


def utc() -> int:
    """Seconds since 1970; 0 while nobody has set the clock.

    Not from `time.time()`: ports count that from different years.
    """
    year, month, day, _, hour, minute, second, _ = RTC().datetime()
    if year < _SET_SINCE:
        return 0
    leaps = (year - 1969) // 4 + _leap_day(year, month)
    days = (year - 1970) * 365 + leaps + _BEFORE_MONTH[month - 1] + day - 1
    seconds: int = ((days * 24 + hour) * 60 + minute) * 60 + second
    return seconds


def set_utc(seconds: int) -> None:
    """Set the clock to so many seconds since 1970."""
    days, second = divmod(seconds, 86_400)
    year = 1970
    while days >= _days(year):
        days -= _days(year)
        year += 1
    month = 12
    while days < _BEFORE_MONTH[month - 1] + _leap_day(year, month):
        month -= 1
    day = days - _BEFORE_MONTH[month - 1] - _leap_day(year, month) + 1
    # The day of the week nobody reads; ports work it out, or keep what they are given.
    RTC().datetime((year, month, day, 0, second // 3_600, second // 60 % 60, second % 60, 0))


def _leap_day(year: int, month: int) -> int:
    """Whether a 29th of February comes before this month."""
    return 1 if year % 4 == 0 and month > 2 else 0


def _days(year: int) -> int:
    return 365 + _leap_day(year, 12)
