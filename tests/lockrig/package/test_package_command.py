"""`lockrig package`: a file for one unit, from whoever has its key, with no key in it."""

from pathlib import Path

import pytest

from lockhil.boards.firmware import load
from lockhil.session.credentials import LockKey
from lockhil.update.package import decode, make
from lockrig.keystore.store import UnitKeys, open_store
from lockrig.keystore.unlock import Unlocker, from_source
from tests.lockrig.plugged import firmware_copy
from tests.lockrig.trace.samples import left_in, lockrig

KEY = bytes(range(32))
Keys = tuple[str, ...]


@pytest.fixture
def stored(keys: Keys) -> Keys:
    with open_store(Path(keys[1]), Unlocker(from_source(keys[3])), new=True) as store:
        store.units["T-1"] = UnitKeys(key=KEY)
        store.units["T-2"] = UnitKeys(key=KEY, next_key=KEY)
        store.save()
    return keys


def test_it_is_the_firmware_signed_for_the_unit(stored: Keys, tmp_path: Path) -> None:
    out = tmp_path / "it.update"
    ran = lockrig("package", "T-1", "--board", "virtual", "--out", out, *stored)
    assert (ran.code, ran.out) == (0, ""), ran.err
    data = out.read_bytes()
    assert decode(data) == make(load(), "virtual", "T-1", LockKey(KEY))
    assert KEY not in data
    assert KEY.hex().encode() not in data


def test_another_firmware_and_a_downgrade(stored: Keys, tmp_path: Path) -> None:
    folder, out = firmware_copy(tmp_path / "fw", "0.0.7"), tmp_path / "it.update"
    ran = lockrig(
        *("package", "T-1", "--board", "virtual", "--firmware", folder),
        *("--downgrade", "--out", out, *stored),
    )
    header = decode(out.read_bytes()).header
    assert (ran.code, header.version, header.downgrade) == (0, "0.0.7", True)


def test_by_itself_it_is_called_by_unit_and_version(
    stored: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert lockrig("package", "T-1", "--board", "virtual", *stored).code == 0
    again = lockrig("package", "T-1", "--board", "virtual", *stored)
    assert (again.code, "is there already" in again.err) == (2, True)
    assert f"T-1-{load().version}.update" in left_in(tmp_path)


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (("T-9", "--board", "virtual"), 2, "has no key of T-9"),
        (("T-2", "--board", "virtual"), 1, "run lockrig provision again"),
        (("T-1", "--board", "nano"), 2, "expected a board out of "),
        (("T-1", "--board", "virtual", "--firmware", "/nowhere"), 2, "no firmware in /nowhere"),
        (("T-1", "--board", "virtual", "--out", "/nowhere/it"), 2, "can't write /nowhere/it"),
        (("T-1", "--board", "virtual", "--out", "/dev/full"), 2, "/dev/full"),
        (("T-1",), 2, "--board"),
    ],
)
def test_what_can_not_be_made_is_told(
    stored: Keys, tmp_path: Path, words: tuple[str, ...], code: int, why: str
) -> None:
    out = () if "--out" in words else ("--out", tmp_path / "it.update")
    ran = lockrig("package", *words, *out, *stored)
    assert (ran.code, why in ran.err) == (code, True), ran.err
    assert not (tmp_path / "it.update").exists()
