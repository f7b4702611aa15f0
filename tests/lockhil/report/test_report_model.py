"""A run as data: what a measurement is worth, and JSON out and in."""

import json
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockhil.report import Measurement, NotAReportError, Result, dump, load
from lockhil.report.results import worst

NUMBERS = st.integers(-(10**9), 10**9) | st.floats(-1e9, 1e9)
LIMITS = st.none() | NUMBERS


def of(value, at_least=None, at_most=None, **more):
    return Measurement.of("m", value, "ms", at_least=at_least, at_most=at_most, **more)


@pytest.mark.parametrize(
    ("value", "at_least", "at_most", "ok", "marginal"),
    [
        (10_000, None, 10_000, True, True),  # a limit is inclusive
        (10_001, None, 10_000, False, False),
        (9_000, None, 10_000, True, False),
        (9_001, None, 10_000, True, True),
        (499, 500, None, False, False),
        (500, 500, None, True, True),
        (549, 500, None, True, True),
        (550, 500, None, True, False),
        (1_099, 1_000, 2_000, True, True),
        (1_100, 1_000, 2_000, True, False),
        (1_901, 1_000, 2_000, True, True),
        (2, 1, 2, True, False),  # whole blinks aren't narrow escapes
        (0, None, 0, True, False),
        (7_000, 7_000, 7_000, True, False),
        (1.95, 1, 2, True, True),
        (None, None, 5, False, False),
        (math.nan, None, 5, False, False),
        (math.inf, 5, None, False, False),
        (3, None, None, True, False),
    ],
)
def test_measured_beside_limits(value, at_least, at_most, ok, marginal):
    found = of(value, at_least, at_most)
    assert (found.ok, found.marginal) == (ok, marginal)


@given(NUMBERS, LIMITS, LIMITS)
def test_ok_is_within_and_marginal_is_ok(value, at_least, at_most):
    found = of(value, at_least, at_most)
    outside = (at_least is not None and value < at_least) or (
        at_most is not None and value > at_most
    )
    assert found.ok is not outside
    assert found.ok or not found.marginal


def test_a_result_is_never_better_than_its_measurements():
    result = Result("t", "", "sim", ["DIAG-3"], "passed", measurements=[of(3, at_most=2)])
    assert result.outcome == "failed"
    assert "3\u00a0ms (limit: at most 2\u00a0ms)" in result.reason


def test_the_worst_repetition_speaks():
    passed, near, skipped, failed = (
        Result("t", "", "sim", [], outcome, measurements=[of(value, at_most=100)])
        for outcome, value in (("passed", 1), ("passed", 99), ("not_run", 1), ("failed", 1))
    )
    assert worst([passed, near]) is near
    assert worst([passed, skipped, near]) is skipped
    assert worst([skipped, failed]) is failed


def test_verdict_needs_something_that_passed(make_run, tmp_path):
    run = make_run(tmp_path, extra=0)
    assert run.verdict == "passed"
    assert replace(run, results=[]).verdict == "not_run"
    skipped = [r for r in run.results if r.outcome == "not_run"]
    assert replace(run, results=skipped).verdict == "not_run"
    assert make_run(tmp_path, green_off=12_000, extra=0).verdict == "failed"


def test_json_out_and_in(make_run, tmp_path):
    run = make_run(tmp_path)
    (tmp_path / "report.json").write_text(dump(run), "utf-8")
    assert load(tmp_path) == run == load(tmp_path / "report.json")


def test_what_a_later_version_added_is_left(make_run, tmp_path):
    run = make_run(tmp_path, extra=0)
    raw = json.loads(dump(run))
    raw["weather"] = raw["results"][0]["mood"] = "fine"
    (tmp_path / "report.json").write_text(json.dumps(raw), "utf-8")
    assert load(tmp_path) == run


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda raw: raw.update(format="lockrig-report/2"), "lockrig-report/2"),
        (lambda raw: raw.pop("firmware"), "firmware is missing"),
        (lambda raw: raw["results"][0].update(outcome="perhaps"), "perhaps"),
        (lambda raw: raw["results"][0].update(repeat=True), "report.results[0].repeat"),
        (lambda raw: raw["results"][0]["measurements"][0].update(value="1"), "value"),
        (lambda raw: raw.update(results={}), "expected a list"),
        (lambda raw: raw.update(firmware=[]), "expected an object"),
    ],
)
def test_what_is_no_report_is_refused_by_name(make_run, tmp_path, change, said):
    raw = json.loads(dump(make_run(tmp_path, extra=0)))
    change(raw)
    (tmp_path / "report.json").write_text(json.dumps(raw), "utf-8")
    with pytest.raises(NotAReportError) as caught:
        load(tmp_path)
    assert said in str(caught.value)
    assert str(tmp_path) in str(caught.value)


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b"\xff", b'{"a":NaN}', b"[" * 100_000, b"null"])
def test_garbage_is_no_report(tmp_path, data):
    (tmp_path / "report.json").write_bytes(data)
    with pytest.raises(NotAReportError):
        load(tmp_path)
