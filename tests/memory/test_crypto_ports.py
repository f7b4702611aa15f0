"""The crypto on the interpreters of boards: the standards' vectors come out there too."""

from pathlib import Path

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
