"""No file grows beyond what can be read in one sitting.

Length alone is looked at; whether a file is about one thing is for its reader to say.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from checks.findings import Finding, folders_from_arguments, report

LONGEST = 300


def breaches(_tree: ast.Module, path: Path) -> Iterator[Finding]:
    """A finding if the file at `path` is too long."""
    lines = path.read_bytes().count(b"\n")
    if lines > LONGEST:
        yield Finding(LONGEST, f"{lines} lines, at most {LONGEST}: split it by concept")


if __name__ == "__main__":
    sys.exit(report(folders_from_arguments(), breaches))
