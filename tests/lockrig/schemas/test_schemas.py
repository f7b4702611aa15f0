"""What `--json` really prints, against the schemas that are published for it."""

import json
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, ValidationError

from lockrig.diagnose.keeping import now
from lockrig.main import run
from lockrig.overview.seen import AIR, LINK, Observation, remember
from lockrig.schemas.command import names
from tests.lockrig.records.archive import UNIT, changed, keep, record_of


@cache
def schema(name: str) -> Draft202012Validator:
    folder = Path(__file__).parents[3] / "tools" / "lockrig" / "schemas"
    told = json.loads((folder / f"{name}.schema.json").read_bytes())
    Draft202012Validator.check_schema(told)
    return Draft202012Validator(told)


Ran = Callable[..., dict]


@pytest.fixture
def ran(capsys: pytest.CaptureFixture[str]) -> Ran:
    """Runs a command, and gives what it printed, which must be as the schema has it."""

    def run_it(name: str, *words: str) -> dict:
        capsys.readouterr()
        run([*words, "--json"])
        told: dict = json.loads(capsys.readouterr().out)
        schema(name).validate(told)
        return told

    return run_it


def test_every_schema_is_one_and_takes_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema"]) == 0
    assert capsys.readouterr().out.split() == names()
    for name in names():
        assert run(["schema", name]) == 0
        assert json.loads(capsys.readouterr().out) == schema(name).schema
        with pytest.raises(ValidationError):
            schema(name).validate({"surprise": 1})
    assert run(["schema", "nothing"]) == 2


@pytest.mark.parametrize("pack", ["good", "discharged"])
def test_diagnose_and_judge(tmp_path: Path, ran: Ran, pack: str) -> None:
    words = ("sim", "--unit", "T-1", "--pack", pack, "--records", str(tmp_path))
    told = ran("diagnose", "diagnose", *words)
    file = Path(told["record"])
    schema("record").validate(json.loads(file.read_bytes()))
    ran("judge", "judge", str(file.with_suffix(".trace.jsonl")))
    ran("judge", "judge", str(file))
    if pack == "discharged":
        # The stop of an earlier run: without a verdict.
        assert ran("diagnose", "diagnose", *words)["verdict"] is None


def test_records(tmp_path: Path, ran: Ran) -> None:
    here = ("--records", str(tmp_path))
    idents = [
        keep(tmp_path, what)
        for what in ("allowed", "inconclusive", "begun", "withdrawn", "danger", "cleared")
    ]
    for ident in idents:
        schema("record").validate(json.loads(record_of(tmp_path, ident).read_bytes()))
    receipt = changed(tmp_path)
    schema("receipt").validate(json.loads(receipt.read_bytes()))
    assert len(ran("records-list", "records", "list", *here)["records"]) == 6
    assert len(ran("records-list", "records", "list", "--training", *here)["records"]) == 1
    for ident in (*idents, receipt.stem):
        assert ran("records-show", "records", "show", ident, *here)["contents"]
    record_of(tmp_path, idents[0]).write_bytes(b"x")
    record_of(tmp_path, idents[3]).unlink()
    ran("records-list", "records", "list", *here)
    assert ran("records-show", "records", "show", idents[0], *here)["contents"] is None
    assert not ran("records-verify", "records", "verify", *here)["whole"]


def test_overview_and_report(tmp_path: Path, ran: Ran) -> None:
    here = ("--records", str(tmp_path))
    assert ran("battery-overview", "battery", "overview", *here)["units"] == []
    keep(tmp_path, "suspected")
    reading = {"loaded_mv": 2_900, "rest_mv": 6_300, "temp_c": 20, "supply": "battery"}
    remember(
        tmp_path,
        [
            Observation(now(), "AIR-1", AIR, level="GOOD", fresh=True),
            *(
                Observation(now() - timedelta(days=day), UNIT, LINK, level="GOOD", **reading)
                for day in range(0, 200, 10)
            ),
        ],
        training=False,
    )
    told = ran("battery-overview", "battery", "overview", *here)["units"]
    assert [unit["unit"] for unit in told] == [UNIT, "AIR-1"]
    assert ran("battery-report", "battery", "report", UNIT, *here)["told"]
    changed(tmp_path)
    told = ran("battery-report", "battery", "report", "T-1", "--training", *here)
    assert told["changes"][0]["new"] is True
    assert told["level"] == "GOOD"


def test_battery_state(tmp_path: Path, ran: Ran) -> None:
    ran("battery-state", "battery", "state", "sim", "--records", str(tmp_path))
    told = ran("battery-overview", "battery", "overview", "--training", "--records", str(tmp_path))
    assert [unit["source"] for unit in told["units"]] == ["link"]
    assert {path.name for path in tmp_path.iterdir()} & {"units", "seen"} == set()
