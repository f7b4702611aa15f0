"""Where a port is now, by a name that lasts; and a unit that restarts, whose port comes back."""

import threading
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from lockhil.lab import ports
from lockhil.lab.ports import PortGoneError, find, key, lasting
from lockhil.targets.realclock import ContactLostError, SerialTransport
from tests.lockhil.lab.ptys import Pty, point


@dataclass
class Found:
    """What pyserial says of a port."""

    device: str
    vid: int | None = None
    pid: int | None = None
    serial_number: str | None = None


@pytest.fixture(autouse=True)
def plugged_in(monkeypatch: pytest.MonkeyPatch) -> list[Found]:
    found: list[Found] = []
    monkeypatch.setattr(ports.list_ports, "comports", lambda: found)
    return found


def test_a_port_is_found_by_its_usb_identity(plugged_in: list[Found]) -> None:
    plugged_in += [
        Found("/dev/ttyS0"),
        Found("/dev/ttyACM0", 0x303A, 0x1001, "7C:DF:A1:00:00:01"),
        Found("/dev/ttyACM1", 0x303A, 0x1001, "7C:DF:A1:00:00:02"),
        Found("/dev/ttyUSB0", 0x1A86, 0x7523),
    ]
    assert find("usb:303a:1001:7C:DF:A1:00:00:02") == "/dev/ttyACM1"
    assert find("id:7C:DF:A1:00:00:01") == "/dev/ttyACM0"
    assert find("usb:1A86:7523") == "/dev/ttyUSB0"
    assert find("/dev/ttyS0") == "/dev/ttyS0"
    assert find("socket://a:1") == "socket://a:1"
    with pytest.raises(PortGoneError, match="these are: /dev/ttyACM0, /dev/ttyACM1; name it"):
        find("usb:303A:1001")
    with pytest.raises(PortGoneError, match="expected id:9, plugged in: usb:1A86:7523, usb:303A"):
        find("id:9")
    with pytest.raises(PortGoneError, match="start it: lockrig virtual A-1"):
        find("virtual:A-1")
    assert key("usb:1A86:7523") == "/dev/ttyUSB0"
    assert key("id:9") is None


def test_what_a_device_is_found_by_later(plugged_in: list[Found], tmp_path: Path) -> None:
    plugged_in += [
        Found("/dev/ttyACM0", 0x303A, 0x1001, "1"),
        Found("/dev/ttyACM1", 0x303A, 0x1001, "2"),
        Found("/dev/ttyACM2", 0x303A, 0x1001, "2"),  # one device, two ports
        Found("/dev/ttyUSB0", 0x1A86, 0x7523),
    ]
    assert lasting("/dev/ttyACM0") == "usb:303A:1001:1"
    for same in ("/dev/ttyACM1", "/dev/ttyUSB0", "/dev/none", "rfc2217://a:1", "usb:303A:1001:1"):
        assert lasting(same) == same
    point(tmp_path / "by-id", "/dev/ttyACM0")
    assert lasting(str(tmp_path / "by-id")) == str(tmp_path / "by-id")


def heard(transport: SerialTransport, wanted: bytes) -> bytes:
    came = b""
    end = time.monotonic() + 30
    while wanted not in came and time.monotonic() < end:
        came += (transport.read(200) or (0, b""))[1]
    return came


@pytest.mark.parametrize("named", ["by-id", "usb", "device"])
def test_a_unit_that_restarts_comes_back_as_another_device(
    tmp_path: Path, plugged_in: list[Found], named: str
) -> None:
    first, second = Pty(), Pty()
    link = tmp_path / "by-id"
    point(link, first.device)
    plugged_in.append(Found(first.device, 0x303A, 0x1001, "1"))
    port = {"by-id": str(link), "usb": "usb:303A:1001:1", "device": first.device}[named]
    transport = SerialTransport(port, lambda: 0)
    first.say(b"before")
    assert heard(transport, b"before") == b"before"
    transport.expect_restart()
    first.unplug()
    link.unlink()
    plugged_in.clear()

    def back() -> None:
        point(link, second.device)
        plugged_in.append(Found(second.device, 0x303A, 0x1001, "1"))
        while not over.wait(0.1):  # what came before a port is open is nobody's
            second.say(b"after")

    over = threading.Event()
    timer = threading.Timer(0.5, back)
    timer.start()
    transport.write(b"lost")
    assert heard(transport, b"after").endswith(b"after")
    transport.close()
    over.set()
    timer.join()
    second.unplug()


@pytest.mark.parametrize("does", ["read", "write"])
def test_a_port_that_goes_unexpectedly_is_lost(tmp_path: Path, does: str) -> None:
    first, second = Pty(), Pty()
    link = tmp_path / "by-id"
    point(link, first.device)
    transport = SerialTransport(str(link), lambda: 0)
    first.unplug()
    # Somebody else's board may be there at once.
    point(link, second.device)
    with pytest.raises(ContactLostError, match=r"by-id broke: .*; what was under way is open"):
        transport.read(500) if does == "read" else transport.write(b"x")
    transport.close()
    second.unplug()


def test_a_unit_that_never_comes_back_is_lost(tmp_path: Path) -> None:
    first = Pty()
    # By a link of its own: another test's terminal may get this one's number.
    point(tmp_path / "by-id", first.device)
    transport = SerialTransport(str(tmp_path / "by-id"), lambda: 0)
    transport.expect_restart(0.5)
    (tmp_path / "by-id").unlink()
    first.unplug()
    with pytest.raises(ContactLostError, match="broke"):
        transport.read(200)
    # It can be left, and left again.
    transport.close()
    transport.close()
