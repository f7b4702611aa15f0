"""What is remembered: half lines, foreign lines, full disks, many at once."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockrig.overview.seen import AIR, LINK, CantRememberError, Observation, recall, remember

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
ONE = Observation(NOW, "ABC-1", LINK, level="GOOD", fresh=True, loaded_mv=2_900, customer="K-1")


def file(folder: Path) -> Path:
    return folder / "seen" / "2026.jsonl"


def test_what_was_remembered_comes_back_in_order(tmp_path: Path) -> None:
    earlier = Observation(NOW - timedelta(days=400), "XYZ", AIR, level="CHANGE_NOW")
    remember(tmp_path, [ONE, earlier], training=False)
    assert recall(tmp_path, training=False) == ([earlier, ONE], [])
    assert recall(tmp_path, training=True) == ([], [])


def test_half_a_line_is_told_and_hides_nothing(tmp_path: Path) -> None:
    remember(tmp_path, [ONE], training=False)
    with file(tmp_path).open("ab") as out:
        out.write(b'{"at":"2026-11-30T12')
    remember(tmp_path, [ONE], training=False)
    found, damaged = recall(tmp_path, training=False)
    assert found == [ONE, ONE]
    assert damaged == ["seen/2026.jsonl: line 2 is none of its own"]


def test_a_link_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "seen").mkdir()
    aside = tmp_path / "aside"
    aside.write_bytes(b"mine\n")
    file(tmp_path).symlink_to(aside)
    with pytest.raises(CantRememberError):
        remember(tmp_path, [ONE], training=False)
    assert aside.read_bytes() == b"mine\n"
    assert recall(tmp_path, training=False)[1] == ["seen/2026.jsonl: it is a link, not a file"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk here")
def test_a_full_disk_is_told_in_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "seen").mkdir()
    real = os.open
    monkeypatch.setattr(
        os, "open", lambda path, *rest: real("/dev/full" if path == file(tmp_path) else path, *rest)
    )
    with pytest.raises(CantRememberError, match="No space left"):
        remember(tmp_path, [ONE], training=False)


LINES = st.lists(
    st.binary(max_size=80)
    | st.sampled_from(
        [
            b'{"at":"2026-11-30T12:00:00Z","unit":"ABC","source":"air","level":"GOOD"}',
            b'{"at":"2026-11-30T12:00:00Z","unit":"../x","source":"air"}',
            b'{"at":"2026-11-30T12:00:00Z","unit":"ABC","source":"sea"}',
            b'{"at":1,"unit":"ABC","source":"air"}',
            b'{"at":"2026-11-30T12:00:00Z","unit":"ABC","source":"air","loaded_mv":1e9}',
            b'{"at":"2026-11-30T12:00:00Z","unit":"ABC","source":"air","level":["GOOD"]}',
            b"[" * 3_000,
        ]
    ),
    max_size=6,
)


@given(LINES)
def test_foreign_lines_are_told_one_by_one(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]
) -> None:
    folder = tmp_path_factory.mktemp("foreign")
    (folder / "seen").mkdir()
    file(folder).write_bytes(b"\n".join(lines))
    found, damaged = recall(folder, training=False)
    whole = [line for line in b"\n".join(lines).split(b"\n") if line]
    assert len(found) + len(damaged) == len(whole)
    assert {each.unit for each in found} <= {"ABC"}


def test_many_at_once_lose_nothing(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from tests.lockrig.overview.test_seen import *\n"
        "for _ in range(20): remember(Path(sys.argv[1]), [ONE, ONE], training=False)"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    here = Path(__file__).parents[3]
    processes = [subprocess.Popen(command, cwd=here) for _ in range(2)]
    assert [process.wait() for process in processes] == [0, 0]
    found, damaged = recall(tmp_path, training=False)
    assert (len(found), damaged) == (80, [])
