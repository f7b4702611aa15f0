"""`lockrig journal`, as people run it: on simulated units, and on one that is plugged in."""

import json
import stat
from pathlib import Path

import pytest

from tests.lockrig.plugged import plugged
from tests.lockrig.trace.samples import lockrig

KEY = "5c" * 32


def test_a_fresh_unit_in_words_and_as_json() -> None:
    ran = lockrig("journal", "sim")
    assert ran.code == 0
    assert "boot" in ran.out
    assert "reset=power bolt=LOCKED" in ran.out
    assert "no signature was checked" in ran.err
    ran = lockrig("journal", "virtual", "--json", "--ack")
    told = json.loads(ran.out)
    assert (ran.code, told["first"], told["last"], told["acknowledged"]) == (0, 1, 2, 2)
    assert [record["kind"] for record in told["records"]] == ["segment", "boot"]
    assert told["findings"] == []


def test_another_key_is_a_failure_and_nothing_is_acknowledged() -> None:
    ran = lockrig("journal", "sim", "--verify", "--key", KEY, "--ack", "--json")
    told = json.loads(ran.out)
    assert ran.code == 1
    assert told["findings"][0]["what"] == "unknown_key"
    assert told["acknowledged"] is None
    assert KEY not in ran.out + ran.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--verify"], "--key"),
        (["--key", "5c5c"], "64 hexadecimal digits"),
        (["--take-key", "/tmp/k", "--new-key", "/tmp/k"], "alone"),
        (["--take-key", "/tmp/k", "--ack"], "alone"),
    ],
)
def test_wrong_usage(words: list[str], says: str) -> None:
    ran = lockrig("journal", "sim", *words)
    assert ran.code == 2
    assert says in ran.err


def test_targets_that_there_arent() -> None:
    assert lockrig("journal", "nowhere").code == 2
    assert lockrig("journal", "virtual:NOBODY-1").code == 4
    assert lockrig("journal", "virtual:NOBODY-1", "--take-key", "/nonexistent/k").code == 4


def test_a_board_gives_its_key_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    key, new = tmp_path / "key", tmp_path / "new"
    with plugged(tmp_path):
        ran = lockrig("journal", "virtual:T-1", "--take-key", key)
        assert ran.code == 0, ran.err
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        secret = key.read_text().strip()
        again = lockrig("journal", "virtual:T-1", "--take-key", tmp_path / "again")
        assert again.code == 1
        assert "given its key out already" in again.err
        assert not (tmp_path / "again").exists()
        read = lockrig("journal", "virtual:T-1", "--verify", "--key", key)
        assert read.code == 0, read.out + read.err
        assert "signatures are good" in read.err
        # A new key: both are needed for all of it.
        assert lockrig("journal", "virtual:T-1", "--new-key", new).code == 0
        assert lockrig("journal", "virtual:T-1", "--verify", "--key", key).code == 1
        both = lockrig("journal", "virtual:T-1", "--json", "--key", key, "--key", new)
        assert both.code == 0, both.out + both.err
        told = json.loads(both.out)
        assert told["verified"] == len(told["records"])
        assert len({r["key_id"] for r in told["records"] if r["kind"] == "segment"}) == 2
        for ran in (again, read, both):
            assert secret not in ran.out + ran.err
