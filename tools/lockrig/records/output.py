"""Files that a user asked for by name, and folders: whole or not at all.

What stands in them is the caller's.
"""

import shutil
import stat
from collections.abc import Iterable
from pathlib import Path
from tempfile import mkdtemp

from lockrig.errors import Exit, LockrigError
from lockrig.i18n import _
from lockrig.records.store import write_whole
from lockrig.trace.terminal import safe


def save(path: Path, data: bytes) -> None:
    """Write the file; one that is there is replaced. LockrigError (usage): it can't be."""
    try:
        if path.exists() and not stat.S_ISREG(path.stat().st_mode):
            told = _("{path} is no ordinary file: name another one")
            raise LockrigError(told.format(path=safe(str(path))), Exit.USAGE)
        write_whole(path, data)
    except OSError as error:
        raise _unwritable(path, error) from None


def save_folder(path: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Make a folder with these files. LockrigError (usage): there is one, or it can't be made."""
    beside: Path | None = None
    try:
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            told = _("{path} exists: name a new folder, or an empty one")
            raise LockrigError(told.format(path=safe(str(path))), Exit.USAGE)
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(mkdtemp(prefix=f".{path.name}.", dir=path.parent))
        beside.chmod(0o755)
        for name, data in files:
            write_whole(beside / name, data)
        if path.exists():
            path.rmdir()
        beside.rename(path)
        beside = None
    except OSError as error:
        raise _unwritable(path, error) from None
    finally:
        if beside is not None:
            shutil.rmtree(beside, ignore_errors=True)


def _unwritable(path: Path, error: OSError) -> LockrigError:
    told = _("can't write {path}: {why}; check the path, or name another one")
    return LockrigError(
        told.format(path=safe(str(path)), why=error.strerror or str(error)), Exit.USAGE
    )
