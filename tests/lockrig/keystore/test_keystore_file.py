"""The key store's file: whole or refused, a wrong key told from damage, nobody else's to read."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockrig.errors import Exit, LockrigError
from lockrig.keystore import sealedfile
from lockrig.keystore.private import read_private, replace_private
from lockrig.keystore.sealedfile import Head, WrongKeyError

KEY, OTHER = bytes(range(32)), bytes(32)
HEAD = Head("keyring", entry="e")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "keys.json"
    sealedfile.write(path, HEAD, KEY, b"what is kept")
    return path


def test_what_was_sealed_is_read_again_by_its_key_alone(file: Path) -> None:
    assert sealedfile.read(file, KEY) == b"what is kept"
    assert sealedfile.read_head(file) == HEAD
    with pytest.raises(WrongKeyError):
        sealedfile.read(file, OTHER)
    assert b"what is kept" not in file.read_bytes()


def test_the_same_content_is_never_sealed_with_the_same_nonce(tmp_path: Path) -> None:
    told = []
    for _ in range(2):
        sealedfile.write(tmp_path / "a", HEAD, KEY, b"same")
        told.append(json.loads((tmp_path / "a").read_text()))
    assert told[0]["nonce"] != told[1]["nonce"]
    assert told[0]["sealed"] != told[1]["sealed"]


@given(data=st.data())
def test_whatever_is_altered_is_refused_as_damage_and_not_as_a_wrong_key(
    file: Path, data: st.DataObject
) -> None:
    whole = file.read_bytes()
    told = json.loads(whole)
    at = data.draw(st.integers(0, len(whole) - 1))
    altered = data.draw(
        st.one_of(
            st.just(whole[:at]),
            st.binary(min_size=1, max_size=3).map(lambda piece: whole[:at] + piece + whole[at:]),
            st.integers(1, 255).map(
                lambda bits: whole[:at] + bytes((whole[at] ^ bits,)) + whole[at + 1 :]
            ),
        )
    )
    beside = file.with_name("altered")
    replace_private(beside, altered)
    try:
        same = json.loads(altered) == told
    except ValueError:
        same = False
    if same:  # spaces between, or at the end
        assert sealedfile.read(beside, KEY) == b"what is kept"
        return
    with pytest.raises(LockrigError, match="no whole key store") as refused:
        sealedfile.read(beside, KEY)
    assert refused.value.exit_code == Exit.USAGE
    assert whole[at - 30 : at].decode("latin1") not in str(refused.value) or at < 30


def test_who_forges_the_checksum_too_is_refused(file: Path) -> None:
    told = json.loads(file.read_text())
    told["unlock"]["entry"] = "another"
    forged = sealedfile._File(**{**told, "unlock": Head(**{**told["unlock"], "salt": b""})})
    told["sha256"] = sealedfile._sum(forged)
    beside = file.with_name("forged")
    replace_private(beside, json.dumps(told).encode())
    with pytest.raises(LockrigError, match="seal is broken"):
        sealedfile.read(beside, KEY)


def test_a_passphrase_is_stretched_as_rfc_7914_has_it() -> None:
    # Its vector of N=1024, r=8, p=16 isn't ours; of N=16384, r=8, p=1 the first 32 bytes are.
    head = Head("passphrase", salt=b"SodiumChloride", cost=16_384)
    assert head.stretched("pleaseletmein").hex() == (
        "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
    )


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601, 0o666])
def test_what_others_may_read_or_write_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "keys"
    replace_private(path, b"secret")
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(mode)
    with pytest.raises(LockrigError, match="chmod 600") as refused:
        read_private(path)
    assert "secret" not in str(refused.value)


def test_a_cut_leaves_the_old_file_or_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "keys"
    replace_private(path, b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LockrigError, match="No space left"):
        replace_private(path, b"new")
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    (tmp_path / "keys.new").write_bytes(b"ha")  # half of one, by a kill; anybody's to read
    (tmp_path / "keys.new").chmod(0o644)
    replace_private(path, b"new")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"new", 0o600)
    assert [one.name for one in tmp_path.iterdir()] == ["keys"]
