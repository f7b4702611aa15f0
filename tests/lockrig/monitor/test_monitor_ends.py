"""How `lockrig monitor` ends, in a process of its own: whatever ends it, the capture is there."""

import resource
import signal
from pathlib import Path

import pytest

from lockjudge.trace import read_trace
from tests.lockrig.monitor.unit_on_socket import Served, served, settled
from tests.lockrig.trace.samples import Ran, lockrig, process

MOVED = b'{"jsonrpc":"2.0","method":"bolt.moved","params":{"state":"UNLOCKED","by":"hand"}}\n'


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
        room = 2_500
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
