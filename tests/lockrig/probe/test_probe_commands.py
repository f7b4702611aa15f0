"""`lockrig flash --probe`, `lockrig probe` and the suite, on two blank boards with their ports."""

import json
import re
import shutil
from collections.abc import Iterator

import pytest

from lockhil.probe.wiring import read_wiring
from lockhil.virtual.image import blank
from lockhil.virtual.pair import RealPair
from lockrig.main import run
from tests.full import slow


@pytest.fixture(scope="module")
def boards(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealPair]:
    """Two boards as their maker ships them, wired to each other."""
    folder = tmp_path_factory.mktemp("boards")
    disks = []
    for side in ("unit", "probe"):
        disks.append(folder / f"{side}.img")
        shutil.copyfile(blank(), disks[-1])
    with RealPair(read_wiring("virtual").data, *disks) as pair:
        yield pair


def _flash(pair: RealPair, side: str, *more: str) -> int:
    return run(["flash", f"serial:{pair.console(side)}", "--link", pair.link(side), *more])


def test_both_are_flashed_and_seen_to_run(
    boards: RealPair, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _flash(boards, "probe", "--probe", "--unit", "PROBE-9", "--dry-run") == 0
    assert "would copy 14 of 14 files into /probe" in capsys.readouterr().out
    assert _flash(boards, "probe", "--probe", "--unit", "PROBE-9") == 0
    assert "it runs 0.1.0, seen on its link" in capsys.readouterr().out
    assert _flash(boards, "unit", "--unit", "U-1", "--kind", "door") == 0
    capsys.readouterr()
    # A second time nothing is copied; on its console it is seen too.
    assert run(["flash", f"serial:{boards.console('probe')}", "--probe", "--unit", "PROBE-9"]) == 0
    said = capsys.readouterr().out
    assert "up to date: all 14 files" in said
    assert "seen on its console" in said
    # Neither is taken for the other.
    assert _flash(boards, "unit", "--probe") == 1
    assert "a probe is another board" in capsys.readouterr().err
    assert _flash(boards, "probe", "--unit", "U-2", "--kind", "door") == 1
    assert "somebody else's /main.py" in capsys.readouterr().err


@slow("runs two self-tests on the real clock")
def test_the_bench_is_good_until_two_wires_are_swapped(
    boards: RealPair, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _flash(boards, "probe", "--probe", "--unit", "PROBE-9") == 0
    assert _flash(boards, "unit", "--unit", "U-1", "--kind", "door") == 0
    capsys.readouterr()
    link = f"serial:{boards.link('unit')}"
    assert run(["probe", link, "--port", boards.link("probe"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["probe"] == {"probe": "PROBE-9", "version": "0.1.0"}
    assert {row["net"] for row in told["nets"]} == set(read_wiring("virtual").wires)
    boards.swap_wires("green", "load")
    assert run(["probe", link, "--port", boards.link("probe")]) == 4
    assert re.search("the bench is broken: net (load|green): ", capsys.readouterr().err)
    boards.swap_wires("green", "load")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["probe", "sim"], 2, "expected pair, pair:real, pair:NAME"),
        (["probe", "pair:NOBODY"], 4, "no pair of virtual boards NOBODY runs"),
        (["probe", "serial:/dev/nope", "--port", "/dev/none"], 4, "can't open /dev/none"),
        (["probe", "serial:/dev/nope", "--port", "x", "--wiring", "odd"], 2, "a wiring out of"),
        (["flash", "serial:/dev/none", "--probe", "--wiring", "odd"], 2, "a wiring out of "),
    ],
)
def test_what_is_wrong_is_one_line(
    words: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words) == code
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
