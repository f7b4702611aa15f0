"""Reading files that may be anything: ordinary ones only, and never more than was asked for.

It knows no records; whoever reads says what is too much.
"""

import os
import stat
from pathlib import Path

from lockrig.records.sealed import DamagedRecordError

# A record is a few kB; what is a thousand times that is none.
MOST_RECORD_BYTES = 4 * 2**20
# Years of a unit's life fit in.
MOST_TRACE_BYTES = 256 * 2**20
# A pipe in a file's place must not be waited for, nor a link be followed; Windows has neither flag.
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
)


def read_ordinary(path: Path, most: int = MOST_RECORD_BYTES) -> bytes:
    """The bytes of an ordinary file; DamagedRecordError says why not, FileNotFoundError too."""
    try:
        if path.is_symlink():
            raise DamagedRecordError("it is a link, not a file")
        handle = os.open(path, _FLAGS)
        with open(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise DamagedRecordError("it is no ordinary file")
            data = file.read(most + 1)
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        if isinstance(error, DamagedRecordError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise DamagedRecordError(reason) from None
    if len(data) > most:
        raise DamagedRecordError(f"it is larger than {most >> 20} MiB")
    return data
