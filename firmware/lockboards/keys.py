"""A unit's keys, on the console: the journal's is given out or replaced, the lock's is stored.

Run by whoever sits at the board's USB. They aren't on the link: what passes there is recorded.
"""

import binascii

from lockboards.files import Files
from lockunit import journalkey, kept, lockkey

_FOLDER = "/data"


def give() -> "str | None":
    """The key in hex; "" if it was given out already, None if there is none yet."""
    files = Files(_FOLDER)
    stored = files.fetch(journalkey.STORED_AS)
    found = None if stored is None else journalkey.unpack(stored)
    if found is None:
        return None
    if found[1]:
        return ""
    # Before it is told: a key that is lost on its way is replaced, one told twice isn't noticed.
    files.store(journalkey.STORED_AS, journalkey.pack(found[0], True))
    return str(binascii.hexlify(found[0]), "ascii")


def provision(key: str) -> None:
    """Replace the key by this one, in hex; from its next start on the unit uses it."""
    raw = _raw(key, journalkey.KEY_BYTES)
    Files(_FOLDER).store(journalkey.STORED_AS, journalkey.pack(raw, True))


def provision_lock(key: str, epoch: int, now_s: int) -> None:
    """Store the lock's key, in hex, with what goes with it at `now_s` (seconds since 1970).

    From its next start on the unit has it, and no credential of another key is any good.
    ValueError: it isn't a key, or it is the unit's own, whose counter is lost.
    """
    raw = _raw(key, lockkey.KEY_BYTES)
    files = Files(_FOLDER)
    before = files.fetch(lockkey.STORED_AS)
    stored = files.fetch(lockkey.COUNTER_AS)
    counter = kept.NONE if stored is None else kept.unpack(stored)
    if counter == kept.NONE:
        if before is not None and lockkey.unpack(before) == raw:
            raise ValueError("expected another key: numbers of this one would come again")
        counter = 0
    for name, data in lockkey.provisions(raw, epoch, now_s, counter):
        files.store(name, data)


def _raw(key: str, count: int) -> bytes:
    raw: bytes = binascii.unhexlify(key)
    if len(raw) != count:
        raise ValueError("expected " + str(count) + " bytes in hex")
    return raw
