"""`lockrig monitor`: what it prints and keeps, and what it refuses."""

import json
from pathlib import Path

import pytest

from lockhil.virtual.interpreter import NoInterpreterError, interpreter
from lockjudge.trace import read_trace
from tests.lockrig.monitor.unit_on_socket import served, settled
from tests.lockrig.trace.samples import left_in, lockrig


@pytest.mark.parametrize("target", ["sim", "virtual"])
def test_a_virtual_unit_for_a_while(tmp_path: Path, target: str) -> None:
    if target == "virtual":
        try:
            interpreter()
        except NoInterpreterError as error:
            pytest.skip(str(error))
    capture = tmp_path / "m.jsonl"
    ran = lockrig("monitor", target, "--for", "90.5", "--capture", capture)
    assert ran.code == 0
    assert ran.err == ""
    assert ran.out.splitlines() == [
        "     0.000  unit.boot       reset power, bolt LOCKED",
        "     0.000  unit.hello      unit SIM-0001, kind door, firmware 0.1.0, trial no, "
        "sealed no, development yes, life stock",
        "     0.000  bolt.state      state LOCKED, door closed",
        "     0.000  battery.report  level UNKNOWN, ground none, fresh no, last loaded not known, "
        "last rest not known, fits null, temp 20 C, supply battery",
        "    60.200  battery.level   level GOOD, ground none, fresh yes",
    ]
    trace = read_trace(capture)
    assert trace.header["observer"] == "unit"
    assert {event.ch for event in trace.events} == {"rx", "tx", "bolt", "reset", "end"}
    assert trace.events[-1].t_ms == 90_500
    settled(capture)
    assert lockrig("replay", capture, "sim").code == 0


def test_the_lines_as_they_pass() -> None:
    lines = lockrig("monitor", "sim", "--for", "1", "--raw").out.splitlines()
    assert lines[1] == '     0.000  rx  {"jsonrpc":"2.0","id":1,"method":"unit.hello"}'
    assert lines[2].startswith('     0.000  tx  {"jsonrpc":"2.0","id":1,"result":{"unit":')


def test_json_is_the_trace_itself(tmp_path: Path) -> None:
    capture = tmp_path / "m.jsonl"
    ran = lockrig("monitor", "sim", "--for", "61", "--json", "--capture", capture)
    assert ran.out == capture.read_text()
    assert json.loads(ran.out.splitlines()[-1])["ch"] == "end"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["sim"], "say --for 60"),
        (["nowhere", "--for", "1"], "expected a target out of"),
        (["sim", "--for", "0"], "expected seconds"),
        (["sim", "--for", "nan"], "expected seconds"),
        (["sim", "--for", "1e12"], "expected seconds"),
        (["sim", "--for", "soon"], "expected seconds"),
        (["sim", "--for", "1", "--raw", "--json"], "--raw or --json"),
        (["sim", "--for", "1", "--capture", "there.jsonl"], "it exists; name another file"),
        (["sim", "--for", "1", "--capture", "/dev/full"], "it exists; name another file"),
        (["sim", "--for", "1", "--capture", "no/where"], "check the path"),
        (["sim", "--for", "1", "--capture", "."], "can't write ."),
        (["sim", "--for", "1", "--capture", "-"], "expected a file's name"),
    ],
)
def test_wrong_usage_is_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.jsonl").write_text("mine")
    ran = lockrig("monitor", *args)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert left_in(tmp_path) == {"there.jsonl"}
    assert (tmp_path / "there.jsonl").read_text() == "mine"


@pytest.mark.parametrize(
    ("greeting", "told"),
    [
        (b"", "got nothing"),
        (b"rst:0x1 (POWERON)\r\n>>> ", "got rst:0x1 (POWERON) | >>> "),
        (b"\xff\xfe\x1b[2J" * 2_000, r"\xff\xfe\x1b[2J"),
        (b'{"jsonrpc":"2.0","id":1,"result":{"lamp":"on"}}\n', '"lamp":"on"'),
        (b'{"jsonrpc":"2.0","id":1,"error":"no"}\n', '"error":"no"'),
    ],
)
def test_whoever_is_no_unit_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, greeting: bytes, told: str
) -> None:
    monkeypatch.setattr("lockrig.monitor.listen.ANSWER_MS", 400)
    with served(greeting, unit=False) as somebody:
        ran = lockrig("monitor", somebody.target, "--capture", tmp_path / "m.jsonl")
    assert ran.code == 4
    assert told in ran.err
    assert ran.err.count("\n") == 1
    assert len(ran.err) < 500
    assert left_in(tmp_path) == set()


def test_nobody_there_is_no_contact(tmp_path: Path) -> None:
    ran = lockrig("monitor", f"serial:{tmp_path}/ttyNONE", "--capture", tmp_path / "m.jsonl")
    assert ran.code == 4
    assert ran.err.count("\n") == 1
    assert left_in(tmp_path) == set()


def test_a_unit_that_crashes_is_contact_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise OverflowError("too much\nof it")

    monkeypatch.setattr("lockunit.battery.Battery.reading", crash)
    ran = lockrig("monitor", "sim", "--for", "90", "--capture", tmp_path / "m.jsonl")
    assert ran.code == 4
    assert "at 60200 ms" in ran.err
    assert ran.err.count("\n") == 1
    settled(tmp_path / "m.jsonl")


def test_what_a_unit_says_cant_command_the_terminal(tmp_path: Path) -> None:
    with served(b"\x1b[2J\x07 boot\n") as unit:
        ran = lockrig("monitor", unit.target, "--for", "0.3", "--capture", tmp_path / "m.jsonl")
    assert ran.code == 0
    assert r"text            \x1b[2J\x07 boot" in ran.out
    assert ran.out.replace("\n", "").isprintable()
    settled(tmp_path / "m.jsonl")


def test_the_help_names_the_exit_codes() -> None:
    help_ = lockrig("monitor", "--help").out
    assert "Exit codes" in help_
    assert "--capture" in help_
