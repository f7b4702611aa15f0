"""What every check here has in common: files in, findings out, one line each.

It knows no rule; the rules are the modules beside it.
"""

import ast
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple


class Finding(NamedTuple):
    """One breach of a rule: `line` counts from 1; `text` says what to do about it."""

    line: int
    text: str


Rule = Callable[[ast.Module, Path], Iterable[Finding]]


def python_files(folder: Path) -> Iterator[Path]:
    """Every Python file under `folder`, in order of name."""
    yield from sorted(folder.rglob("*.py"))


def report(folders: Iterable[Path], rule: Rule) -> int:
    """Hold every Python file under `folders` to `rule`; print what is found; the exit code.

    A folder without Python files fails: a check of nothing must not pass.
    """
    found = 0
    for folder in folders:
        files = list(python_files(folder))
        if not files:
            print(f"{folder}: expected Python files, found none")
            found += 1
        for path in files:
            for line, text in sorted(rule(ast.parse(path.read_bytes(), str(path)), path)):
                print(f"{path}:{line}: {text}")
                found += 1
    return 1 if found else 0


def folders_from_arguments() -> list[Path]:
    """The folders named on the command line; leaves with 2 if there are none."""
    if len(sys.argv) == 1:
        print(f"usage: {sys.argv[0]} FOLDER ...", file=sys.stderr)
        sys.exit(2)
    return [Path(name) for name in sys.argv[1:]]
