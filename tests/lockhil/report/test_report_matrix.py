"""What a run proves: a requirement on a target only if nothing speaks against it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockhil.report import Firmware, Measurement, Report, Result, Target, requirement_matrix
from lockhil.report.matrix import requirements


def run(*results, targets=("sim",)):
    return Report(
        "", "", "", Firmware("", ""), [Target(t, t, "virtual") for t in targets], list(results)
    )


def result(outcome, *ids, target="sim", test="t", **more):
    return Result(test, "", target, list(ids), outcome, **more)


def cell(report, requirement, target="sim"):
    row = next(r for r in requirement_matrix(report) if r.requirement.id == requirement)
    return next(c for c in row.cells if c.target == target)


def test_the_list_has_each_requirement_once_and_a_text():
    ids = [r.id for r in requirements()]
    assert len(ids) == len(set(ids)) == 70
    assert all(r.text and r.group for r in requirements())


def test_passed_is_proved():
    found = cell(run(result("passed", "DIAG-1")), "DIAG-1")
    assert (found.state, found.reason, found.tests) == ("proved", "", ("t",))


def test_one_failure_outweighs_every_pass():
    report = run(result("passed", "DIAG-1"), result("failed", "DIAG-1", test="u", reason="dark"))
    found = cell(report, "DIAG-1")
    assert (found.state, found.reason, found.tests) == ("failed", "dark", ("t", "u"))


def test_a_test_left_out_leaves_it_partly_proved():
    report = run(result("passed", "DIAG-1"), result("not_run", "DIAG-1", reason="no probe"))
    assert (cell(report, "DIAG-1").state, cell(report, "DIAG-1").reason) == ("partly", "no probe")


def test_nothing_but_left_out_is_not_run():
    report = run(result("not_run", "DIAG-1", reason="no probe"))
    assert (cell(report, "DIAG-1").state, cell(report, "DIAG-1").reason) == ("not_run", "no probe")


def test_what_no_test_names_is_not_run_with_the_known_reason():
    assert cell(run(), "BATT-7").state == "not_run"
    assert "this version doesn't have" in cell(run(), "BATT-7").reason
    assert cell(run(), "DIAG-1").reason == "no test of this run names it"


def test_what_is_known_to_be_open_is_partly_proved_at_best():
    found = cell(run(result("passed", "DISM-1")), "DISM-1")
    assert found.state == "partly"
    assert "paperwork" in found.reason


def test_proof_on_one_target_is_none_on_another():
    report = run(result("passed", "DIAG-1"), targets=("sim", "virtual"))
    assert cell(report, "DIAG-1").state == "proved"
    other = cell(report, "DIAG-1", "virtual")
    assert (other.state, other.reason) == ("not_run", "its tests ran on another target only")


def test_a_failure_is_blamed_on_what_was_measured():
    late = Measurement.of("green off", 12_000, "ms", at_most=10_000, requirement="DIAG-3")
    report = run(result("failed", "DIAG-2", "DIAG-3", measurements=[late]))
    assert cell(report, "DIAG-3").state == "failed"
    assert "12\u00a0000\u00a0ms" in cell(report, "DIAG-3").reason
    assert (cell(report, "DIAG-2").state, cell(report, "DIAG-2").reason) == (
        "open",
        "its test failed on DIAG-3",
    )


def test_a_measurement_without_requirement_blames_all():
    late = Measurement.of("green off", 12_000, "ms", at_most=10_000)
    report = run(result("failed", "DIAG-2", "DIAG-3", measurements=[late]))
    assert {cell(report, i).state for i in ("DIAG-2", "DIAG-3")} == {"failed"}


def test_a_broken_measurement_fails_a_requirement_its_test_does_not_name():
    late = Measurement.of("green on", 300, "ms", at_most=200, requirement="SAFE-3")
    assert cell(run(result("failed", "DIAG-2", measurements=[late])), "SAFE-3").state == "failed"


def test_an_unlisted_id_gets_a_row_of_its_own():
    rows = requirement_matrix(run(result("passed", "NONE-1")))
    assert rows[-1].requirement.id == "NONE-1"
    assert rows[-1].cells[0].state == "proved"


def test_cells_that_say_the_same_are_merged():
    report = run(result("passed", "DIAG-1"), targets=("sim", "virtual"))
    rows = {row.requirement.id: row for row in requirement_matrix(report)}
    assert [n for _, n in rows["PWR-1"].merged()] == [2]
    assert [n for _, n in rows["DIAG-1"].merged()] == [1, 1]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["passed", "failed", "not_run"]),
            st.lists(st.sampled_from(["DIAG-1", "DIAG-2", "BATT-9"]), unique=True),
        )
    )
)
def test_proved_means_passed_and_nothing_against_it(drawn):
    report = run(*(result(outcome, *ids) for outcome, ids in drawn))
    for row in requirement_matrix(report):
        outcomes = {outcome for outcome, ids in drawn if row.requirement.id in ids}
        proved = outcomes == {"passed"} and not row.requirement.not_tested
        assert (row.cells[0].state == "proved") is proved


@pytest.mark.parametrize("outcome", ["failed", "not_run"])
def test_any_reason_is_given(outcome):
    report = run(result(outcome, "DIAG-1"))
    assert cell(report, "DIAG-1").reason == "no reason given"
    assert cell(replace(report, targets=[Target("sim", "sim", "real")]), "DIAG-1").reason
