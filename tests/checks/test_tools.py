"""The tools that `make check` runs, with the project's configuration, find what is planted."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
PACKAGES = ("lockrig", "lockhil", "locksim", "lockunit", "lockjudge")
PORTS = ("esp32", "rp2", "unix")


def run(*command: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        list(map(str, command)),
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


# Import rules


def lint_imports(folder: Path, faults: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """The import rules on empty packages of our names, but for the `faults`."""
    for package in PACKAGES:
        (folder / package).mkdir()
        (folder / package / "__init__.py").write_text("")
        (folder / package / "part.py").write_text(faults.get(package, ""))
    return run(
        BIN / "lint-imports",
        "--no-cache",
        "--config",
        ROOT / "pyproject.toml",
        PYTHONPATH=str(folder),
    )


def test_imports_down_the_order_are_kept(tmp_path: Path) -> None:
    faults = {
        "lockrig": "import lockhil.part, locksim.part, lockunit.part, lockjudge.part",
        "lockhil": "import locksim.part, lockunit.part, lockjudge.part",
        "locksim": "import lockunit.part, lockjudge.part",
    }
    assert lint_imports(tmp_path, faults).returncode == 0


@pytest.mark.parametrize(
    ("package", "imported"),
    [
        ("lockhil", "lockrig"),
        ("locksim", "lockhil"),
        ("lockunit", "locksim"),
        ("lockunit", "lockjudge"),
        ("lockjudge", "lockunit"),
        ("lockjudge", "locksim"),
        ("lockjudge", "lockhil"),
        ("lockjudge", "lockrig"),
    ],
)
def test_an_import_up_the_order_is_found(package: str, imported: str, tmp_path: Path) -> None:
    failed = lint_imports(tmp_path, {package: f"def f():\n    import {imported}.part\n"})
    assert failed.returncode == 1
    assert f"{package}.part -> {imported}.part" in failed.stdout


# Types


def test_an_untyped_function_is_found(tmp_path: Path) -> None:
    path = tmp_path / "bad.py"
    path.write_text("def f(a):\n    return a\n")
    failed = run(BIN / "mypy", "--config-file", ROOT / "pyproject.toml", path)
    assert failed.returncode == 1
    assert "no-untyped-def" in failed.stdout


def check_port(port: str, folder: Path, code: str) -> subprocess.CompletedProcess[str]:
    typings = ROOT / "typings" / port
    if not (typings / ".stubs").exists():
        pytest.skip(f"no stubs in typings/{port}: run `make check`")
    package = folder / "lockunit"
    package.mkdir()
    (package / "__init__.py").write_text(code)
    return run(
        BIN / "mypy",
        "--config-file",
        ROOT / "checks" / "firmware-mypy.ini",
        "--custom-typeshed-dir",
        typings,
        "--cache-dir",
        ROOT / ".mypy_cache" / f"planted-{port}",
        package,
        MYPYPATH=f"{folder}:{typings}",
    )


@pytest.mark.parametrize("port", PORTS)
def test_what_a_port_lacks_is_found(port: str, tmp_path: Path) -> None:
    code = "import json\nimport uuid\nimport micropython\nmicropython.frobnicate()\n"
    failed = check_port(port, tmp_path, code)
    assert failed.returncode == 1
    assert '"uuid"' in failed.stdout
    assert '"frobnicate"' in failed.stdout


def test_what_one_port_alone_lacks_is_found_there(tmp_path: Path) -> None:
    code = "import esp32\n"
    for port, expected in zip(PORTS, (0, 1, 1), strict=True):
        (tmp_path / port).mkdir()
        assert check_port(port, tmp_path / port, code).returncode == expected, port


# Style


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("import os\n", "F401"),
        ('x = "' + "a" * 100 + '"\n', "E501"),
        ("def f(a):\n    return eval(a)\n", "S307"),
    ],
)
def test_ruff_finds_it(code: str, rule: str) -> None:
    found = subprocess.run(
        [BIN / "ruff", "check", "--no-cache", "--stdin-filename", "tools/lockrig/planted.py", "-"],
        cwd=ROOT,
        input=code,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 1
    assert rule in found.stdout


def test_ruff_finds_what_is_not_formatted(tmp_path: Path) -> None:
    path = tmp_path / "bad.py"
    path.write_text("x = {  'a':1 }\n")
    config = ROOT / "pyproject.toml"
    assert run(BIN / "ruff", "format", "--check", "--config", config, path).returncode == 1
