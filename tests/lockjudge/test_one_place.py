"""One function of all that is shipped can say yes, and it stands on the standard library alone."""

import ast
import functools
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = [
    path for top in ("firmware", "hil", "sim", "tools") for path in (ROOT / top).rglob("*.py")
]
PERMISSION = "CHANGE_ALLOWED"
ONE_PLACE = ["hil/lockjudge/verdict.py: judge"]


@functools.cache
def nodes():
    """Every node of the shipped code with its place: `file: function`, the outermost one."""
    found = []

    def walk(node, path, where):
        for child in ast.iter_child_nodes(node):
            function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
            inside = where if where or not function else child.name
            found.append((child, f"{path}: {inside or '<module>'}"))
            # A docstring may speak of it: a string that stands alone does nothing.
            if not (isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)):
                walk(child, path, inside)

    for path in SHIPPED:
        walk(ast.parse(path.read_bytes()), path.relative_to(ROOT).as_posix(), None)
    return found


def places(wanted):
    return sorted({place for node, place in nodes() if wanted(node)})


def says_yes(node):
    # Parts of an f-string are constants too.
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str | bytes):
        return False
    return PERMISSION in str(node.value)


def called(node, name):
    function = node.func if isinstance(node, ast.Call) else None
    if isinstance(function, ast.Attribute):
        return function.attr == name
    return isinstance(function, ast.Name) and function.id == name


def test_the_shipped_code_was_found():
    assert len(SHIPPED) > 20


def test_the_permission_stands_in_one_function():
    assert places(says_yes) == ONE_PLACE


def test_no_name_stands_for_it():
    def named(node):
        names = [getattr(node, key, None) for key in ("id", "attr", "name", "arg")]
        return any(isinstance(name, str) and PERMISSION in name.upper() for name in names)

    assert places(named) == []


def test_a_verdict_is_built_in_one_function():
    assert places(lambda node: called(node, "Verdict")) == ONE_PLACE


def test_nobody_changes_a_verdict_or_makes_one_by_another_name():
    def imports_it_as(node):
        return isinstance(node, ast.alias) and node.name == "Verdict" and node.asname is not None

    def subclasses_it(node):
        return isinstance(node, ast.ClassDef) and any(
            getattr(base, "id", getattr(base, "attr", "")) == "Verdict" for base in node.bases
        )

    assert places(imports_it_as) == []
    assert places(subclasses_it) == []
    assert places(lambda node: called(node, "__setattr__")) == []


@pytest.mark.parametrize(
    "path", sorted((ROOT / "hil/lockjudge").rglob("*.py")), ids=lambda path: path.name
)
def test_the_judge_imports_the_standard_library_alone(path):
    for node in ast.walk(ast.parse(path.read_bytes())):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names = [node.module or ""]
        for name in names:
            top = name.split(".")[0]
            assert top == "lockjudge" or top in sys.stdlib_module_names, name
        assert not called(node, "__import__")
        assert not called(node, "import_module")
        assert not called(node, "exec")
        assert not called(node, "eval")


@pytest.mark.parametrize(
    "path", sorted((ROOT / "hil/lockjudge").rglob("*.py")), ids=lambda path: path.name
)
def test_each_file_of_the_judge_can_be_read_at_one_sitting(path):
    assert len(path.read_text().splitlines()) <= 250
