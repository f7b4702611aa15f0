"""The watch on a page: from the page's messages, with its own times, to the procedure's.

Pure: no socket and no clock. Any doubt about the page or its clock is passed on as one; nothing
that a page says, or leaves unsaid, can make the verdict better than taps in a terminal would.
"""

from collections import deque
from typing import Annotated, Literal

import msgspec

from lockrig.diagnose.contact import Contact
from lockrig.diagnose.keeping import Keeping
from lockrig.diagnose.procedure import Procedure, Step
from lockrig.diagnose.watch import STOPPED_MS

# Of so many beats the one that went to and fro the quickest tells the page's clock best.
REMEMBERED = 20
# What a hand can do in a watch, and much more.
MOST_TAPS = 300
_Ms = Annotated[float, msgspec.Meta(ge=0, le=1e12)]


class Beat(msgspec.Struct, tag_field="is", tag="beat", forbid_unknown_fields=True):
    """The page answers the server's beat `n` at `t`, by `performance.now()`."""

    n: int
    t: _Ms


class Tap(msgspec.Struct, tag_field="is", tag="tap", forbid_unknown_fields=True):
    """A tap at `t`."""

    key: Literal["start", "green", "red", "undo"]
    t: _Ms


class Hidden(msgspec.Struct, tag_field="is", tag="hidden", forbid_unknown_fields=True):
    """The page was hidden, or taps may have gone elsewhere."""


class Press(msgspec.Struct, tag_field="is", tag="press", forbid_unknown_fields=True):
    """In training: the unit's button."""


_decoder = msgspec.json.Decoder(Beat | Tap | Hidden | Press)


class NonsenseError(Exception):
    """The page said what no page of ours says."""


class Watching:
    """One connection of one page, until the watch is over. Times are the server's, in ms."""

    def __init__(self, procedure: Procedure, keeping: Keeping, contact: Contact | None) -> None:
        self.answered_ms: int | None = None
        """When the page last answered."""
        self._procedure = procedure
        self._keeping = keeping
        self._contact = contact
        self._number = 0
        self._sent: dict[int, int] = {}
        # Of the last beats: how long they took, and what to add to the page's time for ours.
        self._beats: deque[tuple[int, int]] = deque(maxlen=REMEMBERED)
        self._add_ms: int | None = None
        self._heard_ms = 0
        self._taps = 0

    @property
    def live(self) -> bool:
        """Whether START may be tapped, or taps count."""
        return self._procedure.step in (Step.START, Step.WATCH)

    @property
    def ready(self) -> bool:
        """Whether the page's clock is known."""
        return bool(self._beats)

    def beat(self, now_ms: int) -> dict[str, object]:
        """The message to send; a beat that is never answered is in the next ones' gap."""
        if self._contact:
            self._contact.turn(now_ms)
        self._number += 1
        self._sent[self._number] = now_ms
        while len(self._sent) > 10 * REMEMBERED:
            del self._sent[next(iter(self._sent))]
        told: dict[str, object] = {"n": self._number, "step": self._told()}
        if self._contact:
            told["leds"] = self._contact.leds()
        return told

    def said(self, message: str | bytes, now_ms: int) -> None:
        """The page said `message`; NonsenseError is a reason to hang up."""
        try:
            heard = _decoder.decode(message)
        except msgspec.DecodeError:
            raise NonsenseError from None
        if isinstance(heard, Beat):
            self._beat(heard, now_ms)
        elif isinstance(heard, Tap):
            self._tap(heard, now_ms)
        elif isinstance(heard, Hidden):
            self._procedure.hidden(now_ms)
        elif self._contact and self.live:
            self._contact.turn(now_ms)
            self._contact.press()

    def lost(self, now_ms: int) -> None:
        """The connection is gone, or another page has taken over."""
        self._procedure.hidden(now_ms)

    def _told(self) -> str:
        if not self.live:
            return "over"
        if not self.ready:
            return "wait"
        return "start" if self._procedure.step is Step.START else "watch"

    def _beat(self, beat: Beat, now_ms: int) -> None:
        sent_ms = self._sent.pop(beat.n, None)
        if sent_ms is None:
            raise NonsenseError
        for older in [n for n in self._sent if n < beat.n]:
            del self._sent[older]  # answered out of order: nobody would
        self.answered_ms, self._heard_ms = now_ms, sent_ms
        self._beats.append((now_ms - sent_ms, (sent_ms + now_ms) // 2 - int(beat.t)))
        if self._procedure.step is Step.WATCH:
            self._time(beat.t, now_ms)

    def _time(self, page_ms: float, now_ms: int) -> int:
        """The server's time of the page's; how far it may be off goes to the procedure.

        It was after the last beat that the page has answered was sent, and before now.
        """
        if self._add_ms is None:
            # Kept from then on: a clock that jumps or stands still is off.
            self._add_ms = min(self._beats)[1]
        t_ms = int(page_ms) + self._add_ms
        off_ms = max(abs(t_ms - self._heard_ms), abs(now_ms - t_ms))
        if off_ms > STOPPED_MS:
            # Nothing can be known any more; the watch ends in time all the same.
            self._add_ms, t_ms = now_ms - int(page_ms), now_ms
        self._procedure.turn(t_ms)
        self._procedure.off(off_ms)
        return t_ms

    def _tap(self, tap: Tap, now_ms: int) -> None:
        if not self.live or not self.ready:
            return
        self._taps += 1
        if self._taps > MOST_TAPS:
            raise NonsenseError
        if self._procedure.step is Step.START and tap.key != "start":
            return
        t_ms = self._time(tap.t, now_ms)
        self._keeping.tap(tap.key, t_ms)
        self._time(tap.t, now_ms)
