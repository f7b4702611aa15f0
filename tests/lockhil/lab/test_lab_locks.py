"""A board's lock: one process at a time, by whatever name, and none is left by one that died."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lockhil.boards.repl import NoContactError, Repl
from lockhil.lab import entries, locks
from lockhil.lab.entries import Board, Probe
from lockhil.lab.locks import BusyError, Lease, held, holder
from lockhil.targets.realclock import ContactLostError, SerialTransport
from tests.lockhil.lab.ptys import Pty, point

HOLD = """
import sys
from lockhil.lab import entries, locks
entries.use_text(sys.argv[2])
locks.doing = "lockrig hil desk-1"
with locks.held(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def elsewhere(port: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the board."""
    words = [sys.executable, "-c", HOLD, port, entries.encode()]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


@pytest.fixture
def pty() -> Iterator[Pty]:
    made = Pty()
    yield made
    made.unplug()


def test_who_has_it_is_said_and_a_killed_one_has_nothing(pty: Pty) -> None:
    with elsewhere(pty.device) as process:
        with pytest.raises(BusyError) as raised:
            Lease(pty.device)
        said = str(raised.value)
        assert said.startswith(f"{pty.device} is busy: `lockrig hil desk-1` (process {process.pid}")
        assert "has it since 20" in said
        assert holder(pty.device) == said.partition(";")[0]
        process.kill()
        process.wait()
        with held(pty.device):
            pass
    assert holder(pty.device) is None


def test_whoever_opens_a_port_has_its_lock(pty: Pty) -> None:
    transport = SerialTransport(pty.device, lambda: 0)
    transport.close()
    with elsewhere(pty.device):
        with pytest.raises(ContactLostError, match="is busy: `lockrig hil desk-1`"):
            SerialTransport(pty.device, lambda: 0)
        with pytest.raises(NoContactError, match="is busy: `lockrig hil desk-1`"):
            Repl(pty.device)
    with pytest.raises(ContactLostError, match="can't open /dev/nowhere"):
        SerialTransport("/dev/nowhere", lambda: 0)
    # Nobody is left with it who couldn't open it.
    with elsewhere("/dev/nowhere"):
        pass


@pytest.mark.parametrize(
    ("mine", "others"),
    [
        ("desk-1", ["desk-1", "desk-2", "LINK", "BY-ID", "CONSOLE", "PROBE"]),
        ("CONSOLE", ["desk-1", "LINK", "PROBE"]),
        ("BY-ID", ["LINK", "desk-2"]),
        (
            "rfc2217://localhost:4001",
            ["far", "socket://127.0.0.1:4001", "rfc2217://LocalHost:4001"],
        ),
        ("far", ["rfc2217://localhost:4001?ign_set_control", "in-the-air"]),
        ("in-the-air", ["in-the-air"]),
    ],
)
def test_two_names_of_one_board_exclude_each_other(
    tmp_path: Path, mine: str, others: list[str]
) -> None:
    ptys = {name: Pty() for name in ("LINK", "CONSOLE", "PROBE", "FREE")}
    point(tmp_path / "by-id", ptys["LINK"].device)
    places = {name: pty.device for name, pty in ptys.items()} | {"BY-ID": str(tmp_path / "by-id")}
    air = "ble:C4:64:E3:12:34:56"
    boards = {
        "desk-1": Board(
            link=places["BY-ID"],
            console=places["CONSOLE"],
            probe=Probe(port=places["PROBE"], wiring="x"),
        ),
        "desk-2": Board(link=places["LINK"]),
        "far": Board(link="rfc2217://localhost:4001"),
        "in-the-air": Board(link=air, console="socket://localhost:4001"),
        "gone": Board(link="usb:1234:5678:0001", console="virtual:none"),
    }
    entries.use(lambda: boards)
    with elsewhere(places.get(mine, mine)):
        for other in others:
            with pytest.raises(BusyError):
                Lease(places.get(other, other))
        # The others are free, and none is half taken by who tried.
        for free in (places["FREE"], "gone", "rfc2217://localhost:4002"):
            Lease(free).release()
    for other in others:
        Lease(places.get(other, other)).release()
    for pty in ptys.values():
        pty.unplug()


def test_a_process_has_it_as_often_as_it_likes(pty: Pty) -> None:
    first = Lease(pty.device)
    # Also in another thread: a board's console and link are one run's.
    again: list[Lease] = []
    thread = threading.Thread(target=lambda: again.append(Lease(pty.device)))
    thread.start()
    thread.join()
    first.release()
    asked = "import sys; from lockhil.lab.locks import holder; print(holder(sys.argv[1]))"
    ask = [sys.executable, "-c", asked, pty.device]
    assert f"process {os.getpid()}" in subprocess.check_output(ask, text=True)
    again[0].release()
    assert subprocess.check_output(ask, text=True) == "None\n"


def test_what_a_note_says_is_never_believed_alone(pty: Pty) -> None:
    with held(pty.device):
        [note] = locks.folder().glob("*.json")
    # As one left it whose number no process has.
    gone = {"pid": 2**22 + 1, "command": "lockrig hil", "since": "2026"}
    for junk in (b"", b"\xff", b"[]", b'{"pid": "x"}', json.dumps(gone).encode()):
        note.write_bytes(junk)
        with held(pty.device):
            pass
        with elsewhere(pty.device):
            note.write_bytes(junk)
            with pytest.raises(BusyError, match="is busy: another process has it; end that"):
                Lease(pty.device)


def test_no_folder_for_locks_is_said(
    pty: Pty, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    with pytest.raises(BusyError, match=r"can't tell whether .* is in use: .*XDG_STATE_HOME"):
        Lease(pty.device)
