"""Writing a report's files: beside their places first, then renamed, so that none is ever half.

It knows nothing of what is in them.
"""

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path


class ReportNotWrittenError(OSError):
    """The report couldn't be written; `str()` is one line that says where, why and what to do."""


def write_beside(texts: Mapping[Path, str]) -> None:
    """Write all the files, or leave what was there; folders are made. ReportNotWrittenError."""
    beside = {path: path.with_name(f".{path.name}.{os.getpid()}.part") for path in texts}
    try:
        for path, content in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            # Half a surrogate pair, which a foreign file name can hold, becomes its escape.
            beside[path].write_text(content, "utf-8", errors="backslashreplace", newline="\n")
        for path, written in beside.items():
            written.replace(path)
    except OSError as error:
        folder = next(iter(texts)).parent
        reason = error.strerror or type(error).__name__
        raise ReportNotWrittenError(
            f"expected to write the report into {folder}, got: {reason}; "
            "free some space or name another folder"
        ) from error
    finally:
        for written in beside.values():
            with contextlib.suppress(OSError):
                written.unlink(missing_ok=True)
