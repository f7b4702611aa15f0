"""Virtual time in whole milliseconds, on SimPy: run it, do something later, set an alarm.

It waits for nothing real, and knows nothing of what happens in it.
"""

from collections.abc import Callable

from simpy import Environment, Event

Action = Callable[[], None]


class Timeline:
    """The virtual clock of one world, or of many that share an `env`."""

    def __init__(self, env: Environment | None = None) -> None:
        self.env = env if env is not None else Environment()

    @property
    def now(self) -> int:
        """Milliseconds since the clock began."""
        return int(self.env.now)

    def after(self, ms: int, action: Action) -> None:
        """Do `action` in `ms` milliseconds; 0: at this instant, once what runs now has returned."""

        def act(_: Event) -> None:
            action()

        callbacks = self.env.timeout(ms).callbacks
        assert callbacks is not None  # only an event that has happened has none
        callbacks.append(act)

    def run(self, ms: int = 0) -> None:
        """Let `ms` pass; what is due at the last of them has happened on return."""
        self.run_until(lambda: False, ms)

    def run_until(self, done: Callable[[], bool], ms: int) -> bool:
        """Let time pass until `done()`, at most `ms`; says whether it was done."""
        if ms < 0:
            raise ValueError(f"expected a time of at least 0 ms, got {ms}: it can't run backwards")
        until = self.now + ms
        while not done():
            if self.env.peek() > until:
                if self.now < until:
                    self.env.run(until)
                return False
            self.env.step()
        return True


class Alarm:
    """A wake that can be moved or switched off.

    SimPy can't take a timeout back: each setting gets a generation, and stale ones are ignored.
    """

    def __init__(self, timeline: Timeline, action: Action) -> None:
        self._timeline = timeline
        self._action = action
        self._generation = 0
        self._at: int | None = None

    @property
    def armed(self) -> bool:
        """Whether it is going to ring."""
        return self._at is not None

    def set(self, ms: int) -> None:
        """Ring in `ms` milliseconds instead of whenever it was to; -1: not at all."""
        at = self._timeline.now + ms if ms >= 0 else None
        if at == self._at:
            return
        self._at = at
        self._generation += 1
        if ms >= 0:
            generation = self._generation
            self._timeline.after(ms, lambda: self._ring(generation))

    def _ring(self, generation: int) -> None:
        if generation == self._generation:
            self._at = None
            self._action()
