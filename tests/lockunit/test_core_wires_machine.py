"""A serial line, a radio with one or two connections, whoever comes and goes on them, and time,
against a plain reference: who is dropped and when, who is answered, and who hears nothing.
"""

import json
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from lockhil.session.credentials import Role
from lockunit import board as port
from tests.lockunit.hand import Hand
from tests.lockunit.sealedhand import Client, coded, request, sealed_hand

HELLO = request("unit.hello", 7)
IDLE_MS, AGE_MS, STRANGER_MS, CROWDED_MS, STALE_MS = 60_000, 900_000, 15_000, 3_000, 5_000
ROLE = st.sampled_from([Role.CARER, Role.SERVICE])
SELDOM = st.integers(0, 19)
WAITS = (1, 500, 2_999, 3_000, 5_001, 11_999, 12_000, 14_999, 15_000, 59_999, 60_000, 870_000)


class Visit:
    """One wire's, from the reference's point of view."""

    def __init__(self, since: int) -> None:
        self.since = since
        self.client: Client | None = None
        self.began = self.last = 0
        self.dropped = False
        self.half: int | None = None

    def ends(self) -> int:
        """When its session ends if nobody says anything."""
        return min(self.last + IDLE_MS, self.began + AGE_MS)


class WiresMachine(RuleBasedStateMachine):
    """`visits`: who is at each wire; the serial line is never left."""

    @initialize(count=st.integers(1, 2))
    def begin(self, count: int) -> None:
        self.hand: Hand = sealed_hand()
        self.count = count
        self.hand.board.connections = count
        self.hand.settings.relock_ms = 0
        self.reset()

    @rule(sure=SELDOM)
    def reset_seldom(self, sure: int) -> None:
        if sure == 1:
            self.reset()

    def reset(self) -> None:
        self.hand.boot()
        self.hand.board.dropped.clear()
        self.visits: list[Visit | None] = [Visit(0)] + [None] * self.count
        self.heard = [len(self.hand.board.said(wire)) for wire in range(self.count + 1)]

    # What the reference makes of it.

    def limit(self) -> int:
        return STRANGER_MS if None in self.visits else CROWDED_MS

    def due(self, wire: int, visit: Visit) -> int | None:
        """When something becomes of this visit by itself."""
        if visit.client is not None:
            return visit.ends()
        return None if wire == 0 or visit.dropped else visit.since + self.limit()

    def settle(self) -> None:
        """Everything that time brings up to now, in its order."""
        now = self.hand.now
        while True:
            soon = [
                (at, wire, visit)
                for wire, visit in enumerate(self.visits)
                if visit is not None and (at := self.due(wire, visit)) is not None and at <= now
            ]
            if not soon:
                return
            at, wire, visit = min(soon, key=lambda each: each[:2])
            if visit.client is None:
                visit.dropped = True
            else:
                old = visit.began + AGE_MS <= at
                visit.client, visit.since = None, at
                visit.dropped = wire > 0 and not old
            if visit.dropped:
                visit.half = None

    def talks(self, wire: int) -> Visit | None:
        """Who is at the wire, and may say something that is a line by itself."""
        visit = self.visits[wire] if wire <= self.count else None
        return None if visit is None or visit.half is not None else visit

    def new(self, wire: int) -> list[dict[str, Any]]:
        """What was said on it since the last time."""
        said = self.hand.board.said(wire)
        lines, self.heard[wire] = said[self.heard[wire] :], len(said)
        return lines

    def open_answers(self, wire: int, line: str) -> list[dict[str, Any]]:
        """Say it, and what comes back in the open."""
        self.new(wire)
        self.hand.line(line, wire)
        return [told for told in self.new(wire) if "s" not in told]

    # What happens.

    @rule(ms=st.sampled_from(WAITS))
    def wait(self, ms: int) -> None:
        self.hand.run(ms)
        self.settle()

    @rule(wire=st.integers(1, 2))
    def join(self, wire: int) -> None:
        if wire <= self.count and self.visits[wire] is None:
            self.visits[wire] = Visit(self.hand.now)
            self.hand.join(wire)
            self.settle()

    @rule(wire=st.integers(1, 2), sure=st.sampled_from([1, 1, 2]))
    def leave_now_and_then(self, wire: int, sure: int) -> None:
        visit = self.visits[wire] if wire <= self.count else None
        if sure == 1 or (visit and visit.dropped):
            self.leave(wire)

    def leave(self, wire: int) -> None:
        if wire <= self.count and self.visits[wire] is not None:
            self.visits[wire] = None
            self.hand.board.dropped = [each for each in self.hand.board.dropped if each != wire]
            self.hand.leave(wire)
            self.settle()

    @rule(wire=st.integers(1, 2), role=ROLE, ms=st.sampled_from(WAITS))
    def come_and_enter(self, wire: int, role: Role, ms: int) -> None:
        """What a carer does; and then it takes a while."""
        self.join(wire)
        self.enter(wire, role)
        self.wait(ms)

    @rule(wire=st.integers(0, 2), role=ROLE)
    def enter(self, wire: int, role: Role) -> None:
        visit = self.talks(wire)
        if visit is None:
            return
        client = Client(self.hand, role, wire=wire)
        if visit.dropped:
            assert self.open_answers(wire, request("session.begin", m1=coded(b"x"))) == []
            return
        client.enter()
        visit.client = client
        visit.began = visit.last = self.hand.now
        self.new(wire)

    @rule(wire=st.integers(0, 2))
    def prove_falsely(self, wire: int) -> None:
        visit = self.talks(wire)
        if visit is not None and not visit.dropped:
            self.open_answers(wire, request("session.prove", s=1, proof="AAAA"))

    @rule(wire=st.integers(0, 2))
    def ask_in_the_open(self, wire: int) -> None:
        visit = self.talks(wire)
        if visit is not None:
            ids = [told["id"] for told in self.open_answers(wire, HELLO)]
            assert ids == ([] if visit.dropped else [7])
            refused = self.open_answers(wire, request("bolt.unlock"))
            assert [told["error"]["code"] for told in refused] == (
                [] if visit.dropped else [-32001]
            )

    @rule(wire=st.integers(0, 2))
    def half(self, wire: int) -> None:
        visit = self.talks(wire)
        if visit is not None:
            self.hand.event(port.EV_RX, HELLO[:20].encode(), wire)
            visit.half = None if visit.dropped else self.hand.now

    @rule(wire=st.integers(0, 2))
    def rest(self, wire: int) -> None:
        visit = self.visits[wire] if wire <= self.count else None
        if visit is None or visit.dropped:
            return
        whole = visit.half is not None and self.hand.now - visit.half <= STALE_MS
        visit.half = None
        (told,) = self.open_answers(wire, HELLO[20:])
        assert ("result" in told) == whole

    @rule(wire=st.integers(0, 2), elsewhere=st.integers(0, 2))
    def say(self, wire: int, elsewhere: int) -> None:
        """A sealed request, which somebody says before on another wire."""
        visit = self.talks(wire)
        if visit is None or visit.client is None:
            return
        told = visit.client.line("bolt.state", 3)
        other = self.talks(elsewhere)
        if other is not None and elsewhere != wire and not other.dropped:
            (error,) = self.open_answers(elsewhere, told)
            assert error["error"]["code"] == -32002
        self.new(wire)
        self.hand.line(told, wire)
        answers = [answer for answer in self.opened(visit.client, wire) if "id" in answer]
        assert [answer["id"] for answer in answers] == [3]
        visit.last = self.hand.now

    def opened(self, client: Client, wire: int) -> list[dict[str, Any]]:
        assert client.channel is not None
        lines = [json.dumps(line).encode() for line in self.new(wire)]
        return [json.loads(client.channel.open_line(line)) for line in lines]

    @rule(wire=st.integers(0, 2), leaves=st.booleans(), again=st.booleans())
    def move(self, wire: int, leaves: bool, again: bool) -> None:
        """A move is asked for; meanwhile who asked may leave, and another come."""
        visit = self.talks(wire)
        if visit is None or visit.client is None or self.hand.board.loaded:
            return
        for each in range(self.count + 1):
            self.new(each)
        client, board = visit.client, self.hand.board
        locks = board.ends == port.END_UNLOCKED
        self.hand.line(client.line("bolt.lock" if locks else "bolt.unlock", 5), wire)
        visit.last = self.hand.now
        assert board.direction == (1 if locks else -1)
        if leaves and wire:
            self.leave(wire)
            if again:
                self.join(wire)
        self.hand.ends(0)
        self.hand.run(300)
        self.hand.ends(port.END_LOCKED if locks else port.END_UNLOCKED)
        assert board.direction == 0
        self.settle()
        if self.visits[wire] is visit and visit.client is client:
            told = self.opened(client, wire)
            assert [line["result"]["result"] for line in told if "id" in line] == ["done"]
        else:
            assert [line for line in self.new(wire) if "id" in line] == []

    @invariant()
    def who_is_dropped(self) -> None:
        if hasattr(self, "visits"):
            expected = [wire for wire, visit in enumerate(self.visits) if visit and visit.dropped]
            assert sorted(self.hand.board.dropped) == expected

    @invariant()
    def nobody_hears_what_is_not_for_him(self) -> None:
        """Unasked, and in the open, nothing; sealed, what a session's holder can open."""
        if hasattr(self, "visits"):
            for wire, visit in enumerate(self.visits):
                client = visit.client if visit else None
                for line in self.new(wire):
                    assert "method" not in line
                    if client is not None and line.get("s") == client.handshake.number:
                        assert client.channel is not None
                        client.channel.open_line(json.dumps(line).encode())


TestWires = WiresMachine.TestCase
TestWires.settings = settings(max_examples=150, stateful_step_count=40)
