"""`lockrig flash` as a user meets it: stories of virtual boards, step by step."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lockhil.boards import onboard, plan
from lockhil.boards.repl import Repl
from lockrig.main import run
from tests.full import FULL
from tests.lockrig.plugged import Plugged, firmware_copy

Flash = Callable[..., dict[str, Any]]
Boards = Callable[..., Plugged]


# It counts some blocks twice: what it calls full takes a little more.
FILL = """
import os
n=0
try:
 while 1:
  n+=1
  with open('/fill%d'%n,'wb') as f:
   for _ in range(max(2,os.statvfs('/')[3]-4)%999):f.write(bytes(4096))
except OSError:pass
"""


@pytest.fixture
def plug(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Boards]:
    """Plug in the board T-1, which the command finds."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    boards: list[Plugged] = []

    def plug(*options: str) -> Plugged:
        boards.append(Plugged(tmp_path, *options))
        return boards[0]

    yield plug
    for board in boards:
        board.kill()


@pytest.fixture
def flash(capsys: pytest.CaptureFixture[str]) -> Flash:
    """Run it with --json; the document, which has the exit code too."""

    def flash(*args: str, target: str = "virtual:T-1") -> dict[str, Any]:
        code = run(["flash", target, *args, "--json"])
        told: dict[str, Any] = json.loads(capsys.readouterr().out)
        assert told["exit_code"] == code
        return told

    return flash


def on_board(board: Plugged, *code: str) -> str:
    """Run code on the board, and let it go on."""
    repl = Repl(board.console)
    try:
        return "".join(repl.run(line) for line in code).strip()
    finally:
        repl.restart()
        repl.close()


def writes(path: str, text: str) -> str:
    """Code that writes a file; nothing else would close it in time."""
    return f"with open({path!r},'w') as f:f.write({text!r})"


def test_from_a_blank_board_to_a_unit(
    plug: Boards, flash: Flash, capsys: pytest.CaptureFixture[str]
) -> None:
    board = plug("--blank")
    asks = flash()
    assert asks["exit_code"] == 2
    assert "--unit" in asks["error"]
    assert asks["board"]["virtual"]

    assert run(["flash", "virtual:T-1", "--unit", "T-1", "--kind", "laundry", "--dry-run"]) == 0
    said = capsys.readouterr()
    assert re.search(r"would copy (\d+) of \1 files into /a", said.out)
    assert "interrupted to look at it, and started again" in said.out
    assert said.err == ""  # no bar where there is no terminal
    assert on_board(board, "import os;print(os.listdir('/'))") == "[]"

    new = flash("--unit", "T-1", "--kind", "laundry")
    assert (new["exit_code"], new["result"], new["error"]) == (0, "flashed", None)
    assert (new["copied"][-1], new["slot"]) == ("/a/lockunit/__init__.mpy", "/a")
    assert (new["unit"], new["seen_on"], new["selftest"]["outcome"]) == ("T-1", "link", "none")

    # By its console alone: whether it runs is seen there.
    assert run(["flash", f"serial:{board.console}"]) == 0
    out = capsys.readouterr().out
    assert re.search(r"up to date: all \d+ files", out)
    assert "it runs 0.1.0, seen on its console" in out

    other = flash("--unit", "T-2")
    assert other["exit_code"] == 1
    assert "is the unit T-1, not T-2" in other["error"]
    link = flash(target=f"serial:{board.link}")
    assert link["exit_code"] == 2
    assert f"{board.link} is the link of the unit T-1; its console" in link["error"]


def test_updates_keep_what_isn_t_ours(plug: Boards, flash: Flash, tmp_path: Path) -> None:
    board = plug()

    def add(folder: Path) -> None:
        (folder / "lockboards" / "extra.py").write_text("X = 1\n")

    later = firmware_copy(tmp_path / "later", "0.2.0", add)
    on_board(board, writes("/data/latch", "stays"), writes("/mine.txt", ""))
    up = flash("--firmware", str(later))
    assert (up["exit_code"], up["version_before"], up["version"]) == (0, "0.1.0", "0.2.0")
    assert set(up["copied"]) == {
        "/b/lockunit/__init__.mpy", "/b/lockboards/extra.mpy", "/b/firmware.json",
    }  # fmt: skip

    older = flash()
    assert older["exit_code"] == 1
    assert "firmware 0.2.0, newer than 0.1.0; --downgrade" in older["error"]

    on_board(board, writes("/b/firmware.json", "{"))
    down = flash("--downgrade")
    assert (down["exit_code"], down["slot"]) == (0, "/a")
    assert down["copied"] == ["/a/firmware.json"]
    assert "manifest on the board was damaged" in down["notes"][0]
    kept = "import os;print(open('/data/latch').read(),'mine.txt' in os.listdir('/'))"
    assert on_board(board, kept) == "stays True"


def test_what_was_cut_midway_is_completed_by_the_next_run(
    plug: Boards, flash: Flash, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error on the way leaves what a power cut there leaves: the firmware of before, in use."""
    board = plug()
    later = str(firmware_copy(tmp_path / "later", "0.2.0"))
    for piece in ("clone", "rename", "put_on_trial"):
        with monkeypatch.context() as patch:
            patch.setattr(onboard, piece, lambda *_: "1/0")
            told = flash("--firmware", later)
        assert told["exit_code"] == 1
        assert "the board keeps the firmware that it had" in told["error"]
        assert on_board(board, "import lockunit;print(lockunit.VERSION)") == "0.1.0"
    told = flash("--firmware", later)
    assert (told["exit_code"], told["result"]) == (0, "flashed")
    assert told["copied"] + told["cloned"] == []  # all of it lay there


def test_firmware_that_doesn_t_come_up_is_given_up(
    plug: Boards, flash: Flash, tmp_path: Path
) -> None:
    board = plug()

    def end(folder: Path) -> None:
        (folder / "lockboards" / "app.py").write_text("def main():\n  raise ValueError('x')\n")

    def hang(folder: Path) -> None:
        (folder / "lockboards" / "app.py").write_text("def main():\n  while 1:pass\n")

    # One that hangs takes three starts of ten seconds each.
    for number, fault in enumerate((end, hang) if FULL else (end,)):
        bad = firmware_copy(tmp_path / str(number), f"0.2.{number}", fault)
        told = flash("--firmware", str(bad), target=f"serial:{board.console}")
        assert told["exit_code"] == 1
        assert "the board keeps the firmware that it had" in told["error"]
        if fault is end:
            assert "the new firmware didn't come up (ValueError: x)" in told["error"]
        assert on_board(board, "import sys,os;print(sys.path[0],'trial' in os.listdir('/'))") == (
            "/a False"
        )
    by_link = flash("--firmware", str(tmp_path / "0"))
    assert "the new firmware didn't come up (ValueError: x); it runs 0.1.0" in by_link["error"]
    assert flash()["result"] == "flashed"
    assert flash()["result"] == "up to date"


def test_what_a_killed_run_left_open_isn_t_written_over_the_new(
    plug: Boards, flash: Flash, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    board = plug()
    repl = Repl(board.console)
    repl.run("import os\nfor f in ('/b','/b/lockunit'):os.mkdir(f)")
    begin = onboard.begin_file("/b/lockunit/bolt.mpy")
    repl.run(f"{begin}\nleft={begin[0]}\nleft.write(bytes(700))")
    repl.close()  # the board stays as it is, as after a SIGKILL
    # What the board does once it collects its garbage, at the worst moment.
    monkeypatch.setattr(onboard, "END_FILE", f"{onboard.END_FILE}\nleft.close()")
    # The only module that differs, and so the first that is copied.
    later = firmware_copy(tmp_path / "later", "0.1.0")
    bolt = later / "lockunit" / "bolt.py"
    bolt.write_text(bolt.read_text() + "X = 1\n")
    told = flash("--firmware", str(later))
    assert told["error"] is None
    assert "/b/lockunit/bolt.mpy" in told["copied"]


def test_what_can_t_be_done_is_said_and_leaves_the_board_as_it_was(
    plug: Boards, flash: Flash, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    board = plug()

    on_board(board, "import os;os.rename('/main.py','/kept')", writes("/main.py", "theirs=1"))
    theirs = flash()
    assert theirs["exit_code"] == 1
    assert "somebody else's /main.py" in theirs["error"]

    on_board(board, FILL)
    full = flash("--adopt")
    assert full["exit_code"] == 1
    assert "KB free, the other slot needs" in full["error"]
    # Rooms are counted in blocks; where that is too hopeful the board itself says no.
    monkeypatch.setattr(plan, "_refuse_full", lambda *_: None)
    big = firmware_copy(tmp_path / "big", "0.2.0")
    (big / "rootfs" / "boot.py").write_text("# long\n" * 3_000)
    full = flash("--adopt", "--firmware", str(big))
    assert full["exit_code"] == 1
    assert (
        "the board is full; remove files that aren't ours; the board keeps the firmware"
        in full["error"]
    )
    on_board(board, "import os\nfor n in os.listdir('/'):\n if 'fill' in n:os.remove(n)")

    assert flash("--adopt")["exit_code"] == 0
    assert on_board(board, "print(open('/main.py.old').read())") == "theirs=1"


@pytest.mark.parametrize(
    ("target", "code", "said"),
    [
        ("virtual", 2, "lives inside the process that tests it and can't be flashed"),
        ("virtual:real", 2, "lives inside the process"),
        ("/dev/ttyUSB0", 2, "expected serial:PORT"),
        ("serial:", 2, "expected serial:PORT"),
        ("virtual:NONE", 4, "no virtual board NONE runs"),
        ("serial:/dev/nowhere", 4, "can't open /dev/nowhere: No such file"),
        ("serial:nonsense://x", 4, "can't open nonsense://x"),
    ],
)
def test_wrong_targets(
    flash: Flash,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    target: str,
    code: int,
    said: str,
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    told = flash(target=target)
    assert told["exit_code"] == code
    assert said in told["error"]


def test_firmware_that_is_none_or_doesn_t_compile(flash: Flash, tmp_path: Path) -> None:
    assert "no firmware in" in flash("--firmware", str(tmp_path), target="serial:x")["error"]
    broken = firmware_copy(tmp_path / "broken", "0.2.0")
    (broken / "lockunit" / "unit.py").write_text("def\n")
    told = flash("--firmware", str(broken), target="serial:x")
    assert told["exit_code"] == 2
    assert "unit.py doesn't compile" in told["error"]
