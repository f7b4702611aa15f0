"""The command as a technician meets it: a real process on a real terminal."""

import json
import os
import select
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

from lockrig.config import EXAMPLE
from tests.full import slow

REAL_TIME = slow("takes 35 s of real time")
COMMAND = [sys.executable, "-m", "lockrig", "diagnose"]


class Technician:
    """Types into a terminal and reads what comes back."""

    def __init__(self, process: subprocess.Popen[bytes], terminal: int) -> None:
        self.process = process
        self.terminal = terminal
        self.seen = ""

    def sees(self, text: str, within_s: float = 20) -> None:
        """Wait for `text`; what came before it is forgotten."""
        until = time.monotonic() + within_s
        while text not in self.seen:
            ready, _, _ = select.select([self.terminal], [], [], max(0, until - time.monotonic()))
            assert ready, f"expected {text!r}, got {self.seen[-2000:]}"
            try:
                self.seen += os.read(self.terminal, 65536).decode()
            except OSError:
                raise AssertionError(f"expected {text!r}, got {self.seen[-2000:]}") from None
        self.seen = self.seen.partition(text)[2]

    def types(self, keys: str) -> None:
        os.write(self.terminal, keys.encode())

    def answers(self, *dialogue: tuple[str, str]) -> None:
        for text, keys in dialogue:
            self.sees(text)
            self.types(keys)

    def code(self) -> int:
        return self.process.wait(20)


@contextmanager
def technician(folder: Path, *options: str) -> Iterator[Technician]:
    (folder / "lockrig.toml").write_text(EXAMPLE)
    ours, theirs = pty.openpty()
    before = termios.tcgetattr(theirs)
    command = [*COMMAND, "--lang", "en", "--records", str(folder / "kept"), *options]
    process = subprocess.Popen(
        command, cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
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


LABEL = (("Type the label", "abc-1\r"), ("once more", "abc-1\r"))
BEFORE = (
    ("red light from green", "y"),
    ("bulging", "n"),
    ("free of cables", "y"),
    ("standing ready", "\r"),
)
AFTER = (
    ("Question 1 of 7", "y"),
    ("Question 2 of 7", "y"),
    ("Question 3 of 7", "n"),
    ("Question 4 of 7", "1"),
    ("Question 5 of 7", "y"),
    ("Question 6 of 7", "y"),
    ("Question 7 of 7", "y"),
    ("this is right", "\r"),
)


def kept(folder: Path) -> list[dict]:
    files = sorted((folder / "kept" / "units" / "unit-ABC-1").glob("*.json"))
    return [json.loads(file.read_bytes())["record"] for file in files]


def begin(folder: Path, stop: signal.Signals | str) -> int:
    """An attempt that is ended by a signal or a key right after START."""
    with technician(folder) as person:
        person.answers(*LABEL, *BEFORE, ("START:", " "))
        person.sees("Recording")
        if isinstance(stop, str):
            person.types(stop)
            person.sees("DO NOT OPEN")
            person.sees("0123-456 78")
        else:
            os.kill(person.process.pid, stop)
        return person.code()


def test_ctrl_c_and_a_kill_midway_both_count_as_attempts(tmp_path: Path) -> None:
    assert begin(tmp_path, "\x03") == 130
    assert begin(tmp_path, signal.SIGKILL) == -signal.SIGKILL
    with technician(tmp_path) as person:
        person.answers(*LABEL)
        person.sees("Two tests within 24 hours gave no answer")
        person.sees("DO NOT OPEN")
        assert person.code() == 3


def test_a_request_to_end_is_an_interruption(tmp_path: Path) -> None:
    assert begin(tmp_path, signal.SIGTERM) == 130


def test_given_up_before_start_doesnt_count(tmp_path: Path) -> None:
    with technician(tmp_path) as person:
        person.answers(*LABEL, *BEFORE, ("START:", "\x03"))
        assert person.code() == 130
    assert [record["kind"] for record in kept(tmp_path)] == ["withdrawn"]


def test_batt_10_danger_stops_and_is_remembered_until_the_service_desks_case(
    tmp_path: Path,
) -> None:
    with technician(tmp_path) as person:
        person.answers(*LABEL, *BEFORE[:1], ("bulging", "y"))
        person.sees("DO NOT OPEN")
        assert person.code() == 3
    with technician(tmp_path) as person:
        person.answers(*LABEL)
        person.sees("DO NOT OPEN")
        assert person.code() == 3
    with technician(tmp_path, "--service-desk-case", "CASE-7") as person:
        person.answers(
            ("Label of the unit", "abc-1\n"), ("once more", "ABC-1\n"), ("confirm", "CASE-7\n")
        )
        person.sees("Lifted")
        assert person.code() == 0
    with technician(tmp_path) as person:
        person.answers(*LABEL)
        person.sees("red light from green")
        person.types("\x03")
        assert person.code() == 130


def test_the_second_at_once_is_told_to_wait(tmp_path: Path) -> None:
    with technician(tmp_path) as first:
        first.answers(*LABEL)
        first.sees("red light from green")
        with technician(tmp_path) as second:
            second.answers(*LABEL)
            second.sees("Somebody else is testing this unit")
            second.sees("DO NOT OPEN")
            assert second.code() == 4
        first.types("\x03")
        assert first.code() == 130


def test_a_record_that_cant_be_written_allows_nothing(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file where a folder should be")
    with technician(tmp_path) as person:
        person.answers(*LABEL)
        person.sees("can't be written")
        person.sees("DO NOT OPEN")
        assert person.code() == 4


def test_a_crash_says_do_not_open(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import lockrig.diagnose.driver as d\nd.answer_keys = None\n"
    )
    os.environ["PYTHONPATH"] = str(tmp_path)
    try:
        with technician(tmp_path) as person:
            person.answers(*LABEL, *BEFORE[:1])
            person.sees("DO NOT OPEN")
            person.sees("0123-456 78")
            assert person.code() == 4
    finally:
        del os.environ["PYTHONPATH"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ([], "terminal"),
        (["serial:X"], "serial:X"),
        (["--observe"], "sim"),
        (["sim", "--unit", "?"], "label"),
        (["sim", "--config", "nothing/there/x.toml", "--pack", "wet"], "wet"),
    ],
)
def test_wrong_usage_is_told_in_a_line(tmp_path: Path, options: list[str], told: str) -> None:
    run = subprocess.run(
        [*COMMAND, *options, "--lang", "en"],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    assert told in run.stderr
    assert "Traceback" not in run.stderr


def test_without_a_configuration_a_real_diagnosis_isnt_begun(tmp_path: Path) -> None:
    with technician(tmp_path, "--config", "missing.toml") as person:
        person.sees("missing.toml")
        person.sees("[service_desk]")
        person.sees("DO NOT OPEN")
        assert person.code() == 2


@pytest.mark.parametrize(("pack", "code"), [("good", 0), ("weak", 0), ("discharged", 3)])
@pytest.mark.parametrize("mark", [("en", "TRAINING"), ("sv", "ÖVNING")])
def test_training_by_the_bench(tmp_path: Path, pack: str, code: int, mark: tuple[str, str]) -> None:
    run = subprocess.run(
        [*COMMAND, "sim", "--pack", pack, "--lang", mark[0], "--records", "kept", "--json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == code
    assert json.loads(run.stdout)["exit_code"] == code
    lines = run.stderr.splitlines()
    assert all(line.startswith(mark[1]) for line in lines)
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["training"]


def test_training_keeps_to_the_rules_for_one_unit(tmp_path: Path) -> None:
    command = [*COMMAND, "sim", "--unit", "tr-1", "--records", "kept", "--pack"]
    for pack, code in (("good", 0), ("discharged", 3), ("good", 3)):
        run = subprocess.run([*command, pack], cwd=tmp_path, capture_output=True, check=False)
        assert run.returncode == code


@REAL_TIME
def test_diag_5_a_good_sequence_is_allowed_and_kept(tmp_path: Path) -> None:
    with technician(tmp_path) as person:
        person.answers(*LABEL, *BEFORE, ("START:", " "))
        for wait_s, key in ((1.0, "g"), (3.6, "g"), (3.0, "r")):
            time.sleep(wait_s)
            person.types(key)
        person.sees("Question 1", 60)
        person.seen = "Question 1" + person.seen
        person.answers(*AFTER)
        person.sees("THE BATTERY MAY BE CHANGED")
        assert person.code() == 0
    assert [record["exit_code"] for record in kept(tmp_path)] == [0]


@REAL_TIME
def test_a_process_stopped_during_the_watch_is_never_a_yes(tmp_path: Path) -> None:
    with technician(tmp_path) as person:
        person.answers(*LABEL, *BEFORE, ("START:", " "))
        for wait_s, key in ((1.0, "g"), (3.6, "g"), (3.0, "r")):
            time.sleep(wait_s)
            person.types(key)
        os.kill(person.process.pid, signal.SIGSTOP)
        time.sleep(2)
        os.kill(person.process.pid, signal.SIGCONT)
        person.sees("Question 1", 60)
        person.seen = "Question 1" + person.seen
        person.answers(*AFTER)
        person.sees("DO NOT OPEN")
        assert person.code() == 4
