"""Damage, strangers, what is gone: each is named; an index is never the truth."""

import json
import os
import shutil
import sqlite3
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockrig.main import run
from lockrig.overview.gather import gather
from lockrig.records.asked import loaded
from lockrig.records.entry import DAMAGED, sum_up
from lockrig.records.folder import RECEIPT, RECORD, Found, files
from lockrig.records.index import NAME, VERSION, Index
from lockrig.records.record import FORMAT
from lockrig.records.sealed import seal
from lockrig.records.text import whole
from lockrig.records.verify import Finding, verify
from tests.lockrig.records.archive import UNIT, changed, keep, record_of


def found(folder: Path) -> list[Finding]:
    """What a check finds, with what the index knows."""
    index = Index(folder)
    known = index.known()
    index.close()
    return verify(folder, known).findings


def refreshed(folder: Path) -> dict[str, str]:
    """What the index says, file by file."""
    index = Index(folder)
    told = {Path(entry.file).name: entry.verdict for entry in index.refresh()}
    index.close()
    return told


def resealed(file: Path, **changes: object) -> None:
    """Change a record as somebody would who knows how checksums are made."""
    body = json.loads(file.read_bytes())["record"]
    for name, value in changes.items():
        if name in body:
            body[name] = value
        else:
            body["details"][name] = value
    file.write_bytes(seal(FORMAT, "record", body))


def test_what_is_whole_is_whole(tmp_path: Path) -> None:
    for what in ("allowed", "inconclusive", "begun", "withdrawn", "danger", "cleared", "suspected"):
        keep(tmp_path, what)
    changed(tmp_path)
    refreshed(tmp_path)
    assert found(tmp_path) == []


def flip(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(bytes(data))


def to_link(file: Path) -> None:
    aside = file.with_name("aside")
    file.rename(aside)
    file.symlink_to(aside)


def better(file: Path) -> None:
    record = json.loads(file.read_bytes())["record"]
    verdict = record["details"]["verdict"]
    resealed(file, exit_code=0, verdict={**verdict, "outcome": "CHANGE_ALLOWED", "exit_code": 0})


def of_another_condition(file: Path) -> None:
    verdict = json.loads(file.read_bytes())["record"]["details"]["verdict"]
    verdict["sequences"][0]["conditions"][2]["measured"] += 1
    resealed(file, verdict=verdict)


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        (flip, "damaged"),
        (to_link, "damaged"),
        (lambda file: file.write_bytes(file.read_bytes()[:40]), "damaged"),
        (lambda file: file.write_bytes(b""), "damaged"),
        (lambda file: file.write_bytes(b"[" * 200_000), "damaged"),
        (lambda file: file.write_bytes(b'{"a":' * 900 + b"1" + b"}" * 900), "damaged"),
        (lambda file: file.write_text(file.read_text(), "utf-16"), "damaged"),
        (lambda file: os.truncate(file, 5 * 2**20), "damaged"),
        (lambda file: flip(file.with_suffix(".trace.jsonl")), "damaged"),
        (lambda file: file.with_suffix(".trace.jsonl").unlink(), "damaged"),
        (lambda file: to_link(file.with_suffix(".trace.jsonl")), "damaged"),
        (lambda file: resealed(file, unit="OTHER-1"), "damaged"),
        (lambda file: resealed(file, trace="../../x"), "damaged"),
        (lambda file: resealed(file, exit_code=False), "damaged"),
        (lambda file: resealed(file, details=[]), "damaged"),
        (better, "verdict"),
        (of_another_condition, "verdict"),
        (lambda file: resealed(file, verdict="yes"), "verdict"),
        (lambda file: file.unlink(), "missing"),
        (lambda file: (file.parent / "notes.txt").write_text("x"), "foreign"),
        (lambda file: (file.parent.parent / "unit-abc").mkdir(), "foreign"),
        (lambda file: (file.parent.parent / "unit-../x").parent.joinpath("y").write_text(""), None),
    ],
)
def test_each_damage_is_named_and_the_exit_code_says_so(
    tmp_path: Path, wrong: Callable[[Path], object], what: str | None
) -> None:
    ident = keep(tmp_path, "suspected")
    keep(tmp_path, "allowed", unit="GOOD-1")
    refreshed(tmp_path)
    try:
        wrong(record_of(tmp_path, ident))
    except FileNotFoundError:
        assert what is None
        return
    named = [finding for finding in found(tmp_path) if finding.fault]
    assert what in [finding.what for finding in named]
    assert all("GOOD-1" not in finding.file for finding in named)
    assert run(["records", "verify", str(tmp_path)]) == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes in folders")
def test_a_pipe_in_a_records_place_isnt_waited_for(tmp_path: Path) -> None:
    file = record_of(tmp_path, keep(tmp_path, "danger"))
    file.unlink()
    os.mkfifo(file)
    assert [finding.what for finding in found(tmp_path)] == ["damaged"]
    assert refreshed(tmp_path)[file.name] == DAMAGED


def test_what_a_record_replaced_unseen_is_noticed_by_the_index(tmp_path: Path) -> None:
    file = record_of(tmp_path, keep(tmp_path, "danger"))
    refreshed(tmp_path)
    resealed(file, kind="withdrawn")
    assert [finding.what for finding in found(tmp_path)] == ["changed"]


def test_an_attempt_that_ends_after_it_was_indexed_is_no_change(tmp_path: Path) -> None:
    file = record_of(tmp_path, keep(tmp_path, "begun"))
    refreshed(tmp_path)
    resealed(file, kind="withdrawn")
    assert [finding for finding in found(tmp_path) if finding.fault] == []
    assert refreshed(tmp_path)[file.name] == "withdrawn"


def test_what_the_service_desk_lifted_or_a_receipt_names_must_be_there(tmp_path: Path) -> None:
    first = record_of(tmp_path, keep(tmp_path, "suspected"))
    keep(tmp_path, "cleared")
    (tmp_path / NAME).unlink(missing_ok=True)
    first.unlink()
    assert {(finding.what, Path(finding.file).name) for finding in found(tmp_path)} == {
        ("missing", first.name),
        ("foreign", first.name.replace(".json", ".trace.jsonl")),
    }


def test_what_a_kill_left_is_named_and_no_fault(tmp_path: Path) -> None:
    file = record_of(tmp_path, keep(tmp_path, "begun"))
    (file.parent / "x.json.tmp").write_bytes(b"{")
    assert sorted(finding.what for finding in found(tmp_path)) == ["half-written"] * 2
    assert run(["records", "verify", str(tmp_path)]) == 0


def test_a_missing_record_stays_named_until_it_is_back(tmp_path: Path) -> None:
    file = record_of(tmp_path, keep(tmp_path, "danger"))
    refreshed(tmp_path)
    data = file.read_bytes()
    file.unlink()
    assert refreshed(tmp_path) == refreshed(tmp_path) == {file.name: "missing"}
    assert run(["records", "show", file.stem, "--records", str(tmp_path)]) == 1
    file.write_bytes(data)
    assert refreshed(tmp_path) == {file.name: "danger"}


def garbage(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\0" + os.urandom(5_000))


def no_table(path: Path) -> None:
    with sqlite3.connect(path) as base:
        base.execute("DROP TABLE entries")


def older(path: Path) -> None:
    with sqlite3.connect(path) as base:
        base.execute(f"PRAGMA user_version = {VERSION + 1}")


@pytest.mark.parametrize("damage", [garbage, no_table, older, lambda path: path.write_bytes(b"x")])
def test_a_damaged_or_old_index_is_made_anew_and_says_so(
    tmp_path: Path, damage: Callable[[Path], object], capsys: pytest.CaptureFixture[str]
) -> None:
    keep(tmp_path, "danger")
    refreshed(tmp_path)
    for end in ("-wal", "-shm"):
        Path(f"{tmp_path / NAME}{end}").unlink(missing_ok=True)
    damage(tmp_path / NAME)
    assert run(["records", "list", "--records", str(tmp_path), "--lang", "en"]) == 0
    said = capsys.readouterr()
    assert UNIT in said.out
    assert "made anew from the files" in said.err
    assert run(["records", "list", "--records", str(tmp_path)]) == 0
    assert capsys.readouterr().err == ""


def test_a_lie_in_the_index_is_found(tmp_path: Path) -> None:
    keep(tmp_path, "suspected")
    refreshed(tmp_path)
    with sqlite3.connect(tmp_path / NAME) as base:
        base.execute("UPDATE entries SET verdict = 'allowed', sha256 = ?", ("0" * 64,))
    assert [finding.what for finding in found(tmp_path)] == ["changed"]


def test_without_a_place_to_write_the_records_are_listed_all_the_same(tmp_path: Path) -> None:
    keep(tmp_path, "danger")
    (tmp_path / NAME).mkdir()
    assert list(refreshed(tmp_path).values()) == ["danger"]


def test_it_works_while_others_write_and_list(tmp_path: Path) -> None:
    wrong: list[BaseException] = []

    def work(unit: str) -> None:
        try:
            for what in ("allowed", "danger", "withdrawn"):
                keep(tmp_path, what, unit=unit)
                refreshed(tmp_path)
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=work, args=(f"UNIT-{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(refreshed(tmp_path)) == 12
    assert found(tmp_path) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)
FIELDS = ("unit", "training", "kind", "at", "repeat", "exit_code", "details", "times", "result")
DETAILS = ("trace", "trace_sha256", "verdict", "lifts", "ended", "case")


@settings(max_examples=40)
@given(
    st.sampled_from([(RECORD, "20261201T120000Z-00000000.json"), (RECEIPT, "swap/x.json")]),
    st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=3),
    st.dictionaries(st.sampled_from(DETAILS), JSON, max_size=3),
    st.sampled_from(["judged", "cleared", "begun", "done"]),
)
def test_no_contents_however_odd_stop_a_check(
    tmp_path_factory: pytest.TempPathFactory,
    place: tuple[str, str],
    odd: dict[str, object],
    details: dict[str, object],
    kind: str,
) -> None:
    """Sealed as they should be: only what stands in them is foreign."""
    root = tmp_path_factory.mktemp("odd")
    file = root / "units" / "unit-ABC" / place[1]
    file.parent.mkdir(parents=True)
    body = {"unit": "ABC", "training": False, "kind": kind, "at": "2026-12-01T12:00:00Z"}
    body |= {"exit_code": 3 if kind == "judged" else None, "repeat": False, "details": details}
    if place[0] == RECEIPT:
        del body["exit_code"], body["repeat"]
        body |= {"times": {"ended": "2026-12-01T12:00:00Z"}, "result": "done", **details}
    form, name = (FORMAT, "record") if place[0] == RECORD else ("lockrig-swap/1", "swap")
    try:
        file.write_bytes(seal(form, name, {**body, **odd}))
    except UnicodeEncodeError:
        return
    if place[0] == RECEIPT:
        file = file.rename(file.with_name("20261201T120000Z-00000000.json"))
    verify(root, [])
    entry = sum_up(Found(root, file, "ABC", False, place[0]))
    list(whole(loaded(root, entry)[0], []))
    kept = gather(root, datetime.now(UTC), training=False)
    assert [made.shown for made in kept.stands] != ["good"]
    shutil.rmtree(root)


def test_only_units_folders_are_looked_into(tmp_path: Path) -> None:
    keep(tmp_path, "danger")
    (tmp_path / "journals").mkdir()
    (tmp_path / "journals" / "x.json").write_text("{}")
    assert {file.unit for file in files(tmp_path)} == {UNIT}
