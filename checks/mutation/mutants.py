"""Mutants of a file: its text with one small fault planted in each.

mutmut's operators decide what a fault is. Where they are applied is decided here, since mutmut
itself leaves everything outside plain functions alone, and that is where the limits stand. This
file runs nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

import libcst as cst
from libcst.metadata import (
    ByteSpanPositionProvider,
    CodeSpan,
    MetadataWrapper,
    PositionProvider,
)
from mutmut.mutation.mutators import mutation_operators

# A call whose faults show nothing but that Python raises TypeError.
DULL_CALLS = ("len", "isinstance")


@dataclass(frozen=True, slots=True)
class Mutant:
    """The file at `path` with one fault, planted in a statement on `lines` (from 1, inclusive)."""

    path: Path
    lines: tuple[int, int]
    line: int
    removed: tuple[str, ...]
    added: tuple[str, ...]
    source: str

    @property
    def diff(self) -> str:
        """The lines that went, and those that came."""
        old = [f"    - {line.strip()}" for line in self.removed]
        return "\n".join(old + [f"    + {line.strip()}" for line in self.added])


class _Sites(cst.CSTVisitor):
    """Collects (node, its mutated form, the lines of the statement around it)."""

    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[cst.CSTNode, cst.CSTNode, tuple[int, int]]] = []
        self._statements: list[cst.CSTNode] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if _is_left_alone(node):
            return False
        if isinstance(node, cst.SimpleStatementLine | cst.BaseCompoundStatement):
            self._statements.append(node)
        for kind, operator in mutation_operators:
            if not isinstance(node, kind):
                continue
            for mutated in operator(node):
                self.found.append((node, mutated, self._lines(node)))
                if isinstance(node, cst.SimpleString):
                    break  # the same text in other cases finds nothing that other text doesn't
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if self._statements and self._statements[-1] is original_node:
            self._statements.pop()

    def _lines(self, node: cst.CSTNode) -> tuple[int, int]:
        """The whole simple statement, or of a compound one its head down to the node."""
        around = self._statements[-1] if self._statements else node
        head = self.get_metadata(PositionProvider, around)
        own = self.get_metadata(PositionProvider, node, head)
        simple = isinstance(around, cst.SimpleStatementLine)
        return head.start.line, (head if simple else own).end.line


def _is_left_alone(node: cst.CSTNode) -> bool:
    """Whether a fault in `node` would change nothing that runs, or only when it is imported."""
    if isinstance(node, cst.Annotation | cst.Decorator | cst.Import | cst.ImportFrom):
        return True
    if isinstance(node, cst.Expr) and isinstance(node.value, cst.BaseString):
        return True  # a docstring
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Name):
        return node.func.value in DULL_CALLS
    return _is_type_checking(node)


def _is_type_checking(node: cst.CSTNode) -> bool:
    target: cst.CSTNode | None = None
    if isinstance(node, cst.If):
        target = node.test
    elif isinstance(node, cst.Assign):
        target = node.targets[0].target
    return isinstance(target, cst.Name) and target.value == "TYPE_CHECKING"


def _spliced(text: bytes, span: CodeSpan, new: str) -> str:
    """`text` with the bytes of `span` replaced, and no space where there was none."""
    end = span.start + span.length
    if not text[span.start : span.start + 1].isspace():
        new = new.strip()
    return (text[: span.start] + new.encode() + text[end:]).decode()


def _changed(before: str, after: str) -> tuple[int, tuple[str, ...], tuple[str, ...]]:
    """The first line that differs (from 1), the lines that went and those that came."""
    old, new = before.splitlines(), after.splitlines()
    first = next(i for i, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1])
    ends = zip(old[:first:-1], new[:first:-1], strict=False)
    same = takewhile(lambda pair: pair[0] == pair[1], ends)
    tail = sum(1 for _ in same)
    return first + 1, tuple(old[first : len(old) - tail]), tuple(new[first : len(new) - tail])


def _bare(node: cst.CSTNode) -> cst.CSTNode:
    """`node` without parentheses around it: they aren't in its span."""
    return node.with_changes(lpar=(), rpar=()) if hasattr(node, "lpar") else node


def mutants(path: Path) -> Iterator[Mutant]:
    """Every mutant of the Python file at `path`, in order of place; those that don't compile
    or change nothing are left out."""
    text = path.read_text(encoding="utf-8")
    wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
    sites = _Sites()
    wrapper.visit(sites)
    for node, mutated, lines in sites.found:
        # Written over in the text: to write the tree anew takes longer than to run the tests.
        span = wrapper.resolve(ByteSpanPositionProvider)[node]
        source = _spliced(text.encode(), span, wrapper.module.code_for_node(_bare(mutated)))
        if source != text and _compiles(source):
            yield Mutant(path, lines, *_changed(text, source), source)


def _compiles(source: str) -> bool:
    try:
        compile(source, "<mutant>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True
