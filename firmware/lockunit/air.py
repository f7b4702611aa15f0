"""Keeps the air open: tells who the unit is and how its battery, and whom it lets stay connected.

A radio takes few connections at once, and anybody can make one. A stranger's lives briefly, so that
whoever has to get in finds one free; who somebody is, `session` knows.
"""

from lockunit import adverts
from lockunit.link import Link
from lockunit.parts import Parts
from lockunit.session import IDLE
from lockunit.ticks import Timer, diff

# How long a connection lives in which nobody proves who he is: while another one is free, and
# where none is.
_STRANGER_MS = 15_000
_CROWDED_MS = 3_000
# Who is at a wire; beyond the second, somebody who may say something.
_NOBODY, _DROPPED, _STRANGER, _KNOWN = range(4)


class Air:
    """The one of a unit; `timer` is added to the unit's own. Without a radio it does nothing."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.timer = Timer("air.stranger")
        self._links = parts.wires.links[1:]
        # At each of them: who is there, and since when he is a stranger.
        self._who = [_NOBODY for _ in self._links]
        self._since = [0 for _ in self._links]
        self._supply = parts.board.supply()
        self._told = self._shown = -1
        # A cable that wobbles takes no memory.
        self._status = bytearray(4)

    def supply_changed(self) -> None:
        """What feeds the unit is told too."""
        self._supply = self.parts.board.supply()

    def joined(self, now: int, link: Link) -> None:
        """Somebody is at a wire from now on."""
        # Whatever the board told or didn't: nobody begins where another stopped.
        link.left()
        link.there = True
        self._who[link.wire - 1] = _STRANGER
        self._since[link.wire - 1] = now

    def left(self, link: Link) -> None:
        """Nobody is there any more."""
        link.left()
        self._who[link.wire - 1] = _NOBODY

    def step(self, now: int) -> None:
        """Tell what changed, and drop who is a stranger for too long."""
        if not self._links:
            return
        self._tell()
        self.timer.clear()
        limit = _STRANGER_MS if _NOBODY in self._who else _CROWDED_MS
        for link in self._links:
            if self._stays(now, link):
                continue
            left = limit - diff(now, self._since[link.wire - 1])
            if left <= 0:
                self._drop(link)
            elif not self.timer.armed() or left < self.timer.left(now):
                self.timer.set(now, left)

    def _stays(self, now: int, link: Link) -> bool:
        """Whether nobody there is to be dropped; who left his session is a stranger again."""
        place = link.wire - 1
        if self._who[place] <= _DROPPED:
            return True
        session = link.session
        if session.role or session.access.development:
            # Everybody may do everything with a development unit: nobody is a stranger there.
            self._who[place] = _KNOWN
            return True
        if self._who[place] == _KNOWN:
            self._who[place] = _STRANGER
            self._since[place] = now
            if session.ended == IDLE:
                self._drop(link)
                return True
        return False

    def _drop(self, link: Link) -> None:
        # Deaf at once; that the connection has ended the board tells later.
        link.left()
        self._who[link.wire - 1] = _DROPPED
        self.parts.board.drop(link.wire)

    def _tell(self) -> None:
        """Tell level and state where they aren't what was told last."""
        parts = self.parts
        board, level = parts.board, parts.battery.told()
        fresh, down = parts.battery.fresh(), parts.life.dismounted()
        bits = adverts.flags(level, fresh, parts.access.development, down)
        told, shown = level << 8 | bits, level << 8 | self._supply
        if told != self._told:
            self._told = told
            unit_id = board.unit_id()
            answer = adverts.answer(unit_id, level, bits)
            board.advertise(parts.settings.advertising_ms, adverts.advert(unit_id), answer)
        if shown != self._shown:
            self._shown = shown
            adverts.put_status(level, self._supply, self._status)
            board.gauge(adverts.percent(level), self._status)
