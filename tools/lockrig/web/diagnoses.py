"""The diagnoses that are under way on pages, by name; in memory alone, records are elsewhere.

Bounded: whoever begins and never ends is swept away.
"""

from collections.abc import Callable
from contextlib import suppress

from lockrig.web.diagnosis import Diagnosis

# More people than stand in one stairwell's reach; the second, those whose end may be read again.
MOST = 16
MOST_KEPT = 64


class FullError(Exception):
    """There are too many."""


class Diagnoses:
    """All of them."""

    def __init__(self) -> None:
        self.most = MOST
        self._all: dict[str, Diagnosis] = {}

    def add(self, make: Callable[[], Diagnosis]) -> Diagnosis:
        """A new one; FullError."""
        self.sweep()
        if sum(not each.over for each in self._all.values()) >= self.most:
            raise FullError
        while len(self._all) >= MOST_KEPT:
            del self._all[next(name for name, each in self._all.items() if each.over)]
        made = make()
        self._all[made.name] = made
        return made

    def get(self, name: str, owner: str) -> Diagnosis | None:
        """The one called `name`, if it is `owner`'s."""
        found = self._all.get(name)
        return found if found is not None and found.owner == owner else None

    def under_way(self, owner: str) -> list[Diagnosis]:
        """Those that `owner` has begun and not ended."""
        return [each for each in self._all.values() if each.owner == owner and not each.over]

    def sweep(self) -> None:
        """Break off what nobody does any more, and forget what is long over."""
        for name, each in list(self._all.items()):
            if each.sweep():
                del self._all[name]

    def end(self) -> None:
        """The server ends, and with it everything that is under way."""
        for each in self._all.values():
            with suppress(Exception):  # one that can't be put away must not keep the others
                each.end()
