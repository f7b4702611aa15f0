"""`lockrig hil`: what it says and exits with when it can't do what was asked."""

import json
import shutil
from pathlib import Path

import pytest

from lockrig.main import run

FIRMWARE = Path(__file__).parents[3] / "firmware"


@pytest.fixture(scope="module")
def hello(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a run of one test."""
    folder = tmp_path_factory.mktemp("hello")
    assert run(["hil", "--report", str(folder), "-k", "hello"]) == 0
    return folder


def test_a_passing_run_files_a_report(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["hil", "sim", "--report", str(tmp_path), "-k", "hello or tells"]) == 0
    assert capfd.readouterr().out.strip().endswith(f"report: {tmp_path / 'report.html'}")
    assert {path.name for path in tmp_path.iterdir()} == {
        "report.html", "report.json", "junit.xml", "traces",
    }  # fmt: skip
    results = json.loads((tmp_path / "report.json").read_text())["results"]
    assert all((tmp_path / result["trace"]).is_file() for result in results)


def test_repeat_runs_each_test_again(tmp_path: Path) -> None:
    assert run(["hil", "sim", "--repeat", "3", "--report", str(tmp_path), "-k", "hello"]) == 0
    results = json.loads((tmp_path / "report.json").read_text())["results"]
    assert [result["repeat"] for result in results] == [1, 2, 3]
    assert {result["test"] for result in results} == {"test_5_link.py::test_hello"}


def test_a_later_report_takes_the_place_of_an_earlier_one(hello: Path, tmp_path: Path) -> None:
    shutil.copytree(hello, tmp_path, dirs_exist_ok=True)
    assert run(["hil", "--report", str(tmp_path), "-k", "already_there"]) == 0
    assert [path.name for path in (tmp_path / "traces").iterdir()] == [
        "test-already-there-sim.jsonl"
    ]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["nowhere"], "expected a target out of sim, virtual"),
        (["--report", "FILE"], "give --report a folder that can be written"),
        (["--report", "/proc/out"], "give --report a folder that can be written"),
        (["--firmware", "EMPTY"], "expected lockunit/unit.py there"),
        (["compare", "EMPTY"], "expected two report folders"),
        (["compare", "EMPTY", "EMPTY"], "give the folders of two reports"),
        (["--repeat", "0"], "--repeat"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_2(
    args: list[str], said: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "empty").mkdir()
    places = {"FILE": str(tmp_path / "file"), "EMPTY": str(tmp_path / "empty")}
    assert run(["hil", *(places.get(arg, arg) for arg in args)]) == 2
    assert said in capfd.readouterr().err


def test_no_test_that_matches_is_no_pass(tmp_path: Path) -> None:
    assert run(["hil", "sim", "-k", "no_such_test", "--report", str(tmp_path)]) == 1


def test_firmware_that_does_not_load_is_said_in_one_line(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(FIRMWARE / "lockunit", tmp_path / "lockunit")
    (tmp_path / "lockunit" / "bolt.py").write_text("x = = 1\n")
    assert run(["hil", "sim", "--firmware", str(tmp_path / "lockunit")]) == 1
    told = capfd.readouterr().err.strip().splitlines()
    assert [line for line in told if line] == told[:1]
    assert "the firmware can't be loaded" in told[0]


def test_compare_tells_two_runs_apart(
    hello: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["hil", "--report", str(tmp_path), "-k", "hello or already_there"]) == 0
    assert run(["hil", "compare", str(hello), str(hello)]) == 0
    capfd.readouterr()
    assert run(["hil", "compare", str(hello), str(tmp_path)]) == 1
    assert "test_already_there" in capfd.readouterr().out
