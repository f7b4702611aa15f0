"""What CPython takes and MicroPython does not: a core with it can't even be loaded on a board."""

import ast
from pathlib import Path

import pytest

import lockunit

FILES = sorted(Path(lockunit.__file__).parent.glob("*.py"))


def _stars(text: str) -> list[int]:
    """The lines with a * inside a list, a tuple or a set: MicroPython has it in calls only."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.List | ast.Tuple | ast.Set)
        and not isinstance(getattr(node, "ctx", None), ast.Store)
        and any(isinstance(inner, ast.Starred) for inner in node.elts)
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_star_in_a_display(path: Path) -> None:
    assert not _stars(path.read_text(encoding="utf-8"))


def test_that_a_star_is_found() -> None:
    assert _stars("a = [*b, 1]\nc = (1, *d)\ne = {*f}\ng(*h)\ni, *j = k") == [1, 2, 3]
