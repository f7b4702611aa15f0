"""The command as a technician meets it: a real process on a real terminal."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("needs pseudo-terminals", allow_module_level=True)

import pty
import termios

from lockhil.virtual.interpreter import NoInterpreterError, interpreter
from lockrig.config import EXAMPLE
from lockrig.main import run
from tests.lockrig.diagnose.test_command import REAL_TIME, Technician
from tests.lockrig.plugged import plugged
from tests.lockrig.schemas.test_schemas import schema

COMMAND = [sys.executable, "-m", "lockrig", "battery", "swap"]


@contextmanager
def technician(folder: Path, *options: str) -> Iterator[Technician]:
    (folder / "lockrig.toml").write_text(EXAMPLE)
    ours, theirs = pty.openpty()
    before = termios.tcgetattr(theirs)
    command = [*COMMAND, "--lang", "en", "--records", str(folder / "kept"), *options]
    with (folder / "out.json").open("wb") as out:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, "XDG_DATA_HOME": str(folder)},
            stdin=theirs,
            stdout=out if "--json" in options else theirs,
            stderr=theirs,
            start_new_session=True,
        )
    try:
        yield Technician(process, ours)
        if process.wait(20) >= 0:
            assert termios.tcgetattr(theirs) == before, "the terminal wasn't put back"
    finally:
        process.kill()
        process.wait()
        os.close(ours)
        os.close(theirs)


UNIT = ("--unit", "T-1")
LABEL = (("Type the label", "t-1\r"), ("once more", "t-1\r"))
GATE = (("bulging", "n"), ("Step 1 of 6", "\r"))
OPEN = (("Don't touch the pack yet", "n"), ("Step 2 of 6", "\r"))
HANDS = tuple((f"Step {step} of 6", "\r") for step in (3, 4, 5, 6))
PROOF = (("Register the battery", "y"), *[(" once", "\r")] * 10, ("test it", "\r"))


@pytest.mark.parametrize("target", ["sim", "virtual"])
def test_batt_5_a_change_from_label_to_receipt(tmp_path: Path, target: str) -> None:
    if target == "virtual":
        try:
            interpreter()
        except NoInterpreterError as error:
            pytest.skip(str(error))
    with technician(tmp_path, target, *UNIT, "--pack", "low", "--json") as person:
        person.answers(*LABEL, *GATE, *OPEN, *HANDS, *PROOF)
        person.sees("THE BATTERY IS CHANGED")
        assert person.code() == 0
    told = json.loads((tmp_path / "out.json").read_bytes())
    schema("battery-swap").validate(told)
    assert (told["exit_code"], told["ending"]) == (0, "done")
    assert told["receipt"]["runs"]["locks"] == told["receipt"]["runs"]["unlocks"] == 5
    assert json.loads(Path(told["record"]).read_bytes())["swap"] == told["receipt"]
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["training"]


def test_killed_at_a_step_it_goes_on_there_and_says_so(tmp_path: Path) -> None:
    with technician(tmp_path, "sim", *UNIT) as person:
        person.answers(*LABEL, *GATE, *OPEN)
        person.sees("Step 3 of 6")
        os.kill(person.process.pid, signal.SIGKILL)
        assert person.code() == -signal.SIGKILL
    with technician(tmp_path, "sim", *UNIT) as person:
        person.answers(*LABEL, ("was broken off", "\r"))
        person.sees("Step 3 of 6")
        person.types("\x03")
        person.sees("THE CHANGE IS NOT FINISHED")
        person.sees("0123-456 78")
        assert person.code() == 130


def test_batt_6_a_suspected_pack_is_nobodys_here_but_the_service_desks(tmp_path: Path) -> None:
    with technician(tmp_path, "sim", *UNIT, "--pack", "discharged") as person:
        person.answers(*LABEL)
        person.sees("DO NOT OPEN")
        person.sees("0123-456 78")
        person.sees("servicedesk@example.org")
        assert person.code() == 3


def test_without_contact_the_push_button_decides(tmp_path: Path) -> None:
    with technician(tmp_path, "sim", *UNIT, "--silent") as person:
        person.answers(*LABEL, ("No contact with the unit", "\r"))
        person.sees("red light from green")
        person.types("\x03")
        person.sees("DO NOT OPEN")
        assert person.code() == 130
    # Contact later doesn't clear that it was missing.
    with technician(tmp_path, "sim", *UNIT) as person:
        person.answers(*LABEL)
        person.sees("red light from green")
        person.types("\x03")
        assert person.code() == 130


def test_the_second_at_once_is_told_to_wait(tmp_path: Path) -> None:
    with technician(tmp_path, "sim", *UNIT) as first:
        first.answers(*LABEL)
        first.sees("bulging")
        with technician(tmp_path, "sim", *UNIT) as second:
            second.answers(*LABEL)
            second.sees("DO NOT OPEN")
            assert second.code() == 4
        first.types("\x03")
        assert first.code() == 130


def test_a_record_that_cant_be_written_begins_nothing(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file where a folder should be")
    with technician(tmp_path, "sim", *UNIT) as person:
        person.answers(*LABEL)
        person.sees("DO NOT OPEN")
        assert person.code() == 4


def test_a_damaged_open_change_is_named_and_left_to_the_service_desk(tmp_path: Path) -> None:
    folder = tmp_path / "kept" / "training" / "unit-T-1" / "swap"
    folder.mkdir(parents=True)
    (folder / "open.json").write_text("{}")
    with technician(tmp_path, "sim", *UNIT) as person:
        person.answers(*LABEL)
        person.sees("open.json")
        person.sees("DO NOT OPEN")
        assert person.code() == 3
    with technician(tmp_path, "sim", *UNIT, "--role", "desk", "--case", "CASE-7") as person:
        person.answers(*LABEL, ("bulging", "n"))
        person.sees("Step 1 of 6")
        person.types("\x03")
        assert person.code() == 130


def test_a_crash_says_do_not_open(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import lockrig.battery.driver as d\nd.answer_keys = None\n"
    )
    os.environ["PYTHONPATH"] = str(tmp_path)
    try:
        with technician(tmp_path, "sim", *UNIT) as person:
            person.answers(*LABEL, *GATE[:1])
            person.sees("DO NOT OPEN")
            person.sees("0123-456 78")
            assert person.code() == 4
    finally:
        del os.environ["PYTHONPATH"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["sim"], "terminal"),
        (["nowhere"], "nowhere"),
        (["sim", "--role", "desk"], "--case"),
        (["sim", "--case", "CASE-7"], "--role"),
        (["sim", "--role", "desk", "--case", "Anna"], "case reference"),
        (["--silent"], "training"),
        (["serial:/dev/null", "--pack", "low"], "training"),
    ],
)
def test_wrong_usage_is_told_in_a_line(
    options: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["battery", "swap", *options, "--lang", "en"]) == 2
    said = capsys.readouterr().err
    assert told in said
    assert "DO NOT OPEN" in said


def state(*options: str, data: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "lockrig", "battery", "state", *options, "--lang", "en"]
    env = {**os.environ, "XDG_DATA_HOME": str(data)}
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=REAL_TIME)])
def test_a_board_on_a_line_over_a_power_cut_of_each_and_a_kill(tmp_path: Path, whole: bool) -> None:
    """The service desk's way: no reading is waited for, and the unit takes the change up later."""
    desk = ("virtual:T-1", "--role", "desk", "--case", "CASE-7")
    with plugged(tmp_path), technician(tmp_path, *desk) as person:
        person.answers(*LABEL, ("type the case once more", "CASE-7\r"), *GATE, *OPEN)
        person.sees("Step 3 of 6")
        os.kill(person.process.pid, signal.SIGKILL)
    assert state("virtual:T-1", data=tmp_path).returncode == 4
    with plugged(tmp_path), technician(tmp_path, *desk, "--json") as person:
        person.answers(*LABEL, ("was broken off", "\r"), *HANDS, *PROOF[: None if whole else 2])
        if not whole:
            person.sees("unlocked 1 of 5")
            person.types("\x03")
            assert person.code() == 130
            assert "runs are counted" in state("virtual:T-1", data=tmp_path).stdout
            return
        person.sees("THE BATTERY IS CHANGED", 40)
        assert person.code() == 0
        told = state("virtual:T-1", "--json", data=tmp_path)
        assert told.returncode == 0
        assert json.loads(told.stdout)["swaps"] == 1
        assert "good (fresh)" in state("virtual:T-1", data=tmp_path).stdout
    receipt = json.loads((tmp_path / "out.json").read_bytes())["receipt"]
    assert receipt["gate"]["handed_over"] is True
    assert receipt["training"] is False


@REAL_TIME
def test_batt_8_without_contact_a_diagnosis_and_the_record_handed_over(tmp_path: Path) -> None:
    with technician(tmp_path, "sim", *UNIT, "--silent", "--pack", "low") as person:
        person.answers(
            *LABEL,
            ("No contact with the unit", "\r"),
            ("red light from green", "y"),
            ("bulging", "n"),
            ("free of cables", "y"),
            ("standing ready", "\r"),
            ("START:", " b"),
        )
        for wait_s, key in ((1.0, "g"), (3.2, "g"), (2.9, "r"), (1.5, "r")):
            time.sleep(wait_s)
            person.types(key)
        person.sees("Question 1", 60)
        person.seen = "Question 1" + person.seen
        for number, key in enumerate("yyn2yyy", 1):
            person.answers((f"Question {number} of 7", key))
        person.answers(("this is right", "\r"), GATE[1], *OPEN, *HANDS, *PROOF)
        person.sees("THE BATTERY IS CHANGED")
        assert person.code() == 0
