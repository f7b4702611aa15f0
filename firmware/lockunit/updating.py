"""An update over the link: who signed it is proved, then a slot is filled, and tried.

It refuses, tells and writes down; what becomes of the slot is `filling`'s. Nothing of it outlives
a restart but the trial.
"""

import binascii
import struct

from lockunit import VERSION, filling, records
from lockunit.crypto import hmac, same
from lockunit.filling import DONE, Filling
from lockunit.link import unbase64
from lockunit.lockkey import FOR_UPDATE
from lockunit.swap import NONE as NO_CHANGE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lockunit.link import Request
    from lockunit.slot import Slot
    from lockunit.update import Update

    Told = list[tuple[str, object]]

NONE, RESTARTING = "none", "restarting"
BUSY, NOT_BEGUN, STORAGE, FULL = "BUSY", "NOT_BEGUN", "STORAGE", "FULL"
_SIGNED = ("unit", "board", "version", "downgrade", "room", "size", "manifest")
# After these it goes on; after any other word it is over.
_GOES_ON = (DONE, BUSY, filling.DIFFERENT, filling.WRONG_PLACE, filling.WRONG_DATA)
# Nothing is wrong with the update itself.
_UNTOLD = (BUSY, "UNPROVISIONED")
# Between two pieces of work; and until it is looked again whether the motor still runs.
_PIECE_MS, _BUSY_MS = 5, 50
_IDLE_MS = 10 * 60_000
# The answer is on its way by then.
_RESTART_MS = 1_000
# Of file systems; where a board's are smaller there is more room than is reckoned with.
_BLOCK_BYTES = 4_096
_PIECE = 1_024


class Updating:
    """The one of a unit that goes on, or none; `update` has its timers."""

    def __init__(self, update: "Update") -> None:
        self._update = update
        self._parts = update.parts
        self._slot = update.parts.board.slot()
        self._filling: Filling | None = None
        self._restarts = False
        self._version = ""
        # Who waits for an answer.
        self._asked: Request | None = None

    def take(self, now: int, request: "Request", busy: bool) -> "Told | None":
        """Carry out a request; None if it is answered later."""
        method = request.method[7:]
        if method == "state":
            return self._state()
        if method == "begin":
            return self._begin(now, request.params, busy)
        found = self._filling
        if found is None:
            return self._told(NOT_BEGUN)
        if self._restarts:
            return self._told(BUSY)
        if method == "cancel":
            self._end(now, "CANCELLED")
            self.answer(now, NOT_BEGUN)
            return self._told(DONE)
        return self._go_on_with(now, found, request, busy)

    def _go_on_with(
        self, now: int, found: Filling, request: "Request", busy: bool
    ) -> "Told | None":
        if self._asked is not None or found.phase == filling.CLEARING:
            return self._told(BUSY)
        self._update.idle.set(now, _IDLE_MS)
        try:
            result = self._filled(found, request.method[7:], request.params, busy)
        except (OSError, ValueError):
            result = STORAGE
        if not result:
            self._asked = request
            self._update.work.set(now, _PIECE_MS)
            return None
        told = self._told(result)
        if result not in _GOES_ON:
            self._end(now, result)
        return told

    def _filled(self, found: Filling, method: str, params: "dict[str, object]", busy: bool) -> str:
        if method == "finish":
            return BUSY if self._in_use(busy) else found.finish()
        if busy:
            return BUSY
        if method == "keep":
            return found.keep(_whole(params["file"]))
        return found.write(
            _whole(params["file"]), _whole(params["at"]), unbase64(str(params["data"]))
        )

    def _in_use(self, busy: bool) -> bool:
        """Whether the lock is: then it doesn't restart."""
        return busy or self._parts.swap.phase != NO_CHANGE

    def _told(self, result: str) -> "Told":
        told: Told = [("result", result)]
        if self._filling is not None:
            told += [("file", self._filling.file), ("at", self._filling.at)]
        return told

    def _state(self) -> "Told":
        slot, found = self._slot, self._filling
        phase = NONE if found is None else RESTARTING if self._restarts else found.phase
        told: Told = [("phase", phase)]
        if slot is not None:
            told += [("board", slot.board), ("mpy", slot.mpy), ("runs", _runs(slot))]
        if found is not None:
            told += [("version", self._version), ("manifest", _hex(found.manifest))]
            told += [("files", found.files), ("file", found.file), ("at", found.at)]
        return told

    def _begin(self, now: int, params: "dict[str, object]", busy: bool) -> "Told":
        """Nothing on the flash is changed before all of it was looked at."""
        slot = self._slot
        why = self._refusal(params) or (BUSY if self._hinders(busy) else "")
        if not why and slot is not None:
            blocks = (_whole(params["size"]) + _BLOCK_BYTES - 1) // _BLOCK_BYTES
            try:
                if _whole(params["room"]) + blocks * _BLOCK_BYTES > slot.room():
                    why = FULL
            except OSError:
                why = STORAGE
        manifest = _unhex(params["manifest"])
        if why or slot is None:
            if why not in _UNTOLD:
                self._note(now, "refused", why, str(params["version"]), manifest)
            return [("result", why)]
        if self._filling is not None:
            self._end(now, "REPLACED")
            self.answer(now, NOT_BEGUN)
        self._version = str(params["version"])
        self._note(now, "begun", "", self._version, manifest)
        self._filling = Filling(self._parts.board, slot, manifest, _whole(params["size"]))
        self._update.work.set(now, _PIECE_MS)
        self._update.idle.set(now, _IDLE_MS)
        return [("result", DONE)]

    def _refusal(self, params: "dict[str, object]") -> str:
        """What is wrong with this update, "" if nothing is."""
        board, access = self._parts.board, self._parts.access
        if access.state:
            return access.state
        text = "lockrig-update/1\n" + "".join([str(params[name]) + "\n" for name in _SIGNED])
        signed = hmac(board, access.key.make(FOR_UPDATE), text.encode())
        if not same(signed, _unhex(params["tag"])) or len(_unhex(params["manifest"])) != 32:
            return "NOT_PROVED"
        if params["unit"] != board.unit_id():
            return "WRONG_UNIT"
        if self._slot is None or params["board"] != self._slot.board:
            return "WRONG_BOARD"
        older = _numbers(str(params["version"])) < _numbers(VERSION)
        return "OLDER" if older and not params["downgrade"] else ""

    def _hinders(self, busy: bool) -> bool:
        """Whether something else goes on, that an update mustn't meet."""
        parts = self._parts
        return (
            self._in_use(busy)
            or parts.trial.on
            or parts.maintenance.timer.armed()
            or self._restarts
        )

    def go_on(self, now: int, busy: bool) -> None:
        """The next piece of work is due."""
        found = self._filling
        if found is None:
            return
        if self._in_use(busy) if self._restarts else busy:
            self._update.work.set(now, _BUSY_MS)
        elif self._restarts:
            self._parts.board.restart()
        else:
            self._piece(now, found)

    def _piece(self, now: int, found: Filling) -> None:
        verifies = found.phase == filling.VERIFYING
        try:
            result = found.go_on()
            if verifies and result == DONE and self._slot is not None:
                self._slot.try_it()
        except (OSError, ValueError):
            result = STORAGE
        if not result:
            self._update.work.set(now, _PIECE_MS)
            return
        if verifies and result == DONE:
            self._restarts = True
            self._update.idle.clear()
            self._update.work.set(now, _RESTART_MS)
            self._note(now, "tried", "", self._version, found.manifest)
        elif result not in _GOES_ON:
            self._end(now, result)
        self.answer(now, result)

    def drop(self, now: int) -> None:
        """Nobody went on with it."""
        if self._filling is not None and not self._restarts:
            self._end(now, "IDLE")
            self.answer(now, NOT_BEGUN)

    def answer(self, now: int, result: str) -> None:
        """Answer whoever waits, if somebody does."""
        asked, self._asked = self._asked, None
        if asked is not None:
            asked.link.result(now, asked, self._told(result))

    def _end(self, now: int, why: str) -> None:
        """It is over, without a trial."""
        found, self._filling = self._filling, None
        self._update.work.clear()
        self._update.idle.clear()
        if found is not None:
            found.end()
            self._note(now, "ended", why, self._version, found.manifest)

    def _note(self, now: int, what: str, why: str, version: str, manifest: bytes) -> None:
        """Write down what became of it."""
        words = records.number(records.UPDATES, what), records.number(records.UPDATE_WHYS, why)
        told = version.encode()[:10], manifest[:8]
        body = struct.pack(records.BODIES[records.UPDATE], *words, *told)
        journal = self._parts.journal
        if what == "refused":
            journal.add_limited(now, records.UPDATE, body)
        else:
            journal.add(now, records.UPDATE, body)


def _runs(slot: "Slot") -> str:
    """The hash, in hex, of the running firmware's own list of its files; "": it has none."""
    found, at = slot.hash(), 0
    try:
        while True:
            data = slot.used("firmware.json", at, _PIECE)
            if not data:
                return _hex(found.digest())
            found.update(data)
            at += len(data)
    except OSError:
        return ""


def _hex(data: bytes) -> str:
    return str(binascii.hexlify(data), "ascii")


def _whole(value: object) -> int:
    """A parameter that the table says is an integer."""
    assert isinstance(value, int)
    return value


def _unhex(value: object) -> bytes:
    """The bytes; b"" if it isn't hex."""
    try:
        return binascii.unhexlify(str(value))
    except ValueError:
        return b""


def _numbers(version: str) -> "list[int]":
    """To compare versions by; a part that is no number counts as 0."""
    return [int(part) if part.isdigit() else 0 for part in version.split(".")]
