"""`lockrig provision` at a virtual board's console: its key is kept first, and never lost."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lockhil.boards import lockkey
from lockhil.client import Link, LinkTimeoutError
from lockhil.targets.realclock import SerialTransport
from lockrig.keystore.store import KeyStore, UnitKeys, open_store
from lockrig.keystore.unlock import Unlocker, from_source
from lockrig.provision import procedure
from lockrig.provision.silent import proves
from tests.lockrig.plugged import Plugged, plugged
from tests.lockrig.trace.samples import lockrig

Keys = tuple[str, ...]


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Plugged]:
    with plugged(tmp_path / "data") as one:
        time.sleep(0.5)  # it gets past its first start
        yield one


def kept(keys: Keys, unit: str = "T-1") -> UnitKeys:
    with open_store(Path(keys[1]), Unlocker(from_source(keys[3]))) as store:
        return store.units[unit]


def has(board: Plugged, keys: UnitKeys) -> bool:
    """Whether the unit proves on its link that it has the key that is kept."""
    transport = SerialTransport(board.link, lambda: int(time.monotonic() * 1_000))
    try:
        link = Link(transport, first_id=time.monotonic_ns() % 1_000_000)
        for _ in range(10):
            link.send_raw(b"\n")
            try:
                assert link.call("unit.hello", timeout_ms=1_000)["sealed"] is True
                return proves(link, "T-1", keys.key, keys.epoch)
            except LinkTimeoutError:
                continue
        raise AssertionError("the unit doesn't answer")
    finally:
        transport.close()


def test_a_unit_gets_its_key_once_and_its_console_closes(board: Plugged, keys: Keys) -> None:
    ran = lockrig("provision", f"serial:{board.console}", *keys)
    assert (ran.code, ran.out) == (0, ""), ran.err
    assert "T-1 has its key, epoch 1" in ran.err
    first = kept(keys)
    assert first.key.hex() not in ran.err
    assert has(board, first)

    ran = lockrig("provision", f"serial:{board.console}", *keys)
    assert ran.code == 4
    assert "lockrig maintenance" in ran.err
    for again in ((), ("--again",)):
        ran = lockrig("provision", f"serial:{board.console}", "--link", board.link, *again, *keys)
        assert ran.code == 1
        assert "has a key already, and its console is closed" in ran.err
    assert kept(keys) == first
    assert has(board, first)


class Cut(BaseException):
    """The power goes, at the computer."""


Cutter = Callable[[pytest.MonkeyPatch], None]


def _save_first(monkeypatch: pytest.MonkeyPatch) -> None:
    _nth_save(monkeypatch, 1)


def _before_the_board(monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(*_: object) -> None:
        raise Cut

    monkeypatch.setattr(procedure, "_put", cut)


def _after_the_board(monkeypatch: pytest.MonkeyPatch) -> None:
    put = lockkey.put

    def cut(*args: object) -> None:
        put(*args)  # type: ignore[arg-type] # as it came
        raise Cut

    monkeypatch.setattr(lockkey, "put", cut)


def _save_last(monkeypatch: pytest.MonkeyPatch) -> None:
    # The key is on the disk from the run before.
    _nth_save(monkeypatch, 1)


def _nth_save(monkeypatch: pytest.MonkeyPatch, nth: int) -> None:
    save, calls = KeyStore.save, []

    def cut(store: KeyStore) -> None:
        calls.append(store)
        if len(calls) == nth:
            raise Cut
        save(store)

    monkeypatch.setattr(KeyStore, "save", cut)


def provision(board: Plugged, keys: Keys) -> None:
    for _ in range(3):
        # On a busy machine a board that was left half way may still be starting.
        ran = lockrig("provision", f"serial:{board.console}", *keys)
        assert ran.code == 4, ran.err
        time.sleep(2)


def cut_off(board: Plugged, keys: Keys, cut: Cutter) -> None:
    with pytest.MonkeyPatch.context() as patch:
        cut(patch)
        with pytest.raises(Cut):
            provision(board, keys)


@pytest.mark.parametrize("last", [_after_the_board, _save_last])
def test_a_cut_anywhere_loses_nothing_and_the_next_run_goes_on(
    board: Plugged, keys: Keys, last: Cutter
) -> None:
    # The store is made before, so that the first save that counts is the key's.
    with open_store(Path(keys[1]), Unlocker(from_source(keys[3])), new=True):
        pass
    cut_off(board, keys, _save_first)
    with open_store(Path(keys[1]), Unlocker(from_source(keys[3]))) as store:
        assert not store.units
    cut_off(board, keys, _before_the_board)
    before = kept(keys)
    assert before.open_question
    words = ("--role", "carer", "--id", "C", "--until", "2099-01-01", "--out", f"{keys[1]}.c")
    ran = lockrig("credential", "T-1", *words, *keys)
    assert (ran.code, "provision again" in ran.err) == (1, True)
    # Now the board has it, and nobody here has heard that it does.
    cut_off(board, keys, last)
    assert kept(keys) == before
    ran = lockrig("provision", f"serial:{board.console}", *keys)
    assert (ran.code, "closed" in ran.err) == (4, True)
    ran = lockrig("provision", f"serial:{board.console}", "--link", board.link, *keys)
    assert ran.code == 0, ran.err
    assert "was kept for it before" in ran.err
    now = kept(keys)
    assert (now.key, now.open_question) == (before.next_key, False)
    assert has(board, now)
    assert lockrig("credential", "T-1", *words, *keys).code == 0


def test_what_is_no_console_or_no_board_is_told(tmp_path: Path, keys: Keys) -> None:
    assert lockrig("provision", "sim", *keys).code == 2
    assert lockrig("provision", "virtual:NONE", *keys).code == 4
    assert lockrig("provision", f"serial:{tmp_path}/none", *keys).code == 4
