"""`lockrig simulate`: what it prints and writes, how it refuses, and that targets agree."""

import io
import json
import re
import signal
from importlib.util import find_spec
from pathlib import Path

import pytest

from lockjudge.trace import read_trace
from lockrig.simulate import files, living
from locksim.scenarios.load import scenarios
from tests.lockrig.trace.samples import left_in, lockrig
from tests.locksim.scenarios.short import short


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    return short(folder)


def test_list_names_them_all() -> None:
    ran = lockrig("simulate", "list")
    assert ran.code == 0
    for name in scenarios():
        assert re.search(rf"^{name} ", ran.out, re.MULTILINE)


def test_the_headline_goes_by_its_name() -> None:
    ran = lockrig("simulate", "deep-discharge", "--days", "2")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("deep-discharge: cr2-2s, door lock, seed 1; lived 2 days\n")
    assert ran.out == lockrig("simulate", "run", "deep-discharge", "--days", "2").out


def test_the_summary_tells_it_at_a_glance(scenario: Path) -> None:
    ran = lockrig("simulate", scenario)
    assert (ran.code, ran.err) == (0, "")
    for words in (
        "SUSPECTED_DISCHARGED: ",
        "98 % of what cell 2 can deliver is gone",
        "the first visit that the pack let down: no answer",
        "the unit went dead",
        "weakest cell under load, ",
        "charge drawn: ",
        "green, no red   SUSPECTED_DISCHARGED",
        "dark            SUSPECTED_DISCHARGED",
        "allowed the change of a discharged pack",
    ):
        assert words in ran.out
    assert max(map(len, ran.out.splitlines())) < 160


def test_json_is_one_document_the_same_bytes_each_time(scenario: Path) -> None:
    ran = lockrig("simulate", scenario, "--json", "--days", "3")
    assert ran.out == lockrig("simulate", scenario, "--json", "--days", "3").out
    document = json.loads(ran.out)
    assert (document["format"], document["scenario"]) == ("lockrig-life/1", "short")
    assert [row["day"] for row in document["rows"]] == [0, 1, 2]
    assert str(scenario.parent) not in ran.out
    other = lockrig("simulate", scenario, "--json", "--days", "3", "--seed", "2")
    assert other.out != ran.out


def test_report_needs_nothing_else(scenario: Path, tmp_path: Path) -> None:
    out = tmp_path / "life.html"
    assert lockrig("simulate", scenario, "--report", out).code == 0
    page = out.read_text()
    assert left_in(tmp_path) == {"in", "life.html"}
    assert not re.search(r"https?://", page)
    assert not re.search(r"<(link|img|iframe)\b|\bsrc=", page)
    assert "Copyright (c) 2022 Leon Sorokin" in page
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert data
    drawn = json.loads(data[1])
    assert all(
        len(line["values"]) == len(drawn["days"])
        for chart in drawn["charts"]
        for line in chart["lines"]
    )


def test_a_scenarios_words_stay_words_in_the_page(scenario: Path, tmp_path: Path) -> None:
    scenario.write_text(scenario.read_text().replace("Nearly", "</script><script>alert(1)//"))
    out = tmp_path / "life.html"
    assert lockrig("simulate", scenario, "--days", "1", "--report", out).code == 0
    assert "<script>alert" not in out.read_text()


def test_rows_as_parquet(scenario: Path, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    out = tmp_path / "rows.parquet"
    document = json.loads(lockrig("simulate", scenario, "--json", "--parquet", out).out)
    rows = parquet.read_table(out).to_pylist()
    assert len(rows) == document["days"]
    assert rows[-1]["cell2_reversed_mah"] == document["rows"][-1]["cells"][1]["reversed_mah"]
    assert rows[0]["level"] == document["rows"][0]["level"]


def test_without_pyarrow_it_says_what_to_install(
    scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        files, "find_spec", lambda name: None if name == "pyarrow" else find_spec(name)
    )
    ran = lockrig("simulate", scenario, "--parquet", tmp_path / "rows.parquet")
    assert (ran.code, ran.out) == (2, "")
    assert "pip install 'lockrig[simulate]'" in ran.err


def test_both_targets_live_the_same_life(scenario: Path, tmp_path: Path) -> None:
    """Brown-outs, the unit's death and each diagnosis included, event by event."""
    pytest.importorskip("micropython_module")
    lives, events = {}, {}
    for target in ("sim", "virtual"):
        out = tmp_path / f"{target}.jsonl"
        ran = lockrig("simulate", scenario, "--target", target, "--json", "--trace", out)
        assert (ran.code, ran.err) == (0, "")
        lives[target] = json.loads(ran.out)
        assert lives[target].pop("target") == target
        trace = read_trace(out)
        assert trace.defect is None
        events[target] = trace.events
    assert events["sim"] == events["virtual"]
    assert lives["sim"] == lives["virtual"]
    assert any(event.ch == "reset" for event in events["sim"])


def test_a_bench_that_is_wired_otherwise_refuses() -> None:
    pytest.importorskip("micropython_module")
    ran = lockrig("simulate", "wrong-profile", "--target", "virtual", "--days", "1")
    assert ran.code == 4
    assert ran.err.count("\n") == 1
    assert "expected a pack that this board is wired for (2 cells" in ran.err
    assert "run this on sim" in ran.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["deep-discharg"], "did you mean deep-discharge?"),
        (["no/such.toml"], "no/such.toml: expected a TOML file, got: no such file or directory"),
        (["deep-discharge", "--days", "0"], "days"),
        (["deep-discharge", "--target", "serial:X"], "'serial:X' is not one of"),
        (["deep-discharge", "--report", "/nowhere/x.html"], "can't write /nowhere/x.html: "),
        (["deep-discharge", "--report", "."], "expected a file to write"),
        (["deep-discharge", "--report", "x", "--trace", "x"], "expected another file for each"),
    ],
)
def test_wrong_usage_is_refused_before_anything_runs(
    arguments: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = lockrig("simulate", *arguments)
    assert ran.code == 2
    assert says in ran.err + ran.out
    assert left_in(tmp_path) == set()


def test_a_bad_file_is_one_line(scenario: Path) -> None:
    scenario.write_text(scenario.read_text().replace("days = 20", "days = 0"))
    ran = lockrig("simulate", scenario)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"lockrig: {scenario}: days: expected int >= 1, got 0\n"


def test_a_disk_that_is_full_by_then_is_one_line(
    scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "write_trace", full)
    out = tmp_path / "life.jsonl"
    ran = lockrig("simulate", scenario, "--days", "1", "--trace", out)
    assert ran.code == 1
    assert ran.err == (
        f"lockrig: can't write {out}: no space left on device; make room, or name another file\n"
    )
    assert left_in(tmp_path) == {"in"}


def test_ctrl_c_leaves_nothing_half_written(
    scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(_: object, day: int) -> None:
        if day == 2:
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(living.Progress, "day", stop)
    ran = lockrig("simulate", scenario, "--report", tmp_path / "life.html", "--json")
    assert (ran.code, ran.out) == (130, "")
    assert ran.err.strip() == "lockrig: interrupted"
    assert left_in(tmp_path) == {"in"}


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_shows_on_a_terminal_after_two_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter([0.0, 1.0, 3.0])
    monkeypatch.setattr(living.time, "monotonic", lambda: next(now))
    monkeypatch.setattr(living.sys, "stderr", _Terminal())
    with living.Progress(40) as progress:
        progress.day(5)
        assert living.sys.stderr.getvalue() == ""
        progress.day(10)
        shown = living.sys.stderr.getvalue()
        assert shown == "\r[######..................] day 10 of at most 40, 9 s to go at most"
    assert living.sys.stderr.getvalue() == shown + "\r" + " " * (len(shown) - 1) + "\r"
