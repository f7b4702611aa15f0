"""Faults that are planted into a copy of the firmware, and what each has to violate."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """What is planted (file, what stands there, what is put instead), and what it violates."""

    planted: tuple[tuple[str, str, str], ...]
    scenario: str
    requirement: str
    invariant: str
    seen: str
    # Where among the cuts to begin, in per cent: where the fault shows, so that few are made.
    begin: float = 0


_STORE = """\
        with open(self._path(name + _BESIDE), "wb") as file:
            file.write(data)
        os.rename(self._path(name + _BESIDE), self._path(name))
"""
_IN_PLACE = """\
        with open(self._path(name), "wb") as file:
            file.write(data)
"""
_IN_PIECES = """\
        with open(self._path(name), "wb") as file:
            for start in range(0, len(data), 100):
                file.write(data[start : start + 100])
                file.flush()
"""
_WRITE = "    def write(self, name: str, data: bytes) -> None:\n"
_LATE = """\
    _late = None

    def write(self, name: str, data: bytes) -> None:
        self._late = (name, data)

    def write_now(self, name: str, data: bytes) -> None:
"""
_LATER = """\
        self.uart.write(line + b"\\n")
        late, self._late = self._late, None
        if late:
            self.write_now(*late)
"""
_REFUSE = "        board.refuse(_SETTINGS, str(error))\n"
_SAFE = "        return safe_settings(kind) if kind else safe_settings()\n"
_SUSPECT = """\
            self.board.refuse(_STORED_AS, "expected a level and its ground, with their complements")
            self.suspect(G_STORAGE)
"""
_ADD_RUN = "            self.journal.add(now, records.BOLT, entries.run(run, self.bolt.state))\n"
_COUNT_RUN = """\
            # Counted first: who hears that a run ended may then ask how many there are.
            self.swap.ran(run)
"""
_TELL_RUN = "            self._tell_run(now, run)\n"
_CUT_OFF = """\
            self.board.write(name, self.board.read(name, 0, places * SIZE))
"""
_CUT_OFF_MORE = """\
            places -= 1
            self.board.write(name, self.board.read(name, 0, places * SIZE))
"""
_TRY_ACK = (
    "        if upto <= self.acked or not self._try(now, ACK, struct.pack(BODIES[ACK], upto)):\n"
)
_FREE_FIRST = "        self.acked = upto\n        self._free()\n" + _TRY_ACK
_DROP = """\
            for first in held[:-MOST_SEGMENTS]:
                self.segments.drop(first)
"""
_OLDEST = "        held = self.segments.firsts()\n        if len(held) > MOST_SEGMENTS:\n"
_DROP_FIRST = (
    "        held = self.segments.firsts()\n"
    + _DROP.replace("    " * 3, "    " * 2)
    + """\
        if len(held) > MOST_SEGMENTS:
"""
)
_KEY = '        board.refuse(STORED_AS, "expected a key with its checksum")\n'
_FETCH = """\
        try:
            with open(self._path(name), "rb") as file:
"""
_FETCH_STALE = """\
        try:
            with open(self._path(name + _BESIDE), "rb") as file:
                return file.read()
        except OSError:
            pass
        try:
            with open(self._path(name), "rb") as file:
"""

FAULTS = {
    "stored in place": Fault(
        (("lockboards/files.py", _STORE, _IN_PLACE),),
        "levels",
        "PWR-1",
        "nothing gets corrupt",
        "it refuses ['battery']",
        begin=14,
    ),
    "stored in place, in pieces": Fault(
        (("lockboards/files.py", _STORE, _IN_PIECES),),
        "settings",
        "PWR-1",
        "settings are old or new",
        "found are -2, of (0, 1)",
    ),
    "told before it is stored": Fault(
        (
            ("lockboards/board.py", _WRITE, _LATE),
            ("lockboards/board.py", '        self.uart.write(line + b"\\n")\n', _LATER),
        ),
        "levels",
        "PWR-1",
        "the level told is the level kept",
        "it reports ('UNKNOWN', 'none')",
        begin=35,
    ),
    "a suspicion told before it is stored": Fault(
        (
            ("lockboards/board.py", _WRITE, _LATE),
            ("lockboards/board.py", '        self.uart.write(line + b"\\n")\n', _LATER),
        ),
        "diagnostic",
        "PWR-1",
        "no suspicion is forgotten",
        "('SUSPECTED_DISCHARGED', 'diagnostic') was told and is forgotten",
        begin=50,
    ),
    "corrupt settings taken for none": Fault(
        (("lockboards/app.py", _REFUSE + _SAFE, "        return Settings()\n"),),
        "bad settings",
        "PWR-2",
        "what is corrupt is named",
        "settings is corrupt, and hello doesn't name it",
    ),
    "corrupt settings end the main loop": Fault(
        (("lockboards/app.py", _REFUSE + _SAFE, "        raise\n"),),
        "bad settings",
        "PWR-1",
        "it comes back and answers",
        "ValueError: relock_ms",
    ),
    "a changed bit passes": Fault(
        (("lockunit/settings.py", "!= binascii.crc32(body)", "is None"),),
        "rotten settings",
        "PWR-2",
        "what is corrupt is named",
        "settings is corrupt",
    ),
    "a corrupt latch taken for none": Fault(
        (("lockunit/battery.py", _SUSPECT, "            pass\n"),),
        "bad latch",
        "PWR-2",
        "a corrupt latch is a suspicion",
        "it reports ('UNKNOWN', 'none')",
    ),
    "a corrupt latch overwritten": Fault(
        (("lockboards/files.py", "            self._keep_aside(name)\n", ""),),
        "bad latch",
        "PWR-2",
        "what was corrupt is kept",
        "it is gone",
    ),
    "the bolt assumed": Fault(
        (
            (
                "lockunit/bolt.py",
                "motor(0)\n        self.state = self._sensed()",
                "motor(0)\n        self.state = LOCKED",
            ),
        ),
        "thumb-turn",
        "BOLT-5",
        "the bolt is sensed",
        "the bolt is UNLOCKED, told was LOCKED",
    ),
    "a light at the boot": Fault(
        (("lockunit/unit.py", "        board.leds(0, 0)\n", "        board.leds(1, 0)\n"),),
        "levels",
        "BOLT-5",
        "dark and still",
        "led.green 1",
    ),
    "what was left over is read": Fault(
        (
            ("lockboards/files.py", _FETCH, _FETCH_STALE),
            (
                "lockboards/files.py",
                "                self._sweep(name)\n",
                "                pass\n",
            ),
        ),
        "left over",
        "PWR-1",
        "nothing gets corrupt",
        "it refuses ['battery', 'settings']",
    ),
    "told before it is in the journal": Fault(
        (
            (
                "lockunit/unit.py",
                _ADD_RUN + _COUNT_RUN + _TELL_RUN,
                _TELL_RUN + _ADD_RUN + _COUNT_RUN,
            ),
        ),
        "journal turn",
        "PWR-1",
        "what was told is in the journal",
        "bolt.moved: told was ('hand', '', 'UNLOCKED')",
        begin=48,
    ),
    "a number again after a torn record": Fault(
        (("lockunit/segments.py", _CUT_OFF, _CUT_OFF_MORE),),
        "journal torn",
        "PWR-1",
        "no number is used twice",
        "number 8 was another record before",
    ),
    "what was torn stays in between": Fault(
        (("lockunit/segments.py", _CUT_OFF, ""),),
        "journal torn",
        "PWR-1",
        "the journal is whole and signed",
        "damaged: 9",
    ),
    "freed before the acknowledgement is stored": Fault(
        (("lockunit/journal.py", _TRY_ACK, _FREE_FIRST),),
        "journal acknowledged",
        "PWR-1",
        "the journal is whole and signed",
        "missing: 1 to 6",
        begin=72,
    ),
    "an acknowledgement that isn't stored": Fault(
        (
            (
                "lockunit/journal.py",
                _TRY_ACK,
                "        self.acked = upto\n        return DONE\n" + _TRY_ACK,
            ),
        ),
        "journal acknowledged",
        "PWR-1",
        "an acknowledgement stands",
        "known is 0",
    ),
    "overwritten before it is told": Fault(
        (("lockunit/journal.py", _DROP, ""), ("lockunit/journal.py", _OLDEST, _DROP_FIRST)),
        "journal full",
        "PWR-2",
        "what is overwritten is told",
        "1 to 2 are gone",
        begin=80,
    ),
    "another key without a word": Fault(
        (
            ("lockunit/journalkey.py", _KEY, ""),
            (
                "lockunit/journal.py",
                '            self.fault(now, "key", wrong)\n',
                "            pass\n",
            ),
        ),
        "journal key",
        "PWR-2",
        "a corrupt key is written down",
        "no record says",
    ),
}
