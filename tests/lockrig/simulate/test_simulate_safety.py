"""`lockrig simulate safety` as somebody types it: codes, JSON, one case, wrong words."""

import json

import pytest

from lockjudge.trace import read_trace
from lockrig.main import run

FEW = ["simulate", "safety", "--runs", "1", "--workers", "1", "--packs", "l91-4s"]


def test_json_is_one_document_on_standard_output(capsys) -> None:
    code = run([*FEW, "--json"])
    told = json.loads(capsys.readouterr().out)
    assert told["total"]["count"] == 0
    assert told["reached"] == (code == 0)
    assert {"runs": 1, "seed": 1, "packs": ["l91-4s"]}.items() <= told.items()


def test_one_case_and_its_trace(capsys, tmp_path) -> None:
    file = tmp_path / "case.jsonl"
    label = "one weak cell:cr123a-2s:3"
    assert run(["simulate", "safety", "--case", label, "--trace", str(file)]) == 0
    assert label in capsys.readouterr().out
    trace = read_trace(file)
    assert trace.defect is None
    assert trace.header["observer"] == "instrument"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--packs", "x"], "expected packs out of"),
        (["--case", "x"], "expected KIND:PACK:NUMBER"),
        (["--trace", "x"], "--trace needs --case"),
    ],
)
def test_wrong_usage(capsys, words, said) -> None:
    assert run(["simulate", "safety", *words]) == 2
    assert said in capsys.readouterr().err
