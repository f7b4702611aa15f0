"""The run in a few lines for the terminal."""

from lockhil.report.summary import lines


def test_failures_with_id_and_measured_beside_limit(make_run, tmp_path):
    said = lines(make_run(tmp_path, green_off=12_000, blinks=3))
    assert "FAILED  test_diagnostic.py::test_good on sim" in said
    assert (
        "        DIAG-3  green off after the press: 12 000 ms (limit: at most 10 000 ms)"
        "  [led.green, counted from 2 s, settled at 14 s]" in said
    )
    assert "not proved on sim: DIAG-1, DIAG-2, DIAG-5: its test failed on DIAG-3, DIAG-4" in said
    assert said[-1] == "FAILED, 1 not run"


def test_counts_for_each_target_and_reasons_for_what_was_not_run(make_run, tmp_path):
    said = lines(make_run(tmp_path))
    assert said[-1] == "PASSED, 1 not run"
    assert said[-3].startswith("sim: 35 passed, 0 failed, 0 not run; 19 of 70 requirements")
    assert said[-2].startswith("virtual: 10 passed, 0 failed, 1 not run;")
    assert "not run on virtual: BOLT-4: the bench of this target can't jam the bolt" in said
    assert any(line.startswith("not run on sim, virtual: PWR-1: ") for line in said)
    assert any(line.startswith("partly on sim, virtual: DISM-1: ") for line in said)


def test_a_test_can_write_nothing_strange_to_the_terminal(make_run, tmp_path):
    run = make_run(tmp_path, extra=0)
    run.results[0].outcome = "failed"
    run.results[0].test = "t\x1b[2J\r\x07"
    run.results[0].reason = "first\nsecond\x1b]0;title\x07"
    assert all(line.isprintable() for line in lines(run))
    assert any("first second" in line for line in lines(run))
