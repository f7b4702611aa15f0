"""What may be at the other end of a port, and what may lie between."""

import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lockhil.boards import repl
from lockrig.main import run
from tests.lockrig.flash.wires import nobody, served
from tests.lockrig.plugged import Plugged, plugged

MICROBIT = Path("/usr/share/firmware-microbit-micropython/firmware.hex")


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Plugged]:
    with plugged(tmp_path) as found:
        yield found


@pytest.mark.filterwarnings("ignore:set.*deprecated:DeprecationWarning")  # pyserial's client
@pytest.mark.parametrize("remote", [False, True], ids=["socket", "rfc2217"])
def test_a_board_at_the_far_end_of_a_network(
    board: Plugged, capsys: pytest.CaptureFixture[str], remote: bool
) -> None:
    with served(board.console, remote=remote) as url:
        assert run(["flash", f"serial:{url}", "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert (told["result"], told["copied"]) == ("flashed", ["/b/firmware.json"])
        assert told["seen_on"] == "console"


@pytest.mark.parametrize(
    ("says", "told"),
    [
        (b"", "expected MicroPython on .*, nothing came"),
        (b"\x80\xfe\r\n", "expected MicroPython on .*, what came is none: b'"),
        (b'{"jsonrpc":"2.0","method":"unit.boot","params":{}}\n', "is the link"),
    ],
    ids=["silent", "garbage", "link"],
)
def test_ports_without_micropython(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, says: bytes, told: str
) -> None:
    monkeypatch.setattr(repl, "_TRIES_S", (0.2, 0.2))
    monkeypatch.setattr(repl, "_ANSWERS_S", 0.2)
    with nobody(says) as port:
        assert run(["flash", f"serial:{port}"]) == (2 if b"jsonrpc" in says else 4)
    assert re.search(told, capsys.readouterr().err)


@pytest.fixture
def microbit() -> Iterator[str]:
    """The console of an emulated BBC micro:bit."""
    qemu = shutil.which("qemu-system-arm")
    if qemu is None or not MICROBIT.exists():
        pytest.skip(
            "needs an emulated micro:bit: apt-get install --no-install-recommends "
            "qemu-system-arm firmware-microbit-micropython"
        )
    machine = ["-M", "microbit", "-device", f"loader,file={MICROBIT}"]
    words = [qemu, *machine, "-nographic", "-monitor", "none", "-serial", "pty"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"/dev/\S+", process.stdout.readline())
            assert found is not None
            time.sleep(0.5)  # it doesn't say when it has started
            yield found[0]
        finally:
            process.kill()


def test_a_foreign_board_is_named_and_refused(
    microbit: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["flash", f"serial:{microbit}", "--unit", "T-1", "--kind", "door"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == (
        "lockrig: BBC micro:bit, MicroPython 1.9.2 isn't a board for this firmware: "
        "expected one of esp32, rp2 or a virtual board\n"
    )
