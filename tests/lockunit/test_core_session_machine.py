"""Two wires, their clients, an attacker on both, and power that goes at any write, against a plain
reference: whatever happens in whatever order, nobody gets in who shouldn't, and who should does.
"""

from collections.abc import Callable
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from lockhil.session.credentials import Role
from lockhil.session.sealed import SealError
from lockunit import kept, lockkey
from tests.lockunit.sealed import DAY_S, HOUR_MS, START_S, Bed, Client, PowerCutError

WIRES = st.integers(0, 1)
TOP_STAGE = 6
# What the reference says of a wire: who is in, since when, and when they last said something.
In = tuple[Client, int, int]


class SessionMachine(RuleBasedStateMachine):
    """The reference counts in true milliseconds and knows nothing of how the unit does it."""

    @initialize(known=st.booleans())
    def begin(self, known: bool) -> None:
        self.bed = Bed(known=known)
        self.ms = 0
        self.inside: list[In | None] = [None, None]
        self.waiting: list[tuple[Client, int] | None] = [None, None]
        self.epoch = 1
        # The back-off's stage, and those that may be the stored one.
        self.stage = 0
        self.stages = {0}
        # The bound that is stored at least; what it was in memory, and when.
        self.least_s = self.grown_s = START_S
        self.grown_ms = 0
        self.numbers: list[int] = []
        # What passed on the wires, for the attacker.
        self.proofs: list[tuple[int, bytes]] = []
        self.to_lock: list[tuple[int, int, bytes]] = []
        self.to_client: list[tuple[int, int, bytes]] = []
        self.said = 0

    # Power.

    def act(self, doing: Callable[[], Any]) -> Any:
        """Do it; None if the power went meanwhile."""
        try:
            return doing()
        except PowerCutError:
            self.boot(0)
            return None

    @rule(off_ms=st.sampled_from([0, HOUR_MS, 40 * DAY_S * 1_000]))
    def reset(self, off_ms: int) -> None:
        self.boot(off_ms)

    def boot(self, off_ms: int) -> None:
        self.bed.boot(off_ms)
        self.inside, self.waiting = [None, None], [None, None]
        assert self.bed.access.stage in self.stages
        self.stage = self.bed.access.stage
        self.stages = {self.stage}
        self.grown_s, self.grown_ms = self.bed.access.bound.at_s, self.ms
        assert self.grown_s >= self.least_s

    @rule(writes=st.integers(0, 2), done=st.booleans())
    def cut_soon(self, writes: int, done: bool) -> None:
        self.bed.board.cut = (writes, done)

    @rule(refuses=st.sampled_from([None, None, 0]), lies=st.sampled_from([False, False, True]))
    def flash(self, refuses: int | None, lies: bool) -> None:
        self.bed.board.refuses, self.bed.board.lies = refuses, lies

    def sound(self) -> bool:
        """Whether the flash takes everything."""
        return self.bed.board.refuses is None and not self.bed.board.lies

    # Time.

    @rule(ms=st.sampled_from([1, 249, 1_000, 9_999, 10_000, 30_000, 59_999, 6 * HOUR_MS]))
    def wait(self, ms: int) -> None:
        self.bed.advance(ms)
        self.ms += ms
        for wire in (0, 1):
            inside, waiting = self.inside[wire], self.waiting[wire]
            if inside and (self.ms - inside[1] >= 900_000 or self.ms - inside[2] >= 60_000):
                self.inside[wire] = None
            if waiting and self.ms - waiting[1] >= 10_000:
                assert waiting[0].prove() == "STALE"
                self.waiting[wire] = None

    def bound_s(self) -> int:
        """The least that the unit may think of the time while it has no clock."""
        return self.grown_s + (self.ms - self.grown_ms) // 1_000

    @rule()
    def sample(self) -> None:
        bound_s = self.bound_s()
        clock = self.bed.board.calendar()
        if self.act(lambda: self.bed.access.grow(self.bed.now) or True) and self.sound():
            assert self.stored(lockkey.BOUND_AS) >= (clock or bound_s)
            self.grown_s, self.grown_ms = self.stored(lockkey.BOUND_AS), self.ms

    @rule()
    def retry(self) -> None:
        waited = self.bed.access.waits()
        if self.act(lambda: self.bed.access.retry(self.bed.now) or True) and self.sound():
            assert not self.bed.access.waits()
            if waited:
                assert self.stored(lockkey.BACKOFF_AS) == self.stage
            self.stages = {self.stage}

    @staticmethod
    def pick(wire: int, of: "list[Any]") -> int:
        """This wire, or the other if nothing is on it."""
        return wire if of[wire] else 1 - wire

    def stored(self, name: str) -> int:
        return kept.Kept(self.bed.board, name).value

    def staged(self, stage: int) -> None:
        """What was done ended with this stage."""
        self.stage = stage
        assert self.bed.access.stage == stage
        if self.sound():
            self.stages = {stage}

    # Clients.

    @rule(
        wire=WIRES,
        role=st.sampled_from(Role),
        epochs_ago=st.integers(0, 1),
        end_d=st.integers(-3, 60),
    )
    def handshake(self, wire: int, role: Role, epochs_ago: int, end_d: int) -> None:
        """M1 is always answered, and writes nothing."""
        end_s = START_S + end_d * DAY_S
        epoch = self.epoch - epochs_ago
        client = self.bed.client(wire, role, epoch=epoch, not_before_s=0, not_after_s=end_s)
        self.waiting[wire] = (client.begin(), self.ms)

    @rule(
        wire=WIRES,
        role=st.sampled_from(Role),
        epochs_ago=st.sampled_from([0, 0, 0, 1]),
        end_d=st.sampled_from([3_000, 3_000, 3_000, 40, 1, -1]),
    )
    def enter(self, wire: int, role: Role, epochs_ago: int, end_d: int) -> None:
        """All of it, mostly by somebody whose credential is good."""
        self.handshake(wire, role, epochs_ago, end_d)
        self.prove(wire)

    @precondition(lambda self: any(self.waiting))
    @rule(wire=WIRES)
    def prove(self, wire: int) -> None:
        """A proof that holds is served at once, whatever false ones wait."""
        wire = self.pick(wire, self.waiting)
        client, _ = self.waiting[wire]
        self.proofs.append((client.handshake.number, client.proof))
        clock = self.bed.board.calendar()
        stale = client.handshake.number != self.bed.access.next
        if not stale:
            self.stages.add(0)
        result = self.act(client.prove)
        if result is None:
            return
        if stale:
            assert result == "STALE"
            assert client.handshake.number in self.numbers
            return
        self.staged(0)
        self.waiting[wire] = None
        grant = self.granted(client)
        if result == "done":
            assert grant["epoch"] == self.epoch
            assert grant["end_s"] >= (clock or self.bound_s())
            self.numbers.append(client.handshake.number)
            self.inside[wire] = (client, self.ms, self.ms)
        elif result == "STORAGE":
            assert not self.sound()
        else:
            self.numbers.append(client.handshake.number)
            bad_epoch = grant["epoch"] != self.epoch
            assert result == ("EPOCH" if bad_epoch else "EXPIRED")
            assert bad_epoch or grant["end_s"] < (clock or self.bed.true_s)

    @staticmethod
    def granted(client: Client) -> dict[str, int]:
        m1 = client.handshake.m1
        return {
            "epoch": int.from_bytes(m1[17:21], "big"),
            "end_s": int.from_bytes(m1[42:46], "big"),
        }

    @precondition(lambda self: any(self.inside))
    @rule(wire=WIRES, lines=st.integers(1, 3))
    def say(self, wire: int, lines: int) -> None:
        wire = self.pick(wire, self.inside)
        client, since, _ = self.inside[wire]
        for _ in range(lines):
            plain = self.plain()
            line = client.sealed(plain)
            self.to_lock.append(line)
            assert client.wire.open(self.bed.now, *line) == plain
        self.inside[wire] = (client, since, self.ms)

    @precondition(lambda self: any(self.inside))
    @rule(wire=WIRES)
    def hear(self, wire: int) -> None:
        inside, plain = self.inside[wire], self.plain()
        line = self.bed.wires[wire].seal(self.bed.now, plain)
        if inside is None:
            assert line is None
            return
        assert line is not None
        self.to_client.append(line)
        channel = inside[0].channel
        assert channel is not None
        assert channel.open(*line) == plain

    def plain(self) -> bytes:
        self.said += 1
        return b"%d" % self.said

    @precondition(lambda self: any(self.inside))
    @rule(wire=WIRES)
    def revoke(self, wire: int) -> None:
        wire = self.pick(wire, self.inside)
        inside = self.inside[wire]
        result = self.act(lambda: self.bed.access.bump_epoch(inside[0].wire))
        stored = self.stored(lockkey.EPOCH_AS)
        if result == "done":
            assert stored == self.epoch + 1
            self.epoch = stored
            self.inside[1 - wire] = None
        elif result is None:
            assert stored in (self.epoch, self.epoch + 1)
            self.epoch = stored
        else:
            assert not self.sound()
            # Flash may say no and mean yes: then the next boot brings it.
            self.boot(0)
            assert self.bed.access.epoch in (self.epoch, self.epoch + 1)
            self.epoch = self.bed.access.epoch

    @precondition(lambda self: any(self.waiting) or any(self.inside))
    @rule(wire=WIRES)
    def token(self, wire: int) -> None:
        """The desk sets the clock to the time that it is."""
        found = self.inside[wire] or self.waiting[wire]
        if found is None:
            return
        result = self.act(lambda: found[0].token(self.bed.true_s))
        assert result in ("done", "STALE", None) or (result == "STORAGE" and not self.sound())
        if result == "done":
            self.grown_s, self.grown_ms = self.bed.true_s, self.ms
            assert self.bed.board.calendar() == self.stored(lockkey.BOUND_AS) == self.bed.true_s
            if not self.inside[wire]:
                self.waiting[wire] = None

    @rule(wire=WIRES)
    def leave(self, wire: int) -> None:
        self.bed.wires[wire].disconnected()
        self.inside[wire] = self.waiting[wire] = None

    # The attacker.

    @precondition(lambda self: any(self.waiting))
    @rule(wire=WIRES, data=st.data())
    def false_proof(self, wire: int, data: st.DataObject) -> None:
        """An old proof, the lock's own, any bytes: refused, and later."""
        wire = self.pick(wire, self.waiting)
        client, _ = self.waiting[wire]
        number = client.handshake.number
        assert isinstance(client.m2, bytes)
        false = [bytes(32), client.m2[20:], client.proof[:-1], *(one for _, one in self.proofs)]
        proof = data.draw(st.sampled_from(false))
        if proof == client.proof:
            return
        session, next_stage = self.bed.wires[wire], min(self.stage + 1, TOP_STAGE)
        waits, stale = session._refusal.armed() or session.result, number != self.bed.access.next
        self.stages.add(next_stage)
        result = self.act(lambda: session.prove(self.bed.now, number, proof))
        if result is None:
            return
        if stale or waits:
            assert result == ("STALE" if stale else "BUSY")
            assert self.bed.access.stage == self.stage
        else:
            assert result == ""
            self.staged(next_stage)
            assert session._refusal.left(self.bed.now) == 125 << self.stage

    @precondition(lambda self: any(self.inside))
    @rule(wire=WIRES)
    def swallow(self, wire: int) -> None:
        """A line never arrives: the next one ends it."""
        wire = self.pick(wire, self.inside)
        client, _, _ = self.inside[wire]
        self.to_lock.append(client.sealed(self.plain()))
        assert client.say(self.plain()) is None
        assert client.wire.ended == "SEQUENCE"
        self.inside[wire] = None

    @precondition(lambda self: self.to_lock or self.to_client)
    @rule(wire=WIRES, data=st.data())
    def altered(self, wire: int, data: st.DataObject) -> None:
        """Lines said before, reflected, cut short, or of the other wire: none is opened."""
        if any(self.inside):
            wire = self.pick(wire, self.inside)
        number, n, sealed = data.draw(st.sampled_from((self.to_lock + self.to_client)[-6:]))
        keep = data.draw(st.sampled_from([len(sealed), len(sealed) - 1, 7, 0]))
        inside = self.inside[wire]
        if inside and data.draw(st.booleans()):
            number = inside[0].handshake.number
        assert self.bed.wires[wire].open(self.bed.now, number, n, sealed[:keep]) is None
        if inside and number == inside[0].handshake.number:
            assert self.bed.wires[wire].ended in ("SEQUENCE", "FORGED")
            self.inside[wire] = None

    @precondition(lambda self: any(self.inside) and (self.to_lock or self.to_client))
    @rule(wire=WIRES, data=st.data())
    def altered_for_the_client(self, wire: int, data: st.DataObject) -> None:
        """Nor does a client take one; it leaves then."""
        wire = self.pick(wire, self.inside)
        channel = self.inside[wire][0].channel
        assert channel is not None
        try:
            channel.open(*data.draw(st.sampled_from(self.to_lock + self.to_client)))
        except SealError:
            self.leave(wire)
        else:
            raise AssertionError("a line of before was taken")

    @rule(wire=WIRES)
    def told(self, wire: int) -> None:
        self.bed.wires[wire].result = ""

    # What always holds.

    @invariant()
    def no_number_twice(self) -> None:
        assert self.numbers == sorted(set(self.numbers))
        assert not self.numbers or self.bed.access.next > self.numbers[-1]

    @invariant()
    def who_is_in_is_in(self) -> None:
        for wire, inside in zip(self.bed.wires, self.inside, strict=True):
            assert (wire.role != 0) == (inside is not None)
            assert not inside or wire.number == inside[0].handshake.number

    @invariant()
    def the_bound_only_grows_and_never_beyond_the_time(self) -> None:
        stored_s = self.stored(lockkey.BOUND_AS)
        assert self.least_s <= stored_s <= self.bed.true_s
        assert self.bed.access.bound.at_s <= self.bed.true_s
        self.least_s = stored_s

    @invariant()
    def nothing_grows(self) -> None:
        self.bed.take()
        assert len(self.bed.access.sessions) == 2
        assert set(self.bed.board.stored) == {
            lockkey.STORED_AS,
            lockkey.COUNTER_AS,
            lockkey.EPOCH_AS,
            lockkey.BACKOFF_AS,
            lockkey.BOUND_AS,
        }


TestSessions = SessionMachine.TestCase
TestSessions.settings = settings(stateful_step_count=40)
