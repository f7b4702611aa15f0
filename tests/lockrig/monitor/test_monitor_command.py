"""`lockrig monitor`: what it prints, what it keeps, and how it ends, whatever ends it."""

import json
import resource
import signal
from pathlib import Path

import pytest

from lockhil.virtual.interpreter import NoInterpreterError, interpreter
from lockjudge.trace import read_trace
from tests.lockrig.monitor.unit_on_socket import Served, served
from tests.lockrig.trace.samples import Ran, left_in, lockrig, process

MOVED = b'{"jsonrpc":"2.0","method":"bolt.moved","params":{"state":"UNLOCKED","by":"hand"}}\n'


def settled(*captures: Path) -> None:
    """Each of them is a trace that the other commands take."""
    for capture in captures:
        assert lockrig("trace", "check", capture).code == 0
        # A unit's own word is never enough.
        assert lockrig("judge", capture).code == 4


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
        "     0.000  unit.hello      unit SIM-0001, kind door, firmware 0.1.0, sealed no",
        "     0.000  bolt.state      state LOCKED, door closed",
        "     0.000  battery.report  level UNKNOWN, ground none, last loaded not known, "
        "last rest not known, temp 20 C, supply battery",
        "    60.200  battery.level   level GOOD, ground none",
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


class Watched:
    """A monitor in a process of its own, with a unit that told one event already."""

    def __init__(self, unit: Served, capture: Path, **options: object) -> None:
        self.process = process("monitor", unit.target, "--capture", capture, **options)
        out = self.process.stdout
        assert out is not None
        while b"battery.report" not in out.readline():
            assert self.process.poll() is None
        unit.tell(MOVED)
        assert b"state UNLOCKED, by hand" in out.readline()

    def ended(self) -> Ran:
        out, err = self.process.communicate(timeout=20)
        return Ran(self.process.returncode, out.decode(), err.decode())


def test_ctrl_c_ends_it_with_a_whole_capture(tmp_path: Path) -> None:
    capture = tmp_path / "m.jsonl"
    with served() as unit:
        monitor = Watched(unit, capture)
        # The capture grows while it is being made.
        assert b"UNLOCKED" in capture.read_bytes()
        monitor.process.send_signal(signal.SIGINT)
        ran = monitor.ended()
    assert ran.code == 130
    assert ran.err.splitlines()[1:] == ["lockrig: interrupted"]
    trace = read_trace(capture)
    assert [event.v for event in trace.events if event.ch == "bolt"] == ["LOCKED", "UNLOCKED"]
    assert trace.header["began_utc"].endswith("+00:00")
    settled(capture)


def test_kill_9_loses_nothing_that_was_seen(tmp_path: Path) -> None:
    capture = tmp_path / "m.jsonl"
    with served() as unit:
        monitor = Watched(unit, capture)
        monitor.process.kill()
        monitor.ended()
    trace = read_trace(capture)
    assert trace.defect is None
    assert trace.events[-1].v == "UNLOCKED"
    assert lockrig("trace", "check", capture).code == 1


def test_contact_lost_midway_keeps_what_was_seen(tmp_path: Path) -> None:
    capture = tmp_path / "m.jsonl"
    with served() as unit:
        monitor = Watched(unit, capture)
        unit.tell(MOVED.replace(b"UNLOCKED", b"LOCKED"))
        unit.hang_up()
        ran = monitor.ended()
    assert ran.code == 4
    assert "state LOCKED, by hand" in ran.out
    [_, told] = ran.err.splitlines()
    assert told.startswith("lockrig: contact lost: ")
    assert [event.ch for event in read_trace(capture).events][-2:] == ["note", "end"]
    settled(capture)


def test_a_full_disk_is_told_and_leaves_whole_lines(tmp_path: Path) -> None:
    capture = tmp_path / "m.jsonl"
    with served() as unit:
        room = 1_500
        monitor = Watched(
            unit,
            capture,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
        )
        for _ in range(10):
            unit.tell(MOVED)
        ran = monitor.ended()
    assert ran.code == 1
    assert "can't go on writing" in ran.err
    assert "Traceback" not in ran.err
    assert capture.stat().st_size <= room
    assert read_trace(capture).defect is None


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_an_output_that_is_full_ends_it_with_a_whole_capture(tmp_path: Path) -> None:
    capture = tmp_path / "m.jsonl"
    with Path("/dev/full").open("wb") as full:
        ran = process("monitor", "sim", "--for", "9", "--capture", capture, stdout=full)
        _, err = ran.communicate()
    assert ran.returncode == 1
    assert b"can't write to standard output" in err
    assert b"Traceback" not in err
    settled(capture)


def test_a_reader_that_leaves_ends_it(tmp_path: Path) -> None:
    capture = tmp_path / "m.jsonl"
    with served() as unit:
        monitor = Watched(unit, capture)
        assert monitor.process.stdout is not None
        monitor.process.stdout.close()
        unit.tell(MOVED + MOVED)
        assert monitor.process.wait(20) == 0
        assert monitor.process.stderr is not None
        assert b"Traceback" not in monitor.process.stderr.read()
        monitor.process.stderr.close()
    settled(capture)


def test_two_dont_write_to_one_capture(tmp_path: Path) -> None:
    args = ("monitor", "sim", "--for", "3600", "--capture", tmp_path / "m.jsonl")
    both = [process(*args), process(*args)]
    for ran in both:
        ran.communicate()
    assert sorted(ran.returncode for ran in both) == [0, 2]
    settled(tmp_path / "m.jsonl")


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
