"""Mutation testing: a weak test lets faults live, and they are listed with place and text."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from checks.mutation.mutants import mutants
from tests.full import slow

ROOT = Path(__file__).parents[2]
SLOW = slow("one of four runs of 8 s each")

CODE = '''"""A package."""

LIMIT = 10
NAMES = {"low": 1}


def over(value: int) -> bool:
    """Whether it is over LIMIT."""
    return value > LIMIT


class Box:
    @property
    def size(self) -> int:
        return 3
'''
GOOD = """
from sample import LIMIT, NAMES, Box, over

def test_all():
    assert [over(n) for n in (9, 10, 11)] == [False, False, True]
    assert (LIMIT, NAMES, Box().size) == (10, {"low": 1}, 3)
"""
WEAK = GOOD.replace("(9, 10, 11)] == [False, False, True]", "(9, 12)] == [False, True]")
CONFIG = """
[packages.sample]
root = "src"
tests = ["tests"]
at_least = {at_least}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "src" / "sample").mkdir(parents=True)
    (tmp_path / "src" / "sample" / "__init__.py").write_text(CODE)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_sample.py").write_text(GOOD)
    (tmp_path / "mutants.toml").write_text(CONFIG.format(at_least=95))
    return tmp_path


def run(project: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "checks.mutation", "--config", "mutants.toml"]
    return subprocess.run(
        [*command, "--explained", "explained.toml", *more],
        cwd=project,
        env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{project / 'src'}"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_faults_are_planted_wherever_code_runs(project: Path) -> None:
    made = list(mutants(project / "src" / "sample" / "__init__.py"))
    texts = {line.strip() for mutant in made for line in mutant.added}
    assert {
        "LIMIT = 11",
        'NAMES = {"low": 2}',
        'NAMES = {"XXlowXX": 1}',
        "return value >= LIMIT",
        "return 4",
    } <= texts
    assert len({mutant.source for mutant in made}) == len(made)
    for mutant in made:
        lines = mutant.source.splitlines()
        assert tuple(lines[mutant.line - 1 :][: len(mutant.added)]) == mutant.added
        assert "Whether it is over LIMIT." in mutant.source


def test_good_tests_kill_every_fault(project: Path) -> None:
    done = run(project)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "sample: 100.0 % of " in done.stdout
    numbers = json.loads((project / "build" / "mutants" / "sample.json").read_text())
    assert numbers["survivors"] == []
    assert numbers["mutants"] == 7


@SLOW
def test_weak_tests_let_a_fault_live_and_that_fails(project: Path) -> None:
    (project / "tests" / "test_sample.py").write_text(WEAK)
    done = run(project)
    assert done.returncode == 1
    assert "src/sample/__init__.py:9 survived" in done.stdout
    assert "    - return value > LIMIT\n    + return value >= LIMIT\n" in done.stdout
    assert "TOO FEW" in done.stdout


@SLOW
def test_a_line_that_no_test_reaches_is_no_kill(project: Path) -> None:
    (project / "tests" / "test_sample.py").write_text(GOOD.replace("Box().size", "3"))
    done = run(project)
    assert done.returncode == 1
    assert "src/sample/__init__.py:15 unreached" in done.stdout


def test_faults_out_of_reach_hide_none_that_come_after_them(project: Path) -> None:
    source = project / "src" / "sample" / "__init__.py"
    unreached = "def unreached(n):\n    return n + 1 + 2 + 3 + 4 + 5\n\n\n"
    source.write_text(unreached + source.read_text())
    assert run(project).returncode == 1
    numbers = json.loads((project / "build" / "mutants" / "sample.json").read_text())
    assert numbers["outcomes"]["killed"] == 7


@SLOW
def test_an_explained_survivor_is_listed_apart_and_still_counts(project: Path) -> None:
    (project / "tests" / "test_sample.py").write_text(WEAK)
    (project / "explained.toml").write_text(
        '[[explained]]\nfile = "src/sample/__init__.py"\n'
        'mutated = "return value >= LIMIT"\nwhy = "because we say so"\n'
        '[[explained]]\nfile = "src/sample/__init__.py"\nmutated = "LIMIT = 11"\nwhy = "old"\n'
    )
    done = run(project)
    assert done.returncode == 1
    assert "explained survivors" in done.stdout
    assert "because because we say so" in done.stdout
    assert "100.0 % without those" in done.stdout
    assert "no such survivor: src/sample/__init__.py: LIMIT = 11" in done.stdout


@slow("ends after 5 s of computing")
def test_a_fault_that_never_ends_is_ended(project: Path) -> None:
    (project / "src" / "sample" / "__init__.py").write_text(
        "def count():\n    n = 0\n    while n != 3:\n        n += 1\n    return n\n"
    )
    (project / "tests" / "test_sample.py").write_text(
        "from sample import count\n\ndef test_count():\n    assert count() == 3\n"
    )
    run(project, "--patience", "0.7")
    numbers = json.loads((project / "build" / "mutants" / "sample.json").read_text())
    assert numbers["outcomes"]["timed out"] == 3  # n -= 1, n = 1, n += 2
    assert [one["mutated"] for one in numbers["survivors"]] == ["n = 1"]


@SLOW
def test_tests_that_fail_on_the_code_as_it_is_judge_nothing(project: Path) -> None:
    (project / "tests" / "test_sample.py").write_text("def test_no():\n    assert False\n")
    done = run(project)
    assert done.returncode == 1
    assert "to pass on the code as it is" in done.stderr


def test_an_unknown_package_is_wrong_usage(project: Path) -> None:
    assert run(project, "smaple").returncode == 2
