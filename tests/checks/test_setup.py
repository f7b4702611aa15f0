"""What sets the project up: the environment, the pinned versions, and what a run left out."""

import ast
import importlib.metadata
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from checks import make_venv, not_run

ROOT = Path(__file__).parents[2]


def test_an_old_python_is_named_with_what_to_do() -> None:
    text = make_venv.missing((3, 9), has_venv=True)
    assert "expected Python 3.11 or newer, got 3.9" in text
    assert "make PYTHON=python3.11" in text


def test_a_python_without_venv_is_named_with_what_to_install() -> None:
    assert "apt-get install python3-venv" in make_venv.missing((3, 13), has_venv=False)


def test_a_python_with_all_of_it_is_good() -> None:
    assert make_venv.missing((3, 11), has_venv=True) == ""


@pytest.mark.parametrize("python", ["no-such-python", "false"])
def test_make_stops_before_it_leaves_half_an_environment(python: str, tmp_path: Path) -> None:
    for name in ("Makefile", "checks", "pyproject.toml", "constraints.txt"):
        (tmp_path / name).symlink_to(ROOT / name)
    command = ["make", "-s", f"PYTHON={python}", ".venv/.made"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert not (tmp_path / ".venv").exists()


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pinned = [re.fullmatch(r"([\w.-]+)==([\w.]+)", line) for line in lines if line[:1] != "#"]
    assert all(pinned), "every line of constraints.txt must be NAME==VERSION"
    return {canonicalize_name(pin[1]): pin[2] for pin in pinned if pin}


def needed(name: str, extras: frozenset[str], seen: set[str]) -> set[str]:
    """Every distribution that `name` with `extras` brings along on this machine."""
    for text in importlib.metadata.requires(name) or []:
        wanted = Requirement(text)
        marker = wanted.marker
        if marker and not any(marker.evaluate({"extra": extra}) for extra in extras | {""}):
            continue
        key = canonicalize_name(wanted.name)
        if key not in seen:
            seen.add(key)
            needed(key, frozenset(wanted.extras), seen)
    return seen


def test_everything_that_is_installed_is_pinned() -> None:
    wanted = needed("lockrig", frozenset({"dev"}), set())
    assert {"click", "pytest", "mypy"} <= wanted
    missing = {f"{name}=={importlib.metadata.version(name)}" for name in wanted - set(pins())}
    assert not missing, "add to constraints.txt"


def test_the_list_of_what_did_not_run_tells_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "unit.xml"
    path.write_text(
        '<testsuites><testsuite><testcase classname="a" name="ran"/>'
        '<testcase classname="a" name="left"><skipped message="no board here"/></testcase>'
        "</testsuite></testsuites>"
    )
    assert not_run.main([path]) == 0
    assert capsys.readouterr().out == (
        "1 tests ran, 1 not run:\n  not run: a::left: no board here\n"
    )


def test_a_run_of_no_tests_is_no_success(tmp_path: Path) -> None:
    path = tmp_path / "unit.xml"
    path.write_text(
        '<testsuites><testsuite><testcase name="a"><skipped/></testcase></testsuite></testsuites>'
    )
    assert not_run.main([path]) == 1


def test_the_oldest_python_can_read_what_tells_it_that_it_is_too_old() -> None:
    source = (ROOT / "checks" / "make_venv.py").read_text()
    compile(source, "make_venv.py", "exec", dont_inherit=True)
    assert not re.search(r"\bf['\"]|: \w+ =|->", source), "no f-strings, no annotations"
    assert sys.version_info >= make_venv.OLDEST


def test_what_hypothesis_tries_is_the_same_wherever_ci_is_set() -> None:
    """Else `make full` would try the same examples every time there."""
    shown = (
        "import tests.conftest; from hypothesis import settings as s;"
        "print([repr(s.get_profile(n)) for n in ('ci', 'full')])"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", shown],
            env={**{k: v for k, v in os.environ.items() if k != "CI"}, **ci},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for ci in ({}, {"CI": "true"})
    ]
    assert told[0] == told[1]
    ci, full = ast.literal_eval(told[0])
    assert "derandomize=True" in ci
    assert "derandomize=False" in full
