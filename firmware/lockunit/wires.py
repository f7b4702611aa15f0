"""The wires of a unit: each with its line, its session, and who is at its other end.

What is said on one is nobody's business on another. Whom the radio lets in, and for how long, is
`air`'s.
"""

from lockunit.access import Access
from lockunit.link import Link
from lockunit.session import Session
from lockunit.ticks import Timer

# Whoever is at the other end of this one needs no radio, and can't be seen to come or go.
SERIAL = 0


class Wires:
    """All of one unit: `links[0]` is the serial line, the rest are the radio's connections."""

    def __init__(self, access: Access) -> None:
        self.access = access
        self.links = [Link(Session(access), n) for n in range(1 + access.board.wires())]
        self.links[SERIAL].there = True
        timers: tuple[Timer, ...] = ()
        for link in self.links:
            timers += link.session.timers
        self.timers = timers

    def step(self, now: int) -> None:
        """Run what is due."""
        for link in self.links:
            link.session.step(now)

    def notify(self, now: int, method: str, params: "list[tuple[str, object]]") -> None:
        """Tell what happened, unasked: whoever holds a session, and nobody else.

        A development unit tells everybody.
        """
        for link in self.links:
            link.notify(now, method, params)
