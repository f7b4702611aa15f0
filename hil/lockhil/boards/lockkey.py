"""The lock's key over a board's console: what is there, told by its hash, and a new one put there.

No key comes back from a board; what is sent is in no log.
"""

import hashlib
from dataclasses import dataclass

from lockhil.boards.repl import NoContactError, Repl
from lockunit import lockkey

_LOOK = """
from lockboards.files import Files
from hashlib import sha256
import binascii
f=Files('/data')
k=f.fetch('key.lock')
u=f.fetch('unit')
print((u and u.decode(),k if k is None else binascii.hexlify(sha256(k).digest()).decode()))
"""


@dataclass(frozen=True, slots=True)
class Found:
    """The unit's label, None if it has none, and what tells its key, None if it has none."""

    unit: str | None
    print_: str | None


def fingerprint(key: bytes) -> str:
    """What tells a key that is stored on a board, and doesn't tell it."""
    return hashlib.sha256(lockkey.pack(key)).hexdigest()


def look(repl: Repl) -> Found:
    """Whose board it is, and which key it has. BoardError, NoContactError."""
    told = repl.values(_LOOK)
    if len(told) != 1 or not isinstance(told[0], tuple) or len(told[0]) != 2:
        raise NoContactError(f"{repl.port}: the board doesn't say which unit it is; run again")
    return Found(*told[0])


def set_clock(repl: Repl, now_s: int) -> None:
    """Set the board's calendar, which its next start leaves as it is. BoardError, NoContactError.

    `now_s`: seconds since 1970, UTC.
    """
    repl.run(f"from lockboards.clock import set_utc\nset_utc({now_s})")


def put(repl: Repl, key: bytes, epoch: int, now_s: int) -> None:
    """Store the key on the board, which uses it from its next start on.

    BoardError: it was refused, or isn't there as it was sent; NoContactError.
    """
    code = f"provision_lock({key.hex()!r},{epoch},{now_s})"
    repl.run(f"from lockboards.keys import provision_lock\n{code}")
