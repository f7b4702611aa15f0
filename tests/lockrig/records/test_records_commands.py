"""Records that are shown later: listed, shown, printed, exported; training apart."""

import hashlib
import json
import re
import time
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from lockrig.config import EXAMPLE
from lockrig.main import run
from tests.lockrig.records.archive import UNIT, changed, keep, record_of


@pytest.fixture(autouse=True)
def _desk(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path_factory.mktemp("config") / "lockrig.toml"
    config.write_text(EXAMPLE)
    monkeypatch.setenv("LOCKRIG_CONFIG", str(config))


class Told:
    """Runs `lockrig records`, and gives what it said."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys
        self.code = 0
        self.err = ""

    def __call__(self, *words: str, lang: str = "en") -> str:
        self.code = run(["records", *words, "--records", str(self.folder), "--lang", lang])
        said = self._capsys.readouterr()
        self.err = said.err
        return said.out

    def json(self, *words: str) -> dict:
        return json.loads(self(*words, "--json"))


@pytest.fixture
def told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Told:
    return Told(tmp_path, capsys)


def test_a_list_has_each_record_and_training_apart(told: Told) -> None:
    allowed = keep(told.folder, "allowed", ago=timedelta(days=3))
    suspected = keep(told.folder, "suspected", unit="XYZ-9")
    keep(told.folder, "allowed", training=True)
    found = told.json("list")["records"]
    assert [(r["id"], r["verdict"], r["training"]) for r in found] == [
        (allowed, "allowed", False),
        (suspected, "suspected", False),
    ]
    said = told("list")
    assert "TRAINING" not in said
    assert "1 of training" in said
    assert all(line.startswith("TRAINING ") for line in told("list", "--training").splitlines())
    assert all(
        line.startswith("ÖVNING ")
        for line in told("list", "--training", lang="sv").split("\n")[:-1]
    )
    assert [r["id"] for r in told.json("list", "--unit", "xyz-9")["records"]] == [suspected]
    assert [r["id"] for r in told.json("list", "--verdict", "allowed")["records"]] == [allowed]
    assert [r["id"] for r in told.json("list", "--since", "2d")["records"]] == [suspected]


@pytest.mark.parametrize(
    ("what", "verdict"),
    [
        ("allowed", "allowed"),
        ("suspected", "suspected"),
        ("inconclusive", "inconclusive"),
        ("begun", "unfinished"),
        ("withdrawn", "withdrawn"),
        ("danger", "danger"),
        ("cleared", "cleared"),
    ],
)
def test_each_kind_of_record_is_shown_with_who_might_act(
    told: Told, what: str, verdict: str
) -> None:
    ident = keep(told.folder, what)
    assert told.json("show", ident)["verdict"] == verdict
    said = told("show", ident[-8:])
    assert told.code == 0
    assert UNIT in said
    assert "Who might act" in said
    assert ("0123-456 78" in said) == (verdict in ("suspected", "danger"))
    assert told("show", ident, lang="sv") != said


def test_the_second_one_without_an_answer_is_the_service_desks(told: Told) -> None:
    keep(told.folder, "inconclusive")
    second = keep(told.folder, "inconclusive")
    assert told.json("show", second)["verdict"] == "twice"


def test_a_page_prints_alone_with_measures_beside_limits(told: Told, tmp_path: Path) -> None:
    ident = keep(told.folder, "suspected")
    page = tmp_path / "out.html"
    told("show", ident, "--html", str(page), "--customer", "K-17<b>", lang="sv")
    text = page.read_text("utf-8")
    assert "ÖPPNA INTE" in text
    assert "K-17&lt;b&gt;" in text
    assert "högst 10000 ± 500 ms" in text
    assert "en person" in text
    assert "size: A4" in text
    assert not re.search(r"(src|href)=|url\(|<script", text)
    assert "ÖVNING" not in text
    training = keep(told.folder, "allowed", training=True)
    told("show", training, "--html", str(page), lang="sv")
    assert "ÖVNING" in page.read_text("utf-8")


def test_a_receipt_is_shown_with_its_runs(told: Told) -> None:
    ident = changed(told.folder).stem
    said = told("show", ident)
    assert all(line.startswith("TRAINING ") for line in said.splitlines())
    assert said.count("bolt.lock") == 5
    assert "THE BATTERY IS CHANGED" in said
    assert "0.1.0" in said


def test_times_are_kept_in_utc_and_shown_here(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    ident = keep(told.folder, "allowed")
    monkeypatch.setenv("TZ", "Europe/Stockholm")
    time.tzset()
    try:
        said = told("show", ident)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert re.search(r"Began: +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d CES?T", said)
    assert told.json("show", ident)["at"].endswith("Z")


def test_an_export_is_whole_and_verified_by_its_hashes(told: Told, tmp_path: Path) -> None:
    first, second = keep(told.folder, "allowed"), keep(told.folder, "danger")
    out = tmp_path / "handed on" / "abc"
    told("export", "--unit", UNIT, "--out", str(out))
    assert told.code == 0
    names = {path.name for path in out.iterdir()}
    assert names == {
        "MANIFEST.sha256",
        "records.xlsx",
        *(f"{first}{end}" for end in (".html", ".json", ".trace.jsonl")),
        *(f"{second}{end}" for end in (".html", ".json")),
    }
    for line in (out / "MANIFEST.sha256").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == digest
    assert (out / f"{first}.json").read_bytes() == record_of(told.folder, first).read_bytes()
    assert "everything is whole" in told("verify", str(out))
    told("export", first, "--out", str(out))
    assert (told.code, "exists" in told.err) == (2, True)
    (out / f"{first}.trace.jsonl").write_bytes(b"x")
    (out / "other").write_bytes(b"x")
    (out / f"{second}.html").unlink()
    said = told("verify", str(out))
    assert told.code == 1
    assert {line.split(": ")[0] for line in said.splitlines()[:-1]} == {
        "damaged",
        "foreign",
        "missing",
    }


def test_a_table_for_excel_has_no_formula(told: Told, tmp_path: Path) -> None:
    from lockrig.records.workbook import Table, workbook  # noqa: PLC0415

    evil = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "http://a.b", "x\x00y", "a" * 40_000]
    data = workbook(Table("[a]:*?/\\", "ÖVNING", ["n", "t"], [[n, t] for n, t in enumerate(evil)]))
    out = tmp_path / "t.xlsx"
    out.write_bytes(data)
    with zipfile.ZipFile(out) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "hyperlink" not in sheet
        assert not any("external" in name for name in book.namelist())
        shared = book.read("xl/sharedStrings.xml").decode()
        assert "=1+1" in shared
        assert "ÖVNING" in shared
        assert 'quotePrefix="1"' in book.read("xl/styles.xml").decode()
    keep(told.folder, "allowed")
    told("list", "--xlsx", str(out))
    assert zipfile.is_zipfile(out)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["show", "nothing"], "there is no record 'nothing'"),
        (["show", ""], "there is no record ''"),
        (["list", "--since", "yesterday"], "expected a day like"),
        (["list", "--since", "99999999d"], "expected a day like"),
        (["list", "--unit", "a/b"], "expected a unit's label"),
        (["export", "--out", "x"], "expected the ID"),
        (["export", "--unit", "NOBODY-1", "--out", "x"], "no record of NOBODY-1"),
    ],
)
def test_wrong_usage_is_told_in_a_line(told: Told, words: list[str], said: str) -> None:
    told(*words)
    assert told.code == 2
    assert said in told.err


def test_an_id_that_fits_several_is_asked_about(told: Told) -> None:
    keep(told.folder, "allowed")
    keep(told.folder, "danger")
    told("show", "2")
    assert (told.code, "fits 2 records" in told.err) == (2, True)


def test_nothing_kept_is_no_error(told: Told) -> None:
    assert "No such record" in told("list")
    assert told.code == 0
    assert "everything is whole" in told("verify")
