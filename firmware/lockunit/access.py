"""What the sessions of all wires of a unit share: its key, counter, epoch, back-off, and time.

It remembers and counts; the protocol is in `session`. docs/sessions.md says what it promises.
"""

from lockunit import kept
from lockunit.board import Board
from lockunit.kept import Kept
from lockunit.lockkey import BACKOFF_AS, BOUND_AS, COUNTER_AS, EPOCH_AS, STORED_AS, LockKey
from lockunit.timebound import DONE, STORAGE, Bound

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from lockunit.session import Session

    class Somebody(Protocol):
        """Whose a note is."""

        number: int
        role: int
        user: bytes


UNPROVISIONED = "UNPROVISIONED"
# What may be used before the counter is stored again, to spare the flash.
_AHEAD = 64
# Stage n delays the refusal of a false proof by _SHORTEST_MS << n - 1: 0.25 s to 8 s.
_SHORTEST_MS = 250
_TOP_STAGE = 6

# What is noted for the journal.
OPENED, ENDED, REFUSED, FALSE_PROOF, CLOCK, REVOKED = range(6)


class Note:
    """Something that the journal should tell.

    `number`: the session's S, `role` and `user` (16 bytes) whose it was, both empty where nobody
    proved it. `why`: how it ended, or what became of it; `value`: OPENED: 1 if the clock was known,
    FALSE_PROOF: the new stage of the back-off, CLOCK: the time to be set (seconds since 1970),
    REVOKED: the new epoch.
    """

    def __init__(self, what: int, why: str, value: int, whose: "Somebody | None" = None) -> None:
        self.what = what
        self.why = why
        self.value = value
        self.number = whose.number if whose else 0
        self.role = whose.role if whose else 0
        self.user = whose.user if whose else b""


class Access:
    """The one of a unit. `notes`: for the journal; who takes them clears them."""

    def __init__(self, board: Board, now: int) -> None:
        self.board = board
        self.notes: list[Note] = []
        self.sessions: list[Session] = []
        self.key = LockKey(board)
        self.state = ""
        if self.key.damaged or self._lost():
            self.state = STORAGE
        elif not self.key.found:
            self.state = UNPROVISIONED
        if self.state:
            # What else is stored means nothing without it, and none of it is looked at.
            return
        self._counter = Kept(board, COUNTER_AS)
        self._epoch = Kept(board, EPOCH_AS)
        self._backoff = Kept(board, BACKOFF_AS)
        self.bound = Bound(board, now)
        # Everything below the stored counter may have been used: it goes on there.
        self.next = self._counter.value
        # A stage that can't be read is the highest: it keeps nobody out.
        self.stage = self._backoff.value
        if not 0 <= self.stage <= _TOP_STAGE:
            self.stage = _TOP_STAGE
        if kept.NONE in (self._counter.value, self._epoch.value):
            self.state = STORAGE

    def _lost(self) -> bool:
        """Whether the key is gone from a unit that had one: that mustn't open it to everybody."""
        if self.key.found:
            return False
        for name in (COUNTER_AS, EPOCH_AS, BACKOFF_AS, BOUND_AS):
            if self.board.fetch(name) is not None:
                self.board.refuse(STORED_AS, "expected a key beside what is kept of sessions")
                return True
        return False

    @property
    def development(self) -> bool:
        """Whether the unit never had a key, and so works for whoever asks."""
        return self.state == UNPROVISIONED

    @property
    def epoch(self) -> int:
        """Credentials of another aren't accepted."""
        return self._epoch.value

    def spend(self) -> bool:
        """Use up `next`; False if it can't be made sure that nobody uses it again."""
        if self.next >= self._counter.value:
            ahead = self.next + _AHEAD
            if ahead > kept.LARGEST or not self._counter.put(ahead):
                return False
        self.next += 1
        return True

    def false_proof(self) -> int:
        """One more came; the ms to wait before it is refused."""
        if self.stage < _TOP_STAGE:
            self.stage += 1
            self._store_stage()
            self.notes.append(Note(FALSE_PROOF, "", self.stage))
        return _SHORTEST_MS << self.stage - 1

    def proved(self) -> None:
        """A proof held: the back-off begins again."""
        if self.stage:
            self.stage = 0
            self._store_stage()

    def _store_stage(self) -> None:
        self._backoff.put(self.stage)

    def grow(self, now: int) -> None:
        """Store the time's lower bound: to be called with every sample of the battery."""
        if self.key.found:
            self.bound.grow(now)

    def waits(self) -> bool:
        """Whether something isn't stored that should be, and may be by `retry`."""
        return self.key.found and (self.bound.refused or self.stage != self._backoff.value)

    def retry(self, now: int) -> None:
        """Store again what the board refused."""
        if self.waits():
            self._store_stage()
            self.bound.grow(now)

    def bump_epoch(self, by: "Session") -> str:
        """Begin a new epoch: DONE, or STORAGE, and then nothing changed.

        No credential so far is accepted any more; all sessions but `by` end. Whoever asks is in a
        session, so there is a key.
        """
        if self.epoch >= kept.LARGEST or not self._epoch.put(self.epoch + 1):
            return STORAGE
        self.notes.append(Note(REVOKED, "", self.epoch, by))
        for session in self.sessions:
            if session is not by:
                session.end("REVOKED")
        return DONE
