"""The journal's key, on the console: given out once, or replaced by another.

Run by whoever sits at the board's USB. It isn't on the link: what passes there is recorded.
"""

import binascii

from lockboards.files import Files
from lockunit import journalkey

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
    raw = binascii.unhexlify(key)
    if len(raw) != journalkey.KEY_BYTES:
        raise ValueError("expected " + str(journalkey.KEY_BYTES) + " bytes in hex")
    Files(_FOLDER).store(journalkey.STORED_AS, journalkey.pack(raw, True))
