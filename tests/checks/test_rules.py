"""Each rule of ours finds a breach that is planted, and leaves good code alone."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from checks import firmware_rules, one_permission, sizes, standard_library_only

ROOT = Path(__file__).parents[2]


def run(check: str, *folders: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", f"checks.{check}", *map(str, folders)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def found(rule, code: str, path: str = "lockunit/unit.py") -> list[str]:
    return [text for _, text in rule.breaches(ast.parse(code), Path(path))]


# The firmware: integers only


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("x = 0.5", "float 0.5"),
        ("x = 1e3", "float 1000.0"),
        ("x = 2j", "float 2j"),
        ("def f(a=1.0): pass", "float 1.0"),
        ("x = a / b", "use //"),
        ("a /= 2", "use //"),
        ("x = float(y)", "float() makes"),
        ("def f(a: float) -> int: pass", "float() makes"),
        ("x = complex(1)", "complex()"),
        ("x = round(a)", "round()"),
        ("x = pow(a, b)", "pow()"),
        ("x = 2 ** -1", "may be negative"),
        ("x = 2 ** n", "may be negative"),
        ("x **= n", "may be negative"),
        ("import math", "import of math"),
        ("import time", "import of time"),
        ("import utime as time", "import of utime"),
        ("from machine import Pin", "import of machine"),
        ("import asyncio.events", "import of asyncio.events"),
        ("from dataclasses import dataclass", "import of dataclasses"),
        ("from typing import Any", "import of typing"),
        ("from __future__ import annotations", "import of __future__"),
        ("import lockjudge.limits", "import of lockjudge.limits"),
        ("from locksim import world", "import of locksim"),
        ("def f():\n    import os", "import of os"),
        ("match x:\n    case 1: pass", "no match statement"),
        ("try:\n    f()\nexcept* OSError:\n    pass", "no except*"),
        ("async def f(): pass", "without asyncio"),
    ],
)
def test_the_core_may_not(code: str, reason: str) -> None:
    texts = found(firmware_rules, code)
    assert len(texts) == 1
    assert reason in texts[0]


@pytest.mark.parametrize(
    "code",
    [
        "x = a // b % c",
        "x = 2 ** 30",
        "x = True",
        "'1.0 / 2'",
        "import json",
        "from micropython import const",
        "from lockunit.ticks import diff",
        "from . import bolt",
        "def f(a, /): pass",
        "x = f'{a}'",
        "if TYPE_CHECKING:\n    from typing import Any",
    ],
)
def test_the_core_may(code: str) -> None:
    assert found(firmware_rules, code) == []


def test_what_runs_beside_a_type_checkers_block_is_looked_at() -> None:
    code = "if TYPE_CHECKING:\n    from typing import Any\nelse:\n    import math"
    assert found(firmware_rules, code) == [
        "import of math: not in the list of modules that the core may use"
    ]


# The judge: the standard library only


def test_the_judge_imports_the_library_and_itself() -> None:
    code = "import json\nfrom lockjudge.trace import Trace\nfrom . import limits\nimport os.path"
    assert found(standard_library_only, code) == []


@pytest.mark.parametrize("module", ["click", "lockunit.bolt", "hypothesis"])
def test_the_judge_imports_nothing_else(module: str) -> None:
    for code in (f"import {module}", f"from {module} import x"):
        assert found(standard_library_only, code) == [
            f"import of {module}: only the standard library here"
        ]


# One function allows


HOME = "hil/lockjudge/verdict.py"
JUDGE = "def outcome():\n    'CHANGE_ALLOWED or not'\n    return 'CHANGE_ALLOWED'\n"


def test_one_function_of_the_verdict_may_allow() -> None:
    assert found(one_permission, '"""Is CHANGE_ALLOWED?"""\n' + JUDGE, HOME) == []


@pytest.mark.parametrize(
    "more",
    [
        "def again():\n    return 'CHANGE_ALLOWED'",
        "ALLOWED = 'CHANGE_ALLOWED'",
        "def again():\n    return f'CHANGE_ALLOWED {x}'",
        "class A:\n    def again(self):\n        return Outcome.CHANGE_ALLOWED",
    ],
)
def test_a_second_place_may_not(more: str) -> None:
    assert len(found(one_permission, JUDGE + more, HOME)) == 1


@pytest.mark.parametrize("path", ["hil/lockjudge/trace.py", "tools/lockrig/judge/verdict.py"])
def test_another_file_may_not(path: str) -> None:
    assert found(one_permission, JUDGE, path) == [
        "CHANGE_ALLOWED: ask `verdict.exit_code == 0` instead"
    ]


# Size


def test_a_file_of_300_lines_is_as_long_as_it_gets(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("x = 1\n" * 300)
    assert run("sizes", tmp_path).returncode == 0
    path.write_text("x = 1\n" * 301)
    failed = run("sizes", tmp_path)
    assert failed.returncode == 1
    assert failed.stdout == f"{path}:{sizes.LONGEST}: 301 lines, at most 300: split it by concept\n"


# The commands


@pytest.mark.parametrize(
    ("check", "code"),
    [
        ("firmware_rules", "x = 1 / 2"),
        ("standard_library_only", "import click"),
        ("one_permission", "x = 'CHANGE_ALLOWED'"),
    ],
)
def test_a_breach_anywhere_in_the_folder_fails_with_its_place(
    check: str, code: str, tmp_path: Path
) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "good.py").write_text("x = 1\n")
    path = tmp_path / "deep" / "bad.py"
    path.write_text("# a comment\n" + code + "\n")
    failed = run(check, tmp_path)
    assert failed.returncode == 1
    assert failed.stdout.startswith(f"{path}:2: ")


def test_a_check_of_nothing_fails(tmp_path: Path) -> None:
    assert run("sizes", tmp_path / "misspelt").returncode == 1
    assert run("sizes").returncode == 2
