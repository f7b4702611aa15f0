"""The page: one file that needs nothing else, whatever a unit or a test wrote into it."""

import base64
import hashlib
import json
import re
import resource
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockhil.report import Measurement, Result, load
from lockhil.report import html as page
from lockhil.report.html import render, write_report
from lockjudge.trace import FORMAT, Event, write_trace

VOID = {"meta", "br", "path"}
EVIL = "</style></script><script>alert(1)</script><img src=x onerror=alert(1)>"
EVIL += "'\"&\x00\u202e\x1b[31m"


class Page(HTMLParser):
    """Elements, the text, what is linked and the scripts, with every tag matched."""

    def __init__(self, source):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.links, self.ids, self.scripts = [], set(), [], [], []
        self.attributes, self.text = set(), ""
        self.feed(source)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value for name, value in attrs if name in ("href", "src", "action")]
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.add(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] == ["script"]:
            self.scripts.append(data)
        elif self.open[-1:] != ["style"]:
            self.text += data


def squeezed(source):
    return " ".join(Page(source).text.replace("\u00a0", " ").split())


def test_passed_says_so_first(make_run, tmp_path):
    text = squeezed(write_report(make_run(tmp_path), tmp_path).read_text("utf-8"))
    assert "✓ PASSED with 1 not run" in text[:200]
    assert "9f86d081884c7d659a2feaa0c55ad015" in text
    assert "Failures" not in text
    assert "The provider's own routine prevails" in text


def test_failed_shows_id_and_measured_beside_limit_and_where(make_run, tmp_path):
    path = write_report(make_run(tmp_path, green_off=12_000, blinks=3), tmp_path)
    text = squeezed(path.read_text("utf-8"))
    assert "✗ FAILED" in text[:200]
    assert "given by path" in text
    assert "DIAG-3 green off after the press 12 000 ms limit: at most 10 000 ms" in text
    assert "in the trace: led.green, counted from 2 s, settled at 14 s" in text
    assert "DIAG-4 red blinks 3 blinks limit: 1 to 2 blinks" in text
    assert text.index("Failures") < text.index("Requirements Proved means")
    assert "✗ green off after the press: at most 10 000 ms" in text  # on the waveform


def test_not_run_is_told_with_its_reason(make_run, tmp_path):
    text = squeezed(render(make_run(tmp_path), tmp_path))
    assert "the bench of this target can't jam the bolt" in text
    assert "is kept by lockrig battery swap" in text
    assert "NOTHING RAN" in squeezed(render(replace(make_run(tmp_path), results=[]), tmp_path))


def test_the_file_stands_alone(make_run, tmp_path):
    source = render(make_run(tmp_path, blinks=3), tmp_path)
    parsed = Page(source)
    assert parsed.tags.isdisjoint({"link", "img", "iframe", "object", "base", "form"})
    assert all(re.match(r"#|traces/", link) for link in parsed.links)
    assert "url(" not in source
    assert "@import" not in source
    assert len(parsed.ids) == len(set(parsed.ids))
    assert {link[1:] for link in parsed.links if link[0] == "#"} <= set(parsed.ids)


def test_the_policy_allows_the_one_script_alone(make_run, tmp_path):
    source = render(make_run(tmp_path, extra=0), tmp_path)
    (script,) = Page(source).scripts
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in source


def evil_run(make_run, folder, evil):
    """A run in which everything that others write is `evil`."""
    run = make_run(folder, extra=0)
    run.results.clear()
    late = Measurement.of(evil, 3, evil, at_most=2, requirement=evil, channel=evil)
    with (folder / "traces" / "evil.jsonl").open("w", encoding="utf-8") as out:
        events = [Event(0, "button", 0), Event(1, "rx", evil), Event(2, "tx", evil)]
        events += [Event(2, "bolt", evil), Event(3, "bolt", "x"), Event(3, "note", [evil])]
        write_trace(out, {"format": FORMAT}, events)
    for outcome, trace in (("failed", "traces/evil.jsonl"), ("not_run", evil), ("passed", None)):
        run.results.append(
            Result(
                f"{evil}{outcome}[{evil}]", evil, "sim", ["DIAG-1", evil], outcome, evil, evil * 3,
                trace=trace, measurements=[late] if outcome == "failed" else [],
            )
        )  # fmt: skip
    run.firmware.version = run.firmware.sha256 = run.command = run.targets[0].unit = evil
    return run


def assert_harmless(source):
    parsed = Page(source)
    assert len(parsed.scripts) == 1
    assert "img" not in parsed.tags
    assert not any(name.startswith("on") for name in parsed.attributes)
    assert re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", source) is None


def test_what_others_wrote_is_harmless(make_run, tmp_path):
    source = render(evil_run(make_run, tmp_path, EVIL), tmp_path)
    assert_harmless(source)
    assert "<script>alert(1)</script>" in Page(source).text


@settings(max_examples=settings.default.max_examples // 4)  # each is a whole page
@given(st.text(max_size=60))
def test_whatever_others_wrote_is_harmless(make_run, tmp_path_factory, evil):
    folder = tmp_path_factory.mktemp("evil")
    if any("\ud800" <= c <= "\udfff" for c in evil):
        return  # no file can hold it in a trace
    assert_harmless(render(evil_run(make_run, folder, evil), folder))


@pytest.mark.parametrize("trace", ["../secret.jsonl", "/etc/passwd", "javascript:alert(1)", "a\\b"])
def test_a_trace_outside_the_folder_is_neither_read_nor_linked(make_run, tmp_path, trace):
    folder = tmp_path / "report"
    run = make_run(folder, extra=0)
    with (tmp_path / "secret.jsonl").open("w", encoding="utf-8") as out:
        write_trace(out, {"format": FORMAT}, [Event(0, "tx", "geheim")])
    run.results[0].trace = trace
    source = render(run, folder)
    assert "geheim" not in source
    assert "expected a path inside the report" in Page(source).text
    assert trace not in Page(source).links


def test_a_missing_or_foreign_trace_is_said(make_run, tmp_path):
    run = make_run(tmp_path, extra=0)
    (tmp_path / run.results[0].trace).write_text("no trace")
    (tmp_path / run.results[1].trace).unlink()
    text = squeezed(render(run, tmp_path))
    assert text.count("The trace can't be drawn") == 2


def test_a_hundred_tests_stay_a_handy_file(make_run, tmp_path):
    path = write_report(make_run(tmp_path, extra=110), tmp_path)
    assert path.stat().st_size < 3_000_000


def test_drawings_stop_before_the_file_grows_unhandy(make_run, tmp_path, monkeypatch):
    monkeypatch.setattr(page, "DRAWINGS_MAX", 20_000)
    source = render(make_run(tmp_path, green_off=12_000), tmp_path)
    text = squeezed(source)
    assert "Not drawn, to keep this page small" in text
    # The failure came first.
    assert "✗ green off after the press: at most 10 000 ms" in text
    assert len(source) < 150_000


def test_cases_and_repetitions_are_all_there(make_run, tmp_path):
    run = make_run(tmp_path, extra=0)
    run.results += [
        Result(f"test_x.py::test_x[{case}]", "Cases.", "sim", ["DIAG-1"], outcome, f"why {case}")
        for case, outcome in (("a", "passed"), ("b", "not_run"), ("c", "passed"))
    ]
    run.results += [Result("test_y.py::test_y", "Same.", "sim", [], "passed") for _ in range(3)]
    text = squeezed(render(run, tmp_path))
    assert "\u2013 sim 1 of 3 not run" in text
    assert "✓ sim 3 of 3 passed" in text
    assert "why b" in text
    assert "3 of 3 repetitions passed" in text
    assert "over all repetitions 3 901 to 3 903 ms" in text


def test_both_files_are_written_and_nothing_else(make_run, tmp_path):
    run = make_run(tmp_path)
    path = write_report(run, tmp_path)
    assert path == tmp_path / "report.html"
    assert load(tmp_path) == run
    assert {p.name for p in tmp_path.iterdir()} == {"report.html", "report.json", "traces"}


def test_a_lone_surrogate_does_not_lose_the_report(make_run, tmp_path):
    run = make_run(tmp_path, extra=0)
    run.command = "lockrig hil \udcff"
    write_report(run, tmp_path)
    assert json.loads((tmp_path / "report.json").read_bytes())["command"] == run.command


def test_an_unwritable_folder_is_said_in_one_line(make_run, tmp_path):
    run = make_run(tmp_path / "run", extra=0)
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OSError, match="expected to write the report into") as caught:
        write_report(run, tmp_path / "file" / "report")
    assert str(tmp_path / "file" / "report") in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_full_disk_leaves_the_earlier_report_whole(make_run, tmp_path):
    run = make_run(tmp_path, extra=0)
    before = write_report(run, tmp_path).read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, hard))
    try:
        with pytest.raises(OSError, match="free some space"):
            write_report(replace(run, command="later"), tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (tmp_path / "report.html").read_bytes() == before
    assert load(tmp_path) == run
    assert not list(tmp_path.glob(".*"))
