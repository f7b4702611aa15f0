"""A capture of the air: read back byte for byte, by a reader of its own and by Wireshark's."""

import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from lockhil.radio.capture import Capture
from tests.lockhil.radio.place import ADVERT, ANSWER, DAY_MS, Place, talk_of

Packet = tuple[str, int, int, bytes]


def packets_of(data: bytes) -> list[Packet]:
    """The packets of a pcapng file: radio, time, direction, HCI packet."""
    place, names, packets = 0, [], []
    while place < len(data):
        kind, length = struct.unpack_from("<II", data, place)
        assert length % 4 == 0
        assert struct.unpack_from("<I", data, place + length - 4) == (length,)
        body = data[place + 8 : place + length - 4]
        if kind == 0x0A0D0D0A:
            assert body[:8] == bytes.fromhex("4d3c2b1a01000000")
        elif kind == 1:
            assert struct.unpack_from("<H", body) == (201,)
            code, size = struct.unpack_from("<HH", body, 8)
            assert code == 2
            names.append(body[12 : 12 + size].decode())
        else:
            assert kind == 6
            number, high, low, size, whole = struct.unpack_from("<IIIII", body)
            assert size == whole
            (direction,) = struct.unpack_from(">I", body, 20)
            now = high << 32 | low
            packets.append((names[number], now, direction, body[24 : 20 + size]))
        place += length
    return packets


def _captured(file: Path) -> list[Packet]:
    place = Place()
    with file.open("wb") as opened:
        place.air.capture(Capture(opened))
        place.listen(place.phone)
        connection = place.connect()
        talk = place.run(talk_of(connection))
        place.timeline.run(100 * DAY_MS)
        place.run(talk.write_value(b"hello there"))
        place.timeline.run(1_000)
        place.air.close()
    return packets_of(file.read_bytes())


def test_a_capture_has_all_that_was_said_and_when(tmp_path: Path) -> None:
    packets = _captured(tmp_path / "air.pcapng")
    assert {name for name, *_ in packets} == {
        "central C0:00:00:00:00:0A",
        "central C0:00:00:00:00:01",
    }
    assert [when for _, when, _, _ in packets] == sorted(when for _, when, _, _ in packets)
    last = [(when, to, data) for _, when, to, data in packets if data.endswith(b"hello there")]
    (sent_at, to_radio, _), (came_at, to_host, _) = last
    assert (to_radio, to_host) == (0, 1)
    assert 100 * DAY_MS < sent_at < came_at <= sent_at + 30
    assert any(ADVERT in data and data[0] == 4 for _, _, _, data in packets)
    assert any(ANSWER in data and data[0] == 4 for _, _, _, data in packets)


@pytest.mark.skipif(shutil.which("tshark") is None, reason="there is no tshark here")
def test_wireshark_opens_it(tmp_path: Path) -> None:
    packets = _captured(tmp_path / "air.pcapng")
    words = ["tshark", "-r", str(tmp_path / "air.pcapng"), "-T", "fields", "-e", "_ws.col.Protocol"]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    protocols = done.stdout.split("\n")[:-1]
    assert len(protocols) == len(packets)
    assert {"HCI_CMD", "HCI_EVT", "ATT"} <= set(protocols)
    assert not any("Malformed" in line for line in protocols)
