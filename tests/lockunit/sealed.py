"""A unit's session core on a board in the hand, wires to it, and clients on them.

The clients are those of `lockhil.session`: they share no code with what they talk to.
"""

from collections.abc import Callable
from typing import Any

from lockhil.session.credentials import Credential, Grant, LockKey, Role
from lockhil.session.handshake import Handshake
from lockhil.session.sealed import Channel
from lockunit import lockkey
from lockunit.access import Access, Note
from lockunit.session import Session
from lockunit.ticks import add
from tests.lockunit.hand import HandBoard

UNIT = "HAND-1"
KEY = bytes(range(100, 132))
LOCK = LockKey(KEY)
# When the unit got its key, and when the credentials here end.
START_S = 1_750_000_000
DAY_S = 86_400
END_S = START_S + 365 * DAY_S
HOUR_MS = 3_600_000


class PowerCutError(Exception):
    """The power went in the middle of a write."""


class CutBoard(HandBoard):
    """A board whose power goes at one of the next writes, or whose flash says the wrong thing.

    `cut`: after so many more writes, and whether that one is done. `lies`: writes are done, and
    said not to be.
    """

    def __init__(self) -> None:
        super().__init__()
        self.cut: tuple[int, bool] | None = None
        self.lies = False
        self.writes = 0

    def write(self, name: str, data: bytes) -> None:
        if self.cut is not None:
            left, done = self.cut
            self.cut = (left - 1, done) if left else None
            if not left:
                if done:
                    self.stored[name] = bytes(data)
                raise PowerCutError(name)
        super().write(name, data)
        self.writes += 1
        if self.lies:
            raise OSError(5, "or so it says")


class Bed:
    """A unit with so many wires. `now`: its ticks; `true_s`: what time it really is."""

    def __init__(self, *, wires: int = 2, key: bool = True, known: bool = True) -> None:
        self.board = CutBoard()
        self.count = wires
        self.true_ms = START_S * 1_000
        self.notes: list[Note] = []
        if key:
            for name, data in lockkey.provisions(KEY, 1, START_S):
                self.board.write(name, data)
        self.boot(0)
        if known:
            self.board.utc_s = self.true_s

    @property
    def true_s(self) -> int:
        return self.true_ms // 1_000

    def boot(self, off_ms: int = 0) -> None:
        """The power comes back after so long: RAM and clock are lost."""
        self.board.cut = None
        self.board.utc_s = 0
        self.board.refused = ()
        self.true_ms += off_ms
        self.now = 5
        self.access = Access(self.board, self.now)
        self.wires = [Session(self.access) for _ in range(self.count)]

    def advance(self, ms: int) -> None:
        """Let time pass, the clock's too, and run what is due."""
        before = self.true_s
        self.now = add(self.now, ms)
        self.true_ms += ms
        if self.board.utc_s:
            self.board.utc_s += self.true_s - before
        for wire in self.wires:
            wire.step(self.now)

    def take(self) -> list[Note]:
        """What was noted since the last time."""
        found = self.access.notes[:]
        self.access.notes.clear()
        return found

    def client(self, wire: int = 0, role: Role = Role.CARER, **grant: Any) -> "Client":
        return Client(self, wire, credential(role, **grant))

    def opened(self, wire: int = 0, role: Role = Role.CARER, **grant: Any) -> "Client":
        """A client in a session."""
        client = self.client(wire, role, **grant)
        assert client.enter() == "done"
        return client


def credential(role: Role = Role.CARER, **grant: Any) -> Credential:
    told = {"epoch": 1, "user": b"u" * 16, "not_before_s": START_S, "not_after_s": END_S} | grant
    return LOCK.credential(UNIT, Grant(role=role, **told))


class Client:
    """One client on one wire, at one attempt."""

    def __init__(self, bed: Bed, wire: int, by: Credential) -> None:
        self.bed = bed
        self.at = wire
        self.handshake = Handshake(by)
        self.m2: bytes | str = ""
        self.proof = b""
        self.channel: Channel | None = None

    @property
    def wire(self) -> Session:
        return self.bed.wires[self.at]

    def begin(self) -> "Client":
        self.m2 = self.wire.begin(self.bed.now, self.handshake.m1)
        assert isinstance(self.m2, bytes), self.m2
        self.proof = self.handshake.answer(self.m2)
        return self

    def prove(self) -> str:
        result = self.wire.prove(self.bed.now, self.handshake.number, self.proof)
        if result == "done":
            self.channel = self.handshake.channel()
        return result

    def enter(self) -> str:
        return self.begin().prove()

    def sealed(self, plain: bytes) -> tuple[int, int, bytes]:
        """A line of this client's: S, its number, what is in it."""
        assert self.channel is not None
        return (self.channel.number, *self.channel.seal(plain))

    def say(self, plain: bytes) -> bytes | None:
        return self.wire.open(self.bed.now, *self.sealed(plain))

    def hear(self, plain: bytes) -> bytes | None:
        line = self.wire.seal(self.bed.now, plain)
        assert self.channel is not None
        return None if line is None else self.channel.open(*line)

    def token(self, time_s: int, *, lower: bool = False) -> str:
        token = LOCK.token(UNIT, self.handshake.place, time_s, lower=lower)
        number = self.handshake.number
        return self.wire.token(self.bed.now, number, token.time_s, token.flags, token.tag)


def in_the_open(bed: Bed, act: Callable[[], Any]) -> Any:
    """Do it; None if the power went meanwhile, and then the unit is up again."""
    try:
        return act()
    except PowerCutError:
        bed.boot()
        return None
