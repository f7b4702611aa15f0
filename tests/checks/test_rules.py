"""Each rule of ours finds a breach that is planted, and leaves good code alone."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from checks import firmware_rules, sizes

ROOT = Path(__file__).parents[2]


def run(check: str, *folders: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", f"checks.{check}", *map(str, folders)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def found(code: str) -> list[str]:
    return [text for _, text in firmware_rules.breaches(ast.parse(code), Path("unit.py"))]


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
    texts = found(code)
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
    assert found(code) == []


def test_what_runs_beside_a_type_checkers_block_is_looked_at() -> None:
    code = "if TYPE_CHECKING:\n    from typing import Any\nelse:\n    import math"
    assert found(code) == ["import of math: not in the list of modules that the core may use"]


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


def test_a_breach_anywhere_in_the_folder_fails_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "good.py").write_text("x = 1\n")
    path = tmp_path / "deep" / "bad.py"
    path.write_text("# a comment\nx = 1 / 2\n")
    failed = run("firmware_rules", tmp_path)
    assert failed.returncode == 1
    assert failed.stdout == f"{path}:2: / makes a float: use //\n"


def test_a_check_of_nothing_fails(tmp_path: Path) -> None:
    assert run("sizes", tmp_path / "misspelt").returncode == 1
    assert run("sizes").returncode == 2
