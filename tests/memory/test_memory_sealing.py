"""Sessions allocate while they are made and used, and leave nothing behind."""

from pathlib import Path

from tests.memory.ports import Port

# Bytes that a handshake or the longest line may take: they come beside all that the unit holds.
_MOST = 16_384


def test_sessions_and_lines_do_not_grow(port: Port, firmware: Path) -> None:
    rows = port.run("sealing", firmware, 50)
    tenth, end = [row for row in rows if "rounds" in row]
    assert (tenth["rounds"], end["rounds"]) == (5, 50)
    assert end["alive"] - tenth["alive"] <= 64, "45 sessions left something behind"
    taken = {row["of"]: row["bytes"] for row in rows if "of" in row}
    assert taken.keys() == {"m1", "proof", "open", "seal", "open long", "seal long"}
    assert max(taken.values()) <= _MOST
