"""`lockrig judge`: the verdict as exit code, in words, and as JSON."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from lockjudge.trace import Trace, format_trace
from lockrig.judge import command as judge_command
from tests.lockjudge.recordings import observed, recorded
from tests.lockrig.trace.samples import GOOD, SALEAE_MAPS, lockrig, process, saleae

TRACES = {
    "good": (recorded(), 0),
    "good, by a person": (observed(), 0),
    "green too long": (recorded(green=((100, 12_000),), red=((13_000, 13_300),)), 3),
    "not to the end": (recorded(end=20_000), 4),
    "no uncertainty": (recorded(u="absent"), 4),
    "the unit's own word": (recorded(observer="unit"), 4),
    "no press": (recorded(button=()), 4),
}


def write(folder: Path, trace: Trace) -> Path:
    path = folder / "trace.jsonl"
    lines = format_trace(trace.header, trace.events)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def no_configuration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    path = tmp_path / "config" / "lockrig.toml"
    monkeypatch.setenv("LOCKRIG_CONFIG", str(path))
    return path


@pytest.mark.parametrize("name", TRACES)
def test_the_exit_code_is_the_verdicts(tmp_path: Path, name: str) -> None:
    trace, code = TRACES[name]
    path = write(tmp_path, trace)
    ran = lockrig("judge", path)
    assert ran.code == code
    assert ("do not open" in ran.out) == (code != 0)
    assert ran.out.startswith("PASSED" if code == 0 else "DO NOT OPEN")
    assert lockrig("judge", path, "--json").code == code


def test_json(tmp_path: Path) -> None:
    path = write(tmp_path, recorded(green=((100, 12_000),), red=((13_000, 13_300),), u=3))
    ran = lockrig("judge", path, "--json")
    told: dict[str, Any] = json.loads(ran.out)
    assert told["verdict"] == "SUSPECTED_DISCHARGED"
    assert told["exit_code"] == 3
    assert told["file"] == str(path)
    assert told["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert told["observer"] == "instrument"
    assert told["t_uncertainty_ms"] == 3
    assert told["defect"] is None
    rows = {row["name"]: row for row in told["sequences"][0]["conditions"]}
    assert rows["green"]["state"] == "violated"
    assert rows["green"]["measured"] == 12_000


def test_measured_stands_beside_its_limit(tmp_path: Path) -> None:
    path = write(tmp_path, recorded(green=((100, 12_000),), red=((13_000, 13_300),)))
    [line] = [line for line in lockrig("judge", path).out.splitlines() if "VIOLATED" in line]
    assert "12000 ms" in line
    assert "at most 10000 ms" in line


def test_a_defect_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, recorded())
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:-1], '{"t_ms": "late"}']))
    ran = lockrig("judge", path)
    assert ran.code == 4
    assert f"Defect in line {len(lines)}" in ran.out
    told = json.loads(lockrig("judge", path, "--json").out)
    assert told["defect"]["line"] == len(lines)


@pytest.mark.parametrize("data", [b"", b"\0\xff" * 50, b"{}", b"[1]", b"Time [s],A\n0,0\n"])
def test_what_is_no_trace(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x"
    path.write_bytes(data)
    ran = lockrig("judge", path)
    assert ran.code == 2
    assert "do not open" in ran.err
    assert ran.err.count("\n") == 1
    told = lockrig("judge", path, "--json")
    assert told.code == 2
    assert json.loads(told.out)["verdict"] is None


@pytest.mark.parametrize("name", ["missing", "."])
def test_what_cant_be_read(tmp_path: Path, name: str) -> None:
    ran = lockrig("judge", tmp_path / name)
    assert ran.code == 2
    assert "can't read" in ran.err
    assert "do not open" in ran.err


@pytest.mark.parametrize("json_", [[], ["--json"]])
def test_a_failure_in_judging_is_no_yes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, json_: list[str]
) -> None:
    path = write(tmp_path, recorded())

    def fail(trace: Trace) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr(judge_command, "judge", fail)
    ran = lockrig("judge", path, *json_)
    assert ran.code == 4
    assert "do not open" in ran.err
    assert not json_ or json.loads(ran.out)["verdict"] is None


def test_standard_input(tmp_path: Path) -> None:
    with write(tmp_path, recorded(end=20_000)).open("rb") as stdin:
        run = process("judge", "-", stdin=stdin)
        out, _ = run.communicate()
    assert run.returncode == 4
    assert out.startswith(b"DO NOT OPEN")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_yes_that_cant_be_printed_is_none(tmp_path: Path) -> None:
    path = write(tmp_path, recorded())
    with Path("/dev/full").open("wb") as full:
        run = process("judge", path, stdout=full)
        _, err = run.communicate()
    assert run.returncode not in (0, 120)
    assert b"do not open" in err
    assert b"Traceback" not in err


def test_the_service_desk_is_shown_where_nobody_may_open(
    tmp_path: Path, no_configuration: Path
) -> None:
    path = write(tmp_path, recorded(end=20_000))
    no_configuration.parent.mkdir()
    no_configuration.write_text('[service_desk]\nphone = "0123-45"\nemail = "desk@example.org"\n')
    assert "Service desk: 0123-45, desk@example.org" in lockrig("judge", path).out
    no_configuration.write_text("[service_desk")
    broken = lockrig("judge", path)
    assert broken.code == 4
    assert broken.out.startswith("DO NOT OPEN")


def test_text_from_the_file_cant_command_the_terminal(tmp_path: Path) -> None:
    path = write(tmp_path, recorded(observer="\x1b[2J\n"))
    assert lockrig("judge", path).out.replace("\n", "").isprintable()


class TestLogicAnalyser:
    """A good sequence from a logic analyser's CSV passes, and only with all that is needed."""

    def judged(self, folder: Path, text: str, *options: str) -> int:
        source, out = folder / "la.csv", folder / "la.jsonl"
        source.write_text(text)
        ran = lockrig("trace", "import", source, "-o", out, "--force", *options)
        assert ran.code == 0, ran.err
        return lockrig("judge", out).code

    def test_a_good_sequence(self, tmp_path: Path) -> None:
        options = (*SALEAE_MAPS, "--power-source", "battery")
        assert self.judged(tmp_path, saleae(), *options) == 0

    def test_nobody_said_that_it_ran_on_the_battery(self, tmp_path: Path) -> None:
        assert self.judged(tmp_path, saleae(), *SALEAE_MAPS) == 4

    def test_a_cable_was_plugged_in(self, tmp_path: Path) -> None:
        options = (*SALEAE_MAPS, "--power-source", "external")
        assert self.judged(tmp_path, saleae(), *options) == 4

    def test_a_led_wasnt_connected(self, tmp_path: Path) -> None:
        options = (*SALEAE_MAPS[:4], "--power-source", "battery")
        assert self.judged(tmp_path, saleae(), *options) == 4

    def test_the_last_row_is_the_last_edge(self, tmp_path: Path) -> None:
        options = (*SALEAE_MAPS, "--power-source", "battery")
        text = saleae(GOOD[:-1])
        assert self.judged(tmp_path, text, *options) == 4
        assert self.judged(tmp_path, text, *options, "--end", "33") == 0

    def test_no_red(self, tmp_path: Path) -> None:
        rows = [(t, button, green, 0) for t, button, green, red in GOOD if t < 9 or t > 30]
        assert self.judged(tmp_path, saleae(rows), *SALEAE_MAPS) == 3

    def test_slow_samples_leave_a_short_blink_in_doubt(self, tmp_path: Path) -> None:
        options = (*SALEAE_MAPS, "--power-source", "battery", "--uncertainty-ms", "200")
        assert self.judged(tmp_path, saleae(), *options) == 4
