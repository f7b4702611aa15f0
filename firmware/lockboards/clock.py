"""The board's clock as the core wants it: ticks as a plain integer."""

from time import ticks_ms


def now() -> int:
    """Milliseconds with a period of 2**30."""
    ticks: int = ticks_ms()  # type: ignore[assignment] # the stubs keep ticks a type of their own
    return ticks
