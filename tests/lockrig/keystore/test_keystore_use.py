"""The key store in use: passphrase or keyring, one process at a time, what it says of itself."""

import multiprocessing
import os
import time
from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backend
import keyring.errors
import pytest

from lockhil.session.credentials import Role
from lockrig.errors import Exit, LockrigError
from lockrig.keystore import store as module
from lockrig.keystore.store import UnitKeys, issue, open_store
from lockrig.keystore.unlock import Unlocker, from_source

SECRET = "correct horse battery"
COST = 1 << 10
KEY = bytes(range(32))


def by(passphrase: str) -> Unlocker:
    return Unlocker(lambda _: passphrase, cost=COST)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "keys" / "store.json"
    with open_store(path, by(SECRET), new=True) as store:
        store.units["T-1"] = UnitKeys(key=KEY, epoch=3)
        store.save()
    return path


def test_what_was_saved_is_there_for_who_has_the_passphrase(path: Path) -> None:
    with open_store(path, by(SECRET)) as store:
        assert store.known("T-1").key == KEY
        assert store.known("T-1").epoch == 3
    with (
        pytest.raises(LockrigError, match=r"the passphrase isn.t that of the key store.*whole"),
        open_store(path, by(SECRET + "!")),
    ):
        pass
    assert path.parent.stat().st_mode & 0o777 == 0o700
    told = path.read_bytes()
    assert not [form for form in (KEY, KEY.hex().encode()) if form in told]


def test_a_store_that_is_not_there_is_made_by_who_says_so_alone(tmp_path: Path) -> None:
    with pytest.raises(LockrigError, match="no key store"), open_store(tmp_path / "a", by(SECRET)):
        pass
    with (
        pytest.raises(LockrigError, match="at least 12"),
        open_store(tmp_path / "a", by("short"), new=True),
    ):
        pass
    assert not (tmp_path / "a").exists()


def test_a_unit_that_it_does_not_know_for_sure_is_refused(path: Path) -> None:
    with open_store(path, by(SECRET)) as store:
        with pytest.raises(LockrigError, match="no key of T-2"):
            store.known("T-2")
        store.units["T-1"].next_key = bytes(32)
        with pytest.raises(LockrigError, match="run lockrig provision again"):
            store.known("T-1")


def test_no_key_shows_in_what_is_printed_of_it(path: Path) -> None:
    with open_store(path, by(SECRET)) as store:
        told = repr((store, store.units, store._content, store.known("T-1")))
    for form in (KEY.hex(), repr(KEY)[2:-1], SECRET):
        assert form not in told


def test_a_credential_is_noted_and_issued_again_after_a_new_epoch(path: Path) -> None:
    with open_store(path, by(SECRET)) as store:
        keys = store.known("T-1")
        made = issue(keys, "T-1", "C-17", Role.CARER, (100, 200))
        issue(keys, "T-1", "C-18", Role.CARER, (100, 300))
        assert made.grant.epoch == 3
        assert keys.valid(150) == []
        keys.epoch = 4
        assert [told.user for told in keys.valid(150)] == ["C-17", "C-18"]
        assert [told.user for told in keys.valid(201)] == ["C-18"]
        issue(keys, "T-1", "C-17", Role.CARER, (100, 200))
        issue(keys, "T-1", "C-18", Role.TECHNICIAN, (100, 200))
        assert [told.user for told in keys.valid(150)] == ["C-18"]


def _count(path: Path, unit: str, times: int) -> None:
    for _ in range(times):
        with open_store(path, by(SECRET)) as store:
            store.units[unit].epoch += 1
            store.save()


def test_two_processes_at_once_lose_nothing(path: Path) -> None:
    with open_store(path, by(SECRET)) as store:
        store.units["T-2"] = UnitKeys(key=KEY, epoch=3)
        store.save()
    spawn = multiprocessing.get_context("spawn")
    both = [spawn.Process(target=_count, args=(path, unit, 10)) for unit in ("T-1", "T-2")]
    for one in both:
        one.start()
    for one in both:
        one.join(60)
    with open_store(path, by(SECRET)) as store:
        assert {unit: keys.epoch for unit, keys in store.units.items()} == {"T-1": 13, "T-2": 13}


def test_who_finds_it_in_use_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PATIENCE_S", 0)
    with open_store(path, by(SECRET)):
        with pytest.raises(LockrigError, match="in use") as refused, open_store(path, by(SECRET)):
            pass
        assert refused.value.exit_code == Exit.NO_CONTACT


class Ring(keyring.backend.KeyringBackend):
    """The system's keyring, as far as `keyring` can tell."""

    priority = 5  # type: ignore[assignment] # a class property there

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise keyring.errors.KeyringLocked("locked")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


@pytest.fixture
def ring() -> Iterator[Ring]:
    before = keyring.get_keyring()
    one = Ring()
    keyring.set_keyring(one)
    yield one
    keyring.set_keyring(before)


def test_where_there_is_a_keyring_it_keeps_the_stores_key(tmp_path: Path, ring: Ring) -> None:
    with open_store(tmp_path / "a", Unlocker(), new=True) as store:
        store.units["T-1"] = UnitKeys(key=KEY)
        store.save()
    with open_store(tmp_path / "a", Unlocker()) as store:
        assert store.known("T-1").key == KEY
    [(name, told)] = ring.kept.items()
    assert name[0] == "lockrig key store"
    assert len(told) == 64
    ring.locked = True
    with pytest.raises(LockrigError, match="unlock it"), open_store(tmp_path / "a", Unlocker()):
        pass
    ring.locked = False
    ring.kept[name] = "00" * 32
    with pytest.raises(LockrigError, match="isn't that of"), open_store(tmp_path / "a", Unlocker()):
        pass
    ring.kept.clear()
    with pytest.raises(LockrigError, match="has no key"), open_store(tmp_path / "a", Unlocker()):
        pass


def test_a_passphrase_that_is_given_stays_out_of_the_keyring(tmp_path: Path, ring: Ring) -> None:
    with open_store(tmp_path / "a", by(SECRET), new=True):
        pass
    assert not ring.kept


def test_a_passphrase_comes_from_a_private_file_or_a_descriptor(tmp_path: Path) -> None:
    file = tmp_path / "pass"
    file.write_text(SECRET + "\n")
    file.chmod(0o644)
    with pytest.raises(LockrigError, match="others may read") as refused:
        from_source(str(file))("?")
    assert SECRET not in str(refused.value)
    file.chmod(0o600)
    assert from_source(str(file))("?") == SECRET
    read, write = os.pipe()
    os.write(write, SECRET.encode())
    os.close(write)
    assert from_source(f"fd:{read}")("?") == SECRET
    for wrong in ("fd:x", f"fd:{read}", str(tmp_path / "none")):
        with pytest.raises(LockrigError):
            from_source(wrong)("?")
    file.write_text("\n")
    with pytest.raises(LockrigError, match="one line"):
        from_source(str(file))("?")


def test_the_real_cost_of_a_guess_is_what_it_is_meant_to_be() -> None:
    began = time.process_time()
    Unlocker(lambda _: SECRET).new()
    assert time.process_time() - began > 0.1
