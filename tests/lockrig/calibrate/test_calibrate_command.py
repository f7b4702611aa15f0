"""`lockrig calibrate` at a bench: a board whose converter is off, a supply, and a meter."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from lockhil.boards.repl import Repl
from lockhil.firmware import laid_out, wiring_file
from lockhil.virtual.image import build
from lockhil.virtual.interpreter import NoInterpreterError, interpreter
from lockhil.virtual.realtime import RealBoard
from lockrig.main import run
from locksim.packs.fixed import FixedCell, FixedPack
from locksim.world import World

WIRING = json.loads(wiring_file().read_text(encoding="utf-8"))
TAP1, TAP2 = (str(WIRING["taps"][f"pin{n}"]) for n in (1, 2))
# Where it is written beside is a folder, so it can't be.
IN_THE_WAY = "import os\nos.mkdir('/data/calibration.new')\nopen('/data/calibration.new/x','w')"
# As resistors of 1 % and an ESP32's reference may be.
OFF = {TAP1: [1_050, -30], TAP2: [960, 40]}


class Hand:
    """Sets the supply, and types what a meter shows there; `slips`: what it types instead."""

    def __init__(self, board: RealBoard) -> None:
        self.board = board
        self.plan: dict[str, list[int]] = {}
        self.slips: dict[int, str] = {}
        self.asked = 0

    def types(self, prompt: str, **_: object) -> str:
        channel = prompt.partition(":")[0]
        left = self.plan.get(channel, [])
        self.asked += 1
        if not left:
            return ""
        mv = left.pop(0)
        low = mv if channel == "tap1" else mv // 2
        with self.board.acting() as world:
            # The board lives on its USB, or a low pack would take it down.
            world.set_supply("external")
            world.set_pack(FixedPack([FixedCell(low, 300), FixedCell(mv - low or 1, 300)]))
        return self.slips.get(mv, str(mv))


@pytest.fixture
def hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hand]:
    try:
        interpreter()
    except NoInterpreterError as error:
        pytest.skip(str(error))
    monkeypatch.chdir(tmp_path)
    disk = tmp_path / "flash.img"
    shutil.copyfile(build({**laid_out(), "data/unit": b"C-1"}), disk)
    board = RealBoard({**WIRING, "off": OFF}, disk, lambda **more: World(clock="real", **more))
    try:
        board.wait_until_up()
        made = Hand(board)
        monkeypatch.setattr(click, "prompt", made.types)
        yield made
    finally:
        board.close()


def command(hand: Hand, *args: str) -> int:
    return run(["calibrate", f"serial:{hand.board.console}", *args])


def test_a_board_that_is_off_is_right_afterwards(
    hand: Hand, capsys: pytest.CaptureFixture[str]
) -> None:
    hand.plan = {"tap1": [2_000, 2_600, 3_300], "tap2": [4_000, 6_600]}
    assert command(hand, "--json", "--receipt", "first.json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told == json.loads(Path("first.json").read_text(encoding="utf-8"))
    assert (told["unit"], told["board"], told["before"]) == ("C-1", "virtual", {})
    tap1, tap2 = told["channels"]
    assert tap1["off_before_mv"] == [70.0, 100.0, 135.0]
    assert max(map(abs, tap1["off_after_mv"] + tap2["off_after_mv"])) <= 2
    assert abs(tap1["gain"] - 1 / 1.05) < 0.001
    # The unit goes by it from its next start on, which came at once: asked again, it is there.
    hand.plan = {"tap1": [2_100, 3_200]}
    assert command(hand, "--channel", "tap1", "--json", "--receipt", "second.json") == 0
    again = json.loads(capsys.readouterr().out)
    assert set(again["before"]) == {"tap1", "tap2"}
    assert command(hand, "--forget") == 0
    hand.plan = {"tap1": [2_100, 3_200]}
    assert command(hand, "--channel", "tap1", "--json", "--receipt", "third.json") == 0
    assert json.loads(capsys.readouterr().out)["before"] == {}


REFUSED: list[tuple[list[int], dict[int, str], str]] = [
    ([3_000], {}, "two or more voltages, 990 mV apart"),
    ([2_500, 3_000], {}, "two or more voltages, 990 mV apart"),
    ([], {}, "two or more voltages"),
    # One of three typed wrong: they are on no line.
    ([2_000, 2_600, 3_300], {2_600: "2900"}, "expected points on a line"),
    # Far off: not taken at all.
    ([2_000, 3_300], {3_300: "1300"}, "two or more voltages"),
    ([2_000, 3_300], {3_300: "3,3"}, "two or more voltages"),
    # Both typed wrong alike: more than parts are off by.
    ([2_000, 3_300], {2_000: "2400", 3_300: "4300"}, "gain: expected within 20 %"),
]


def test_what_makes_no_calibration_is_refused(
    hand: Hand, capsys: pytest.CaptureFixture[str]
) -> None:
    for plan, slips, says in REFUSED:
        hand.plan, hand.slips = {"tap1": list(plan)}, slips
        assert command(hand, "--channel", "tap1") == 1
        said = capsys.readouterr().err.splitlines()[-1]
        assert says in said
        assert said.endswith("; nothing was changed")
        assert not list(Path().glob("calibration-*.json"))
    hand.plan, hand.slips = {"tap1": [2_000, 3_300]}, {}
    assert command(hand, "--channel", "tap1", "--json") == 0
    assert json.loads(capsys.readouterr().out)["before"] == {}


def test_ctrl_c_midway_leaves_what_was_stored(
    hand: Hand, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    hand.plan = {"tap1": [2_000, 3_300]}

    def types(prompt: str, **more: object) -> str:
        if prompt.startswith("tap2"):
            raise click.Abort
        return hand.types(prompt, **more)

    monkeypatch.setattr(click, "prompt", types)
    assert command(hand) == 130
    assert "interrupted; tap1 stored, the rest is as it was" in capsys.readouterr().err


def test_wrong_usage(hand: Hand, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(hand, "--channel", "tap9") == 2
    assert "expected one of tap1, tap2, temperature" in capsys.readouterr().err
    assert command(hand, "--receipt", "flash.img") == 2
    assert "there already" in capsys.readouterr().err
    assert run(["calibrate", f"serial:{hand.board.link}"]) == 2
    assert "is the link" in capsys.readouterr().err


def test_a_flash_that_takes_nothing_keeps_what_it_had(
    hand: Hand, capsys: pytest.CaptureFixture[str]
) -> None:
    repl = Repl(hand.board.console)
    try:
        repl.run(IN_THE_WAY)
    finally:
        repl.restart()
        repl.close()
    hand.plan = {"tap1": [2_000, 3_300]}
    assert command(hand, "--channel", "tap1") == 1
    said = capsys.readouterr().err.splitlines()[-1]
    assert "OSError" in said
    assert said.endswith("; nothing was changed")


@pytest.mark.parametrize("word", ["tap9=1000,0", "tap1=1000", "tap1=x,0", "1000,0"])
def test_a_virtual_board_that_is_off_otherwise(
    word: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert run(["virtual", "C-2", "--off", word]) == 2
    assert "--off: expected one of tap1, tap2" in capsys.readouterr().err


def test_nobody_there(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(["calibrate", f"serial:{tmp_path}/none"]) == 4
    assert "nothing was changed" in capsys.readouterr().err
