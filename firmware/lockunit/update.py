"""An update of the firmware over the link, as the rest of the unit knows it.

What it does is `updating`'s, which is loaded when somebody begins one: until then it takes no
memory. Where there is none left for it the update is over, and the unit goes on.
"""

from lockunit.ticks import Timer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lockunit.link import Request
    from lockunit.parts import Parts
    from lockunit.updating import Updating

_OPENING = ("update.begin", "update.state")


class Update:
    """The one of a unit. `work`: when the next piece of it is due, `idle`: when it is dropped."""

    def __init__(self, parts: "Parts") -> None:
        self.parts = parts
        self.work = Timer("update.work")
        self.idle = Timer("update.idle")
        self.timers = (self.work, self.idle)
        self._updating: Updating | None = None

    def take(self, now: int, request: "Request", busy: bool) -> "list[tuple[str, object]] | None":
        """Carry out a request; None if it is answered later. `busy`: something moves or is loaded,
        and nobody writes to the flash meanwhile."""
        if request.method == "update.confirm":
            return [("result", self.parts.trial.confirm())]
        try:
            if self._updating is None and request.method in _OPENING:
                self._updating = self._load()
            if self._updating is not None:
                return self._updating.take(now, request, busy)
        except MemoryError:
            self._give_up(now)
            return [("result", "STORAGE")]
        return [("result", "NOT_BEGUN")]

    def _load(self) -> "Updating":
        from lockunit.updating import Updating  # noqa: PLC0415 most starts need none of it

        return Updating(self)

    def step(self, now: int, busy: bool) -> None:
        """Run what is due."""
        found = self._updating
        if found is None:
            return
        try:
            if self.work.due(now):
                found.go_on(now, busy)
            if self.idle.due(now):
                found.drop(now)
        except MemoryError:
            self._give_up(now)

    def _give_up(self, now: int) -> None:
        """There is no room for it in memory; what lies in the other slot is no trial."""
        found, self._updating = self._updating, None
        self.work.clear()
        self.idle.clear()
        if found is not None:
            found.answer(now, "STORAGE")
