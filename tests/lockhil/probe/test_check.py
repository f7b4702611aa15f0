"""The self-test of a bench: two wires swapped, whichever, are found before any test of a lock."""

import itertools
import json
from pathlib import Path

import pytest

from lockhil.bench import NotOnThisBenchError
from lockhil.client import Link
from lockhil.probe.wiring import read_wiring
from lockhil.targets.options import Options
from lockhil.targets.pair import open_pair
from lockhil.targets.probed import run_check
from lockhil.targets.realclock import BenchBrokenError
from tests.full import sliced

NETS = list(read_wiring("virtual").wires)
PAIRS = sliced(itertools.combinations(NETS, 2), 17)


@pytest.mark.parametrize("swapped", PAIRS, ids="-".join)
def test_two_swapped_wires_are_found_and_one_of_them_named(swapped: tuple[str, str]) -> None:
    with (
        open_pair("pair", Options(), dict([swapped])) as (bench, line, *_),
        pytest.raises(BenchBrokenError, match="the bench is broken: net ") as found,
    ):
        run_check(bench, Link(line))
    named = str(found.value).removeprefix("the bench is broken: net ").partition(":")[0]
    assert named in swapped, str(found.value)


def test_a_good_bench_has_each_net_seen() -> None:
    with open_pair("pair", Options()) as (bench, line, *_):
        rows = run_check(bench, Link(line))
        assert {net for net, _ in rows} == set(NETS)
        # What it did to the unit leaves no suspicion behind.
        assert Link(line, 10_000).call("battery.report")["level"] != "SUSPECTED_DISCHARGED"


def test_a_unit_without_a_sensor_of_temperature_has_a_bench_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = read_wiring("virtual").data
    wires = [wire for wire in data["wires"] if wire["net"] != "temperature"]
    (tmp_path / "bare.json").write_text(json.dumps({**data, "wires": wires}))
    monkeypatch.setattr("lockhil.targets.pair.WIRING", tmp_path / "bare.json")
    with open_pair("pair", Options()) as (bench, line, *_):
        assert {net for net, _ in run_check(bench, Link(line))} == {*NETS} - {"temperature"}
        with pytest.raises(NotOnThisBenchError, match="no sensor"):
            bench.temperature(5)


def test_a_unit_with_a_suspicion_is_told_from_a_broken_bench() -> None:
    with open_pair("pair", Options()) as (bench, line, *_):
        bench.begin("discharged", bolt="locked", door="closed", supply="battery", temperature=20)
        bench.power(1)
        bench.clock.advance(seconds=2)
        bench.press()
        bench.clock.advance(seconds=31)
        with pytest.raises(BenchBrokenError, match="the unit suspects its battery since before"):
            run_check(bench, Link(line))
