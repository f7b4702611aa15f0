"""The bolt: where it is, what stops it, whose hand turns it, and its two end switches.

Its motion is a straight line between events, computed when asked for: nothing here keeps time.
Positions are millionths of the stroke inside, so that every instant is a whole millisecond. A probe
runs this file too, under MicroPython (`lockhil.probe`).
"""

STROKE = 1_000_000
LOCKED_AT = 20_000
UNLOCKED_AT = 980_000
PLACES = {"locked": 0, "between": STROKE // 2, "unlocked": STROKE}

# Where something changes on the way: towards unlocked (1), towards locked (-1).
_MARKS = {1: (LOCKED_AT + 1, UNLOCKED_AT), -1: (UNLOCKED_AT - 1, LOCKED_AT)}


class Bolt:
    """A bolt with a thumb-turn; `way` is 1 towards unlocked, -1 towards locked."""

    def __init__(self, place: str = "locked") -> None:
        self._from = PLACES[place]
        self._t = 0
        self._way = 0
        # It moves _num millionths in _den milliseconds, until it reaches _limit.
        self._num, self._den = 0, 1
        self._limit = self._from
        self._hand_until: int | None = None
        self._jam: int | None = None
        self._seized = False
        # Switch -> "open" or "closed" for good, whatever the bolt does.
        self.broken: dict[str, str] = {}

    def at(self, now: int) -> int:
        """The position, in millionths of the stroke from locked."""
        moved = self._num * (now - self._t) // self._den
        return self._from + self._way * min(moved, abs(self._limit - self._from))

    def place(self, now: int) -> str:
        """LOCKED, UNLOCKED or BETWEEN, as an onlooker sees it."""
        at = self.at(now)
        if at <= LOCKED_AT:
            return "LOCKED"
        return "UNLOCKED" if at >= UNLOCKED_AT else "BETWEEN"

    def switch(self, now: int, end: str) -> bool:
        """Whether the switch at `end` ("locked" or "unlocked") is closed."""
        if end in self.broken:
            return self.broken[end] == "closed"
        return self.place(now) == end.upper()

    def jam(self, now: int, thousandths: int | None) -> None:
        """Let the motor not pass this place (0 locked ... 1000 unlocked); None: clear the way.

        Jammed where it stands (give or take an end switch's reach), the motor can't move it at
        all; a hand always can.
        """
        self._jam = None if thousandths is None else thousandths * (STROKE // 1000)
        self._seized = self._jam is not None and abs(self.at(now) - self._jam) <= LOCKED_AT

    def held(self, now: int, way: int) -> bool:
        """Whether a push in direction `way` moves nothing: a hand, an end or a jam is there."""
        return self._hand_until is not None or self.at(now) == self._reach(self.at(now), way)

    def _reach(self, at: int, way: int) -> int:
        """How far the motor gets in direction `way`."""
        if self._seized:
            return at
        if self._jam is not None and way > 0 and at <= self._jam:
            return self._jam
        if self._jam is not None and way < 0 and at > self._jam:
            return self._jam + 1
        return STROKE if way > 0 else 0

    def turn(self, now: int, place: str, duration_ms: int) -> None:
        """A hand turns it to `place` and holds it until then, whatever the motor does."""
        target = PLACES[place]
        duration_ms = max(1, duration_ms)
        self._move(now, target, abs(target - self.at(now)), duration_ms)
        self._hand_until = now + duration_ms
        self._seized = False

    def push(self, now: int, way: int, speed: int) -> None:
        """The motor pushes it at `speed` millionths a millisecond; no use while a hand is on it."""
        if self._hand_until is not None and now < self._hand_until:
            return
        self._hand_until = None
        at = self.at(now)
        self._move(now, self._reach(at, way) if way and speed else at, speed, 1)

    def _move(self, now: int, limit: int, num: int, den: int) -> None:
        self._from, self._t = self.at(now), now
        self._limit, self._num, self._den = limit, num, den
        self._way = (limit > self._from) - (limit < self._from)

    def settle(self, now: int) -> None:
        """Let go of it if the hand is done."""
        if self._hand_until is not None and now >= self._hand_until:
            self._move(now, self.at(now), 0, 1)
            self._hand_until = None

    def next_ms(self, now: int) -> int:
        """Milliseconds until a switch changes, it arrives, or the hand lets go; -1: never."""
        found = [] if self._hand_until is None else [self._hand_until - now]
        if self._way and self._num:
            at = self.at(now)
            near, far = _MARKS[self._way]
            for mark in (near, far, self._limit):
                if 0 < (mark - at) * self._way <= abs(self._limit - at):
                    distance = abs(mark - self._from)
                    # Rounded up: the first whole millisecond at which it is there.
                    found.append(self._t - (-distance * self._den // self._num) - now)
        return min(found, default=-1)
