"""`lockrig credential`: a file for one user, in time, with no key but that user's."""

import datetime
import json
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockhil.session.credentialfile import (
    NotACredentialError,
    decode,
    encode,
    user_bytes,
    user_name,
)
from lockhil.session.credentials import Grant, LockKey, Role
from lockrig.credential.times import seconds
from lockrig.keystore.store import UnitKeys, open_store
from lockrig.keystore.unlock import Unlocker, from_source
from tests.lockrig.trace.samples import lockrig

KEY = bytes(range(32))
Keys = tuple[str, ...]


@pytest.fixture
def stored(keys: Keys) -> Keys:
    with open_store(Path(keys[1]), Unlocker(from_source(keys[3])), new=True) as store:
        store.units["T-1"] = UnitKeys(key=KEY, epoch=4)
        store.save()
    return keys


def test_it_is_what_the_unit_would_make_of_the_same(stored: Keys, tmp_path: Path) -> None:
    out = tmp_path / "c17"
    ran = lockrig(
        *("credential", "T-1", "--role", "technician", "--id", "C-17", "--out", out),
        *("--from", "2026-03-01T08:00+01:00", "--until", "2099-03-31T17:00+02:00", *stored),
    )
    assert (ran.code, ran.out) == (0, ""), ran.err
    assert out.stat().st_mode & 0o777 == 0o600
    made = decode(out.read_bytes())
    assert made.grant.not_before_s == 1_772_348_400
    assert made.grant.not_after_s == 4_078_652_400
    grant = Grant(4, b"C-17".ljust(16, b"\0"), Role.TECHNICIAN, 1_772_348_400, 4_078_652_400)
    assert made.key == LockKey(KEY).credential("T-1", grant).key
    assert KEY.hex() not in out.read_text()
    assert made.key.hex() not in ran.err
    with open_store(Path(stored[1]), Unlocker(from_source(stored[3]))) as store:
        [told] = store.units["T-1"].issued
        assert (told.user, told.role, told.epoch) == ("C-17", 2, 4)


def test_what_is_good_at_once_is_so_on_a_unit_whose_clock_is_slow(
    stored: Keys, tmp_path: Path
) -> None:
    out = tmp_path / "c"
    words = ("T-1", "--role", "carer", "--id", "C-1", "--until", "2099-01-01", "--out", out)
    assert lockrig("credential", *words, *stored).code == 0
    assert time.time() - decode(out.read_bytes()).grant.not_before_s >= 86_400


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("T-2", "--until", "2099-01-01"), 2, "no key of T-2"),
        (("T-1", "--until", "1999-01-01"), 2, "expected an end after now"),
        (("T-1", "--from", "2099-01-02", "--until", "2099-01-01"), 2, "expected an end"),
        (("T-1", "--until", "soon"), 2, "expected a day"),
        (("T-1", "--until", "2099-01-01", "--id", "Anna Svensson"), 2, "expected a user's id"),
        (("T-1", "--until", "2999-01-01"), 2, "2**32"),
    ],
)
def test_what_it_refuses(
    stored: Keys, tmp_path: Path, words: tuple[str, ...], code: int, says: str
) -> None:
    out = ("--out", tmp_path / "c")
    ran = lockrig("credential", "--role", "carer", "--id", "C-1", *words, *out, *stored)
    assert ran.code == code
    assert says in ran.err
    assert not (tmp_path / "c").exists()


def test_a_file_that_is_there_is_left_alone(stored: Keys, tmp_path: Path) -> None:
    out = tmp_path / "c"
    out.write_text("mine")
    words = ("T-1", "--role", "carer", "--id", "C-1", "--until", "2099-01-01", "--out", out)
    assert lockrig("credential", *words, *stored).code == 2
    assert out.read_text() == "mine"


def test_days_are_this_computers_and_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "TZ", "Europe/Stockholm")
    time.tzset()
    try:
        assert seconds("2026-12-31", end=False) == 1_798_671_600
        assert seconds("2026-12-31", end=True) == 1_798_757_999
        # The day on which clocks go forward has 23 hours.
        assert seconds("2026-03-29", end=True) - seconds("2026-03-29", end=False) == 82_799
        assert seconds("2026-12-31T12:00", end=True) == 1_798_714_800
    finally:
        monkeypatch.undo()
        time.tzset()


@given(
    st.text("ABCXYZabcxyz0189-_.", min_size=1, max_size=16),
    st.sampled_from(list(Role)),
    st.integers(0, 2**32 - 1),
    st.integers(0, 2**32 - 1),
    st.integers(0, 2**32 - 1),
    st.binary(min_size=32, max_size=32),
)
def test_a_file_gives_back_what_went_into_it(
    user: str, role: Role, epoch: int, first: int, last: int, key: bytes
) -> None:
    grant = Grant(epoch, user_bytes(user), role, min(first, last), max(first, last))
    made = LockKey(key).credential("T-1", grant)
    assert decode(encode(made)) == made
    assert user_name(made.grant.user) == user


@pytest.mark.parametrize("name", ["format", "unit", "id", "role", "not_before_s", "epoch", "key"])
@pytest.mark.parametrize("value", [None, [1], "", "Å" * 3, 2**32, -1, "a" * 70, True])
def test_what_is_no_credential_is_refused_and_not_shown(name: str, value: object) -> None:
    grant = Grant(1, user_bytes("C-1"), Role.CARER, 0, 1)
    made = LockKey(KEY).credential("T-1", grant)
    told = json.loads(encode(made))
    with pytest.raises(NotACredentialError) as refused:
        decode(json.dumps({**told, name: value}).encode())
    with pytest.raises(NotACredentialError):
        decode(json.dumps({at: told[at] for at in told if at != name}).encode())
    assert made.key.hex()[:8] not in str(refused.value)


@given(st.binary(max_size=200))
def test_bytes_are_no_credential(data: bytes) -> None:
    with pytest.raises(NotACredentialError):
        decode(data)


def test_a_moment_is_a_moment_everywhere() -> None:
    told = datetime.datetime(2026, 7, 1, 12, tzinfo=datetime.UTC)
    assert seconds(told.isoformat(), end=True) == told.timestamp()
