"""What happens to a lock on a day of its life, as data: the schema and its rules.

When and what alone; `hands` does it.
"""

from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

# What happens -> the keys that it takes beside its time.
KEYS: dict[str, tuple[str, ...]] = {
    "diagnose": (),
    "jam": ("place",),
    "clear": (),
    "radio": ("ua",),
    "pack": ("used", "resistance", "rest_days", "role"),
    "reset": ("cause", "times", "every_s", "in_motor_run"),
    "rest": ("for_days",),
    "usb": ("for_hours",),
}
NEEDED = {"jam": "place", "radio": "ua", "rest": "for_days", "usb": "for_hours"}


class Event(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """One thing that happens, `on_day` at `hour`, or so many days after a level was first told
    (of the first pack alone, or of each one).

    `jam`: nothing passes `place` (0 locked to 1000 unlocked) until `clear`. `radio`: it takes `ua`
    more from now on, 0: no more. `pack`: another pack of the same kind is put in, each cell used so
    far, and registered by `role` (none: nobody does). `rest`: nobody comes.
    """

    what: Literal["diagnose", "jam", "clear", "radio", "pack", "reset", "rest", "usb"]
    on_day: Annotated[int, Meta(ge=0, le=7_300)] | None = None
    after_level: Literal["CHANGE_SOON", "CHANGE_NOW", "SUSPECTED_DISCHARGED"] | None = None
    after_days: Annotated[int, Meta(ge=0, le=7_300)] = 0
    each_pack: bool = False
    hour: Annotated[float, Meta(ge=0, lt=24)] = 12
    place: Annotated[int, Meta(ge=0, le=1_000)] | None = None
    ua: Annotated[float, Meta(ge=0, le=200_000)] | None = None
    used: Annotated[list[Annotated[float, Meta(ge=0, le=1)]], Meta(max_length=8)] | None = None
    resistance: Annotated[float, Meta(gt=0, le=20)] | None = None
    rest_days: Annotated[float, Meta(ge=0, le=7_300)] | None = None
    role: Literal["staff", "desk", "nobody"] | None = None
    cause: Literal["power", "brown-out", "watchdog", "soft"] | None = None
    times: Annotated[int, Meta(ge=1, le=100_000)] | None = None
    every_s: Annotated[int, Meta(ge=1, le=86_400)] | None = None
    in_motor_run: bool | None = None
    for_days: Annotated[int, Meta(ge=1, le=7_300)] | None = None
    for_hours: Annotated[float, Meta(gt=0, le=10_000)] | None = None

    def complaints(self, days: int, series: int) -> Iterator[str]:
        """What is wrong with it in a life of so many days, with so many cells in series."""
        if (self.on_day is None) == (self.after_level is None):
            yield "on_day: expected this or after_level, one of them"
        if self.on_day is not None and self.on_day >= days:
            yield f"on_day: expected less than the life's {days} days, got {self.on_day}"
        for key in ("after_days", "each_pack"):
            if self.after_level is None and getattr(self, key):
                yield f"{key}: expected together with after_level"
        allowed = KEYS[self.what]
        own = {key for keys in KEYS.values() for key in keys}
        for key in sorted(own):
            if getattr(self, key) is not None and key not in allowed:
                takes = ", ".join(allowed) or "none of its own"
                yield f"{key}: a {self.what} takes no such key; allowed: {takes}"
        needed = NEEDED.get(self.what)
        if needed and getattr(self, needed) is None:
            yield f"{needed}: expected with a {self.what}, but it isn't there"
        if self.used is not None and len(self.used) != series:
            yield f"used: expected a share for each of {series} cells, got {self.used}"
