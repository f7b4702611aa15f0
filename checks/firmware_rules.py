"""The firmware's core: integers only, and nothing that a board lacks.

Boards have 32-bit floats and PCs 64-bit ones, so a float would give two traces. This is no style
check, and it doesn't know whether the code is right.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from checks.findings import Finding, folders_from_arguments, report

# What may be imported: pure computation that MicroPython has on every port. No clock, pins,
# radio or files: those come in through the board that the core is given.
MODULES = {
    "array": "packed numbers",
    "binascii": "checksums, base64",
    "collections": "queues",
    "errno": "numbers of errors",
    "gc": "when memory is tidied",
    "json": "the link's lines",
    "lockunit": "itself",
    "micropython": "const and native code",
    "struct": "packed records",
    "sys": "which interpreter this is",
}
FLOATING = {
    "float": "float() makes a float",
    "complex": "complex() makes a float",
    "round": "round() is for floats: add half and use //",
    "pow": "pow() can make a float: use ** with a plain exponent",
}
MISSING: dict[type[ast.AST], str] = {
    ast.Match: "MicroPython has no match statement",
    ast.TryStar: "MicroPython has no except*",
    ast.AsyncFunctionDef: "the core is a reactor, without asyncio",
}


def _plain_exponent(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int


def _typing_only(tree: ast.Module) -> set[ast.AST]:
    """Nodes that only a type checker ever runs: what stands under `if TYPE_CHECKING:`."""
    return {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If)
        and isinstance(node.test, ast.Name)
        and node.test.id == "TYPE_CHECKING"
        for statement in node.body
        for inner in ast.walk(statement)
    }


def _imports(node: ast.AST) -> Iterator[str]:
    names: list[str] = []
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and not node.level:
        names = [node.module or ""]
    for name in names:
        if name.split(".")[0] not in MODULES:
            yield f"import of {name}: not in the list of modules that the core may use"


def _arithmetic(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
        yield f"float {node.value!r}: use integers and name the unit"
    if isinstance(node, ast.BinOp | ast.AugAssign):
        if isinstance(node.op, ast.Div):
            yield "/ makes a float: use //"
        if isinstance(node.op, ast.Pow):
            exponent = node.right if isinstance(node, ast.BinOp) else node.value
            if not _plain_exponent(exponent):
                yield "** with an exponent that may be negative makes a float"
    if isinstance(node, ast.Name) and node.id in FLOATING:
        yield FLOATING[node.id]


def breaches(tree: ast.Module, _path: Path) -> Iterator[Finding]:
    """Every breach in the file `tree` of the core."""
    typing_only = _typing_only(tree)
    for node in ast.walk(tree):
        if node in typing_only:
            continue
        line = getattr(node, "lineno", 0)
        for text in (*_arithmetic(node), *_imports(node)):
            yield Finding(line, text)
        if type(node) in MISSING:
            yield Finding(line, MISSING[type(node)])


if __name__ == "__main__":
    sys.exit(report(folders_from_arguments(), breaches))
