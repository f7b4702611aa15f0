"""`lockrig journal`, as people run it: on simulated units, and on one that is plugged in."""

import json
import signal
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from lockhil.contact import open_contact
from lockhil.journal.kept import Kept, open_kept
from lockhil.journal.reader import Held, acknowledge, read_page
from tests.lockrig.plugged import plugged
from tests.lockrig.trace.samples import lockrig, process

KEY = "5c" * 32


def test_a_fresh_unit_in_words_and_as_json() -> None:
    ran = lockrig("journal", "sim")
    assert ran.code == 0
    assert "boot" in ran.out
    assert "reset=power bolt=LOCKED" in ran.out
    assert "no signature was checked" in ran.err
    ran = lockrig("journal", "virtual", "--json")
    told = json.loads(ran.out)
    assert (ran.code, told["first"], told["last"], told["acknowledged"]) == (0, 1, 2, None)
    assert [record["kind"] for record in told["records"]] == ["segment", "boot"]
    assert told["findings"] == []


def test_a_file_is_gone_on_in_and_what_it_holds_is_acknowledged(tmp_path: Path) -> None:
    file = tmp_path / "j"
    ran = lockrig("journal", "sim", "--file", file, "--ack", "--json")
    told = json.loads(ran.out)
    assert (ran.code, told["checked"], told["acknowledged"]) == (0, 2, 2)
    assert len(file.read_text().splitlines()) == 3
    # The same simulated unit as it is at its first boot: nothing is new.
    again = lockrig("journal", "sim", "--file", file, "--ack")
    assert (again.code, again.out) == (0, "")
    assert "0 of the records are new" in again.err
    assert "acknowledged up to 2" in again.err


@pytest.mark.parametrize(
    ("change", "code", "says"),
    [
        (lambda text: "notes of mine\n", 2, "expected a file that begins with"),
        (lambda text: text.replace("AQAAAAAA", "AQAAAAAB", 1), 2, "line 2, behind record 0"),
        (lambda text: text.replace("SIM-0001", "SIM-0007"), 2, "the journal of SIM-0007"),
        (lambda text: "\n".join(text.split("\n")[i] for i in (0, 2, 3)), 1, "they went"),
    ],
)
def test_a_file_that_isnt_as_it_was_kept(
    tmp_path: Path, change: Callable[[str], str], code: int, says: str
) -> None:
    file = tmp_path / "j"
    assert lockrig("journal", "sim", "--file", file).code == 0
    file.write_text(change(file.read_text()))
    before = file.read_text()
    ran = lockrig("journal", "sim", "--file", file, "--ack", "--json")
    assert (ran.code, file.read_text()) == (code, before)
    assert says in ran.err + ran.out
    if code == 2:
        assert "nothing in it was changed" in ran.err


def test_a_file_that_cant_be_written_or_is_in_use(tmp_path: Path) -> None:
    ran = lockrig("journal", "sim", "--file", tmp_path / "no" / "j", "--ack")
    assert ran.code == 1
    assert "nothing was acknowledged" in ran.err
    with open_kept(tmp_path / "j"):
        ran = lockrig("journal", "sim", "--file", tmp_path / "j")
    assert ran.code == 4
    assert "somebody else" in ran.err


def test_another_key_is_a_failure_and_nothing_is_acknowledged(tmp_path: Path) -> None:
    words = ["--verify", "--key", KEY, "--file", tmp_path / "j", "--ack", "--json"]
    ran = lockrig("journal", "sim", *words)
    told = json.loads(ran.out)
    assert ran.code == 1
    assert told["findings"][0]["what"] == "unknown_key"
    assert told["acknowledged"] is None
    assert KEY not in ran.out + ran.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--verify"], "--key"),
        (["--ack"], "--file"),
        (["--key", "5c5c"], "64 hexadecimal digits"),
        (["--take-key", "/tmp/k", "--new-key", "/tmp/k"], "alone"),
        (["--take-key", "/tmp/k", "--ack"], "alone"),
        (["--take-key", "/tmp/k", "--file", "/tmp/f"], "alone"),
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


def _held(*, more: int = 0) -> Held:
    """What the unit holds; first it is given so many more records, by acknowledgements."""
    with open_contact("virtual:T-1") as contact:
        contact.link.send_raw(b"\n")
        for _ in range(more):
            held = read_page(contact.link, 10**6).held
            acknowledge(contact.link, held.acked + 1)
        return read_page(contact.link, 10**6).held


def test_killed_anywhere_it_loses_nothing_that_was_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    file = tmp_path / "file"
    words = ["journal", "virtual:T-1", "--file", file, "--ack"]
    with plugged(tmp_path):
        before = _held(more=40).acked
        ended = []
        for size in (0, 1_000, 3_000, 5_000):
            with process(*words) as reader:
                while not (file.exists() and file.stat().st_size >= size):
                    if reader.poll() is not None:
                        break
                reader.kill()
            ended.append(reader.returncode)
            held = Kept(file).slots
            acked = _held().acked
            assert acked == before or acked <= held[-1].seq
        assert -signal.SIGKILL in ended
        ran = lockrig(*words, "--json")
        told = json.loads(ran.out)
        assert (ran.code, told["findings"]) == (0, [])
        held = Kept(file).slots
        assert told["acknowledged"] == held[-1].seq == told["checked"] == _held().acked
