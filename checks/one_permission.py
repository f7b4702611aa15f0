"""CHANGE_ALLOWED is said in one function of the judge's verdict, and nowhere else in code.

A second place could allow what the judge refuses. Docstrings may speak of it; a name imported
under another name isn't seen here.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from checks.findings import Finding, folders_from_arguments, report

WORD = "CHANGE_ALLOWED"
HOME = ("lockjudge", "verdict.py")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def _docstrings(tree: ast.Module) -> set[ast.AST]:
    """The strings that stand alone as statements: they do nothing."""
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def _says_it(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and WORD in node.value
    if isinstance(node, ast.Attribute):
        return node.attr == WORD
    return isinstance(node, ast.Name) and node.id == WORD


def breaches(tree: ast.Module, path: Path) -> Iterator[Finding]:
    """Every place in the file `tree` that says it and may not."""
    silent = _docstrings(tree)
    homes: list[str] = []

    def visit(node: ast.AST, function: str | None) -> Iterator[Finding]:
        for child in ast.iter_child_nodes(node):
            if child in silent:
                continue
            if _says_it(child):
                yield from _judged(child, function)
            name = child.name if isinstance(child, Function) and not function else function
            yield from visit(child, name)

    def _judged(node: ast.AST, function: str | None) -> Iterator[Finding]:
        line = getattr(node, "lineno", 0)
        if path.parts[-2:] != HOME:
            yield Finding(line, f"{WORD}: ask `verdict.exit_code == 0` instead")
        elif function is None:
            yield Finding(line, f"{WORD} outside a function")
        elif function not in homes:
            homes.append(function)
            if len(homes) > 1:
                yield Finding(line, f"{WORD} in {function}(), and already in {homes[0]}()")

    yield from visit(tree, None)


if __name__ == "__main__":
    sys.exit(report(folders_from_arguments(), breaches))
