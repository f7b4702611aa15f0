"""The crypto on the interpreters of boards: the standards' vectors, and a client elsewhere."""

import json
from pathlib import Path

from lockhil.session.credentials import Grant, LockKey, Role
from lockhil.session.handshake import Handshake
from lockhil.session.sealed import LONGEST_PLAIN
from tests.lockunit import vectors
from tests.memory.conftest import open_port
from tests.memory.ports import Port


def made(port: Port, firmware: Path, of: str) -> list[str]:
    (firmware / "vectors.json").write_bytes(vectors.encoded())
    return [row["is"] for row in port.run("vectors", firmware) if row["of"] == of]


def test_hmac_and_hkdf(port: Port, firmware: Path) -> None:
    found = made(port, firmware, "hmac")
    expected = [comes for _, _, comes in vectors.HMAC]
    assert [one[: len(two)] for one, two in zip(found, expected, strict=True)] == expected
    assert made(port, firmware, "hkdf") == [text for row in vectors.HKDF for text in row[3:]]


def test_ccm_on_micropythons_own_aes(firmware: Path) -> None:
    # WebAssembly has no `cryptolib`.
    found = made(open_port("unix"), firmware, "ccm")
    assert found == [text for row in vectors.CCM for text in (row[4], row[3])]


def test_a_session_between_micropython_and_the_clients_own_code(firmware: Path) -> None:
    key, unit = bytes(range(32)), "NULL-0001"
    grant = Grant(1, b"u" * 16, Role.SERVICE, 0, 1_800_000_000)
    handshake = Handshake(LockKey(key).credential(unit, grant))
    # That board's chance is all zeros.
    place = bytes(16) + (64).to_bytes(4, "big")
    m2 = place + handshake._tag(b"L", place)
    proof = handshake.answer(m2)
    channel = handshake.channel()
    plains = [b"", b"short", bytes(range(256)) * 2, b"x" * LONGEST_PLAIN]
    client = {
        "key": key.hex(),
        "m1": handshake.m1.hex(),
        "proof": proof.hex(),
        "lines": [channel.seal(plain)[1].hex() for plain in plains],
    }
    (firmware / "client.json").write_text(json.dumps(client))
    rows = [bytes.fromhex(row["is"]) for row in open_port("unix").run("interop", firmware)]
    assert rows[:2] == [m2, b"done"]
    assert rows[2::2] == plains
    assert [channel.open(64, n, row) for n, row in enumerate(rows[3::2])] == plains
