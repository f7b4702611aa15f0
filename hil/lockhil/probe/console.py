"""A unit's own console, in the hands of a bench: what it has stored, and a reset by software.

Only a development unit has one; all that it stored goes, but for its label and the calibration of
this very board. No test acts on it while its link is used.
"""

import base64
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from lockhil.bench import NotOnThisBenchError
from lockhil.boards import onboard
from lockhil.boards.repl import BoardError, NoContactError, NotAConsoleError, Repl
from lockhil.targets.options import Options
from lockhil.targets.realclock import ContactLostError
from lockunit import journalkey, lockkey

_FOLDER = "/data"
_UNIT, _SETTINGS = "unit", "settings"
_KEPT = (_UNIT, "calibration")
_PIECE = 512


class UnitConsole:
    """The console at `port`, of the unit with this label, if one is given; ContactLostError."""

    def __init__(self, port: str, unit: str = "") -> None:
        self._port = port
        self._unit = unit
        # A unit makes one where it finds none, and tells nobody.
        self._key = secrets.token_bytes(32)

    @contextmanager
    def _open(self) -> Iterator[Repl]:
        try:
            repl = Repl(self._port)
            try:
                repl.run(onboard.PREPARE)
                yield repl
            finally:
                repl.close()
        except (NoContactError, NotAConsoleError, BoardError) as error:
            raise ContactLostError(f"the unit's console: {error}") from None

    def reset(self) -> None:
        """End what runs, and reset by software."""
        with self._open() as repl:
            repl.reset()

    def prepare(self, begin: Options) -> None:
        """Let the unit have stored what `begin` says, its label, and nothing else.

        It is left at its prompt, for its power to be cut.
        """
        if begin.sealed:
            raise NotOnThisBenchError("needs a lock's key, which would close the unit's console")
        key = journalkey.pack(self._key, False)
        found = {journalkey.STORED_AS: key, **begin.found(), _SETTINGS: begin.settings().encode()}
        with self._open() as repl:
            [names] = repl.values(onboard.names(_FOLDER))
            self._refuse(repl, names)
            gone = [f"{_FOLDER}/{name}" for name in names if name not in _KEPT]
            for at in range(0, len(gone), 16):
                repl.run(onboard.remove(gone[at : at + 16]))
            for name, data in found.items():
                repl.run(onboard.begin_file(f"{_FOLDER}/{name}"))
                for at in range(0, len(data), _PIECE):
                    piece = base64.b64encode(data[at : at + _PIECE]).decode()
                    repl.run(onboard.more(piece))
                repl.run(onboard.END_FILE)

    def _refuse(self, repl: Repl, names: list[str]) -> None:
        """Nothing is erased of a unit that it isn't for, or that is somebody's lock."""
        if lockkey.STORED_AS in names:
            raise NotOnThisBenchError(
                "needs a unit without a lock's key: nothing of this is erased"
            )
        if not self._unit:
            return
        label = repl.run(f"print(open('{_FOLDER}/{_UNIT}').read())").strip()
        if label != self._unit:
            raise ContactLostError(
                f"the unit's console: expected the unit {self._unit}, it is {label}; "
                "nothing was erased: is another board plugged in?"
            )

    def journal_key(self) -> bytes:
        """The key that the unit's journal is signed with."""
        return self._key
