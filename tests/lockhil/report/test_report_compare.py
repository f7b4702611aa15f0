"""Comparing two runs: everything that differs is told, and nothing that doesn't."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockhil.report import Target
from lockhil.report.compare import compare, compare_paths, render
from lockhil.report.html import write_report
from lockhil.report.tracediff import first_difference
from lockjudge.trace import FORMAT, Defect, Event, Trace


def kinds(differences):
    return [d.kind for d in differences]


def trace(*events):
    return Trace({"format": FORMAT}, [Event(*e) for e in events])


def test_the_same_run_has_no_difference(make_run, tmp_path):
    for name in "ab":
        write_report(make_run(tmp_path / name), tmp_path / name)
    assert compare_paths(tmp_path / "a", tmp_path / "b" / "report.json") == []
    assert render([]) == ["No difference."]


def test_a_later_green_off_is_told_in_every_way(make_run, tmp_path):
    write_report(make_run(tmp_path / "a"), tmp_path / "a")
    write_report(make_run(tmp_path / "b", green_off=12_000), tmp_path / "b")
    found = compare_paths(tmp_path / "a", tmp_path / "b")
    assert kinds(found) == ["outcome", "measurement", "measurement", "trace"]
    text = "\n".join(render(found))
    assert "FAILED: green off after the press: 12 000 ms" in text
    assert "A  4 000 ms (limit: at most 10 000 ms)" in text
    assert "\n! 5960 ms load 0 " in text


def test_firmware_and_targets_and_lone_tests_are_told(make_run, tmp_path):
    a, b = make_run(tmp_path, extra=0), make_run(tmp_path, extra=0)
    b.firmware.sha256 = "0" * 64
    b.targets[1] = replace(b.targets[1], name="serial")
    b.results = [r for r in b.results if r.target == "sim"][1:]
    found = compare(a, b)
    assert kinds(found) == ["firmware", "target", "target", "only in one"]
    assert (found[-1].a, found[-1].b) == ("passed", "\u2013")


def test_two_single_targets_are_compared_across_names(make_run, tmp_path):
    a, b = make_run(tmp_path, extra=0), make_run(tmp_path, extra=0)
    for run, name in ((a, "sim"), (b, "virtual")):
        run.targets = [Target(name, name, "virtual")]
        run.results = [replace(r, target=name) for r in a.results if r.target == "sim"]
    b.results[0] = replace(b.results[0], outcome="not_run", reason="no button")
    (only,) = compare(a, b)
    assert (only.kind, only.b) == ("outcome", "not run: no button")
    assert "on sim and virtual" in only.where


def test_cases_of_one_name_do_not_hide_each_other(make_run, tmp_path):
    a = make_run(tmp_path, extra=0)
    first = a.results[0]
    a.results += [replace(first), replace(first)]
    b = replace(a, results=[*a.results[:-2], replace(first, outcome="failed"), a.results[-1]])
    (only,) = compare(a, b)
    assert (only.kind, only.where.split(" on ")[0]) == ("outcome", f"{first.test} #2")


@pytest.mark.parametrize(("clock", "count"), [("virtual", 1), ("real", 0)])
def test_tolerance_is_none_on_virtual_clocks_and_a_tenth_on_real_ones(
    make_run, tmp_path, clock, count
):
    a, b = make_run(tmp_path, extra=0), make_run(tmp_path, extra=0)
    b.targets[0].clock = clock
    m = b.results[0].measurements[1]  # green off, at most 10 000 ms
    b.results[0].measurements[1] = replace(m, value=m.value + 1000)
    assert len(compare(a, b)) == count
    b.results[0].measurements[1] = replace(m, value=m.value + 1001)
    assert len(compare(a, b)) == 1
    assert compare(a, b, tolerance=0.2) == []


def test_traces_are_not_compared_where_a_clock_is_real(make_run, tmp_path):
    for name in "ab":
        make_run(tmp_path / name, extra=0)
    a, b = make_run(tmp_path / "a", extra=0), make_run(tmp_path / "b", green_off=4001, extra=0)
    b.targets[0].clock = "real"
    found = [d for d in compare(a, b, folders=(tmp_path / "a", tmp_path / "b")) if not d.counts]
    assert kinds(found) == ["not compared"]
    assert "real clock" in render(found)[-1]


def test_a_trace_that_is_gone_is_not_the_same(make_run, tmp_path):
    a, b = make_run(tmp_path / "a", extra=0), make_run(tmp_path / "b", extra=0)
    (tmp_path / "b" / b.results[0].trace).unlink()
    b.results[1].trace = None
    found = compare(a, b, folders=(tmp_path / "a", tmp_path / "b"))
    assert kinds(found) == ["not compared", "trace"]


EVENTS = st.lists(
    st.tuples(st.integers(0, 30), st.sampled_from(["button", "led.red"]), st.integers(0, 1))
).map(lambda events: sorted(events, key=lambda e: e[0]))


@given(EVENTS, EVENTS)
def test_traces_differ_if_a_channel_does(a, b):
    def channels(events):
        return {ch: [e for e in events if e[1] == ch] for ch in ("button", "led.red")}

    rows = first_difference(trace(*a), trace(*b))
    assert bool(rows) is (channels(a) != channels(b))
    assert not rows or any(row.differs for row in rows)


def test_the_first_difference_stands_between_what_came_before_and_after():
    common = [(t, "button", t % 2) for t in range(10)]
    a = trace(*common, (20, "led.red", 1), (21, "end", None))
    b = trace(*common, (20, "led.red", 0), (21, "end", "whole"), (21, "note", "x"))
    rows = first_difference(a, b)
    assert [row.differs for row in rows] == [False] * 4 + [True, False]
    assert (rows[4].a, rows[4].b) == ("20 ms led.red 1", "20 ms led.red 0")


def test_a_trace_that_ends_early_or_is_broken_differs():
    whole, short = trace((0, "button", 0), (5, "button", 1)), trace((0, "button", 0))
    assert first_difference(whole, short)[-1].b == "(nothing more)"
    broken = replace(whole, defect=Defect(4, "no JSON"))
    assert first_difference(whole, broken)[0].b == "broken: no JSON"
