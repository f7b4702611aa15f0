"""A board at the far end of RFC 2217, as a bench is shared: lines, speed, and a server killed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lockhil.boards.session import visit
from lockhil.contact import open_contact
from lockrig.main import run
from tests.full import sliced
from tests.lockhil.lab.server import Server, server
from tests.lockrig.plugged import Plugged, plugged

PATIENCE_S = 120
pytestmark = pytest.mark.filterwarnings("ignore:set.*deprecated:DeprecationWarning")


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Plugged]:
    with plugged(tmp_path, name="A-17") as made:
        yield made


class Configured:
    """lockrig.toml of this test, with the board desk-1."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self, **keys: str) -> None:
        lines = [f"{key.replace('_', '.')} = {json.dumps(value)}" for key, value in keys.items()]
        self._path.write_text("\n".join(["[boards.desk-1]", *lines]))


@pytest.fixture
def configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Configured:
    path = tmp_path / "lockrig.toml"
    monkeypatch.setenv("LOCKRIG_CONFIG", str(path))
    return Configured(path)


def lockrig(*words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "lockrig", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def ended(process: "subprocess.Popen[str]") -> tuple[int, str]:
    out, _ = process.communicate(timeout=PATIENCE_S)
    assert "Traceback" not in out
    return process.returncode, out


def on_link(far: Server) -> None:
    with open_contact(f"serial:{far.url}") as contact:
        contact.link.send_raw(b"\n")
        assert contact.link.call("unit.hello")["unit"] == "A-17"


def on_console(far: Server) -> None:
    with visit(far.url) as here:
        assert here.who.virtual


@pytest.mark.parametrize("use", [on_link, on_console])
def test_dtr_and_rts_stay_low(board: Plugged, use: Callable[[Server], None]) -> None:
    with server(board.link if use is on_link else board.console) as far:
        use(far)
        told = far.end()
    told = told[told.index("client") + 1 :]
    assert {"dtr 0", "rts 0", "baud 115200"} <= set(told)
    assert {line for line in told if line.startswith(("dtr", "rts"))} == {"dtr 0", "rts 0"}


def test_commands_reach_it_by_name(
    board: Plugged,
    configured: Configured,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    # What else is plugged in would be asked too.
    monkeypatch.setattr("serial.tools.list_ports.comports", list)
    with server(board.link) as link:
        configured(link=link.url, console=board.console, unit="A-17")
        # hil, monitor and flash have tests of their own below.
        assert run(["journal", "desk-1"]) == 0
        assert run(["boards", "--probe"]) == 0
        capsys.readouterr()
        assert run(["boards", "--json"]) == 0
        [named] = json.loads(capsys.readouterr().out)["named"]
        assert named["last_probed"]["unit"] == "A-17"
        assert run(["boards"]) == 0
        assert "unit A-17, firmware 0.1.0" in capsys.readouterr().out


def test_a_board_with_a_probe_has_its_bench(tmp_path: Path, configured: Configured) -> None:
    with plugged(tmp_path, "--pair", name="P") as unit:
        assert unit.process.stdout is not None
        probe = unit.process.stdout.readline().removeprefix("probe link: ").strip()
        configured(unit="P", link=unit.link, probe_port=probe, probe_wiring="virtual")
        # It needs hands: without a bench it isn't run.
        code, out = ended(lockrig("hil", "desk-1", "-k", "test_thumb_turn_is_observed"))
        assert (code, "1 passed, 0 failed, 0 not run" in out) == (0, True), out


def test_another_unit_in_its_place_is_refused(
    board: Plugged, configured: Configured, tmp_path: Path
) -> None:
    secret = tmp_path / "passphrase"
    secret.touch(0o600)
    secret.write_text("made up for this test\n")
    configured(link=board.link, console=board.console, unit="B-3")
    code, out = ended(lockrig("monitor", "desk-1"))
    assert code == 4
    assert "desk-1 must be the unit B-3, and what answers there is A-17" in out
    for words in (["flash"], ["provision", "--passphrase-from", str(secret)]):
        code, out = ended(lockrig(*words, "desk-1"))
        assert code == 4, out
        assert "desk-1 must be the unit B-3, and the board there is A-17" in out


@pytest.mark.parametrize(
    "words",
    sliced(
        [("hil", "desk-1", "-k", "test_5_link"), ("monitor", "desk-1"), ("flash", "desk-1")],
        step=3,
    ),
)
def test_a_server_that_is_killed(
    board: Plugged, configured: Configured, words: tuple[str, ...]
) -> None:
    side = "console" if words[0] == "flash" else "link"
    device = board.console if side == "console" else board.link
    with server(device) as far:
        configured(**{side: far.url})
        process = lockrig(*words)
        assert far.process.stdout is not None
        while far.process.stdout.readline() != "client\n":
            pass
        time.sleep(1)
        far.end()
        code, out = ended(process)
        assert code == 4, out
    # Whoever had it has it no more, and with a server the next run is well.
    with server(device) as far:
        configured(**{side: far.url})
        again = {"hil": ("hil", "desk-1", "-k", "test_hello"), "monitor": (*words, "--for", "1")}
        code, out = ended(lockrig(*again.get(words[0], words)))
        assert code == 0, out


def test_two_runs_never_share_a_board(board: Plugged, configured: Configured) -> None:
    with server(board.link) as link, server(board.console) as console:
        configured(link=link.url, console=console.url)
        first = lockrig("hil", "desk-1", "-k", "test_5_link")
        assert first.stdout is not None
        assert first.stdout.read(1)
        others = (
            lockrig("hil", "desk-1", "-k", "test_hello"),
            lockrig("flash", f"serial:{console.url}"),
            lockrig("monitor", f"serial:{link.url}"),
        )
        for other in others:
            code, out = ended(other)
            assert code == 4, out
            assert "is busy: `lockrig hil desk-1` (process " in out
        code, out = ended(lockrig("boards"))
        assert "desk-1 is busy: `lockrig hil desk-1`" in out
        # With its tests, which are a process of their own.
        os.killpg(first.pid, signal.SIGKILL)
        first.communicate()
        code, out = ended(lockrig("monitor", "desk-1", "--for", "0.1"))
        assert code == 0, out
