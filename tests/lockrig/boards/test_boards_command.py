"""`lockrig boards`: what is plugged in and which virtual boards run."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from lockhil.boards import ports
from lockrig.main import run
from tests.lockrig.flash.wires import nobody
from tests.lockrig.plugged import plugged


@dataclass
class Found:
    """What pyserial says of a port."""

    device: str
    vid: int | None
    pid: int | None
    description: str = "n/a"


@pytest.fixture(autouse=True)
def plugged_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Found]:
    """No port but these, and no virtual board of the user's."""
    found: list[Found] = []
    monkeypatch.setattr(ports.list_ports, "comports", lambda: found)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return found


def test_nothing_is_said_to_be_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["boards"]) == 0
    assert "no serial port is plugged in, and no virtual board runs" in capsys.readouterr().out


def test_ports_with_a_guess_by_their_usb_ids(
    plugged_in: list[Found], capsys: pytest.CaptureFixture[str]
) -> None:
    plugged_in += [
        Found("/dev/ttyUSB0", 0x10C4, 0xEA60),
        Found("/dev/ttyACM0", 0x2E8A, 0x0005),
        Found("/dev/ttyACM1", 0x303A, 0x9999),
        Found("/dev/ttyACM2", 0x1234, 0x5678, "Some modem"),
        Found("/dev/ttyS0", None, None),
    ]
    # None of them is there: opening one would fail.
    assert run(["boards"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "serial:/dev/ttyACM0  Raspberry Pi Pico with MicroPython (2E8A:0005)",
        "serial:/dev/ttyACM1  a board of Espressif's (303A:9999)",
        "serial:/dev/ttyACM2  Some modem (1234:5678)",
        "serial:/dev/ttyS0  a serial port",
        "serial:/dev/ttyUSB0  CP210x adapter, on many ESP32 boards (10C4:EA60)",
    ]


def test_virtual_boards_are_found_and_probed_on_demand(
    tmp_path: Path, plugged_in: list[Found], capsys: pytest.CaptureFixture[str]
) -> None:
    with plugged(tmp_path, name="T-9") as board:
        assert run(["boards"]) == 0
        assert capsys.readouterr().out.splitlines() == [
            "virtual:T-9  a virtual board",
            f"  console {board.console}, link {board.link}",
        ]
        plugged_in.append(Found("/dev/nowhere", None, None))
        assert run(["boards", "--probe", "--json"]) == 0
        gone, here = json.loads(capsys.readouterr().out)["boards"]
        assert "can't open /dev/nowhere" in gone["probed"]["error"]
        assert here["target"] == "virtual:T-9"
        assert here["link"] == board.link
        assert here["probed"]["board"]["name"] == "a virtual board, MicroPython 1.29.0"
        assert (here["probed"]["unit"], here["probed"]["firmware"]) == ("T-9", "0.1.0")


def test_a_silent_port_is_said_to_be_silent(
    plugged_in: list[Found], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lockhil.boards.repl._TRIES_S", (0.1,))
    monkeypatch.setattr("lockhil.boards.repl._ANSWERS_S", 0.1)
    with nobody() as port:
        plugged_in.append(Found(port, None, None))
        assert run(["boards", "--probe"]) == 0
    assert "expected MicroPython" in capsys.readouterr().out
