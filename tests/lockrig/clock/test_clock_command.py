"""`lockrig clock`: told and set by credential and by key, and every refusal with what to do next.

The units are the core in simulated worlds; `test_clock_plugged` has a virtual board on its line.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from lockhil.client import Link
from lockhil.contact import Contact, LinkMaker
from lockhil.session.credentialfile import encode
from lockhil.session.credentials import Grant, Role
from lockhil.session.link import SealedLink
from lockhil.targets import open_target
from lockhil.targets.base import Target
from lockrig import targets
from lockrig.clock import computer, ways
from lockrig.keystore.private import write_new
from lockrig.keystore.store import UnitKeys, open_store
from lockrig.keystore.unlock import Unlocker, from_source
from tests.lockrig.trace.samples import Ran, lockrig

NOON_S = 1_780_000_000
DAY_S = 86_400


class Desk:
    """A unit, this computer's clock, and the key store; `off_s`: how far that clock is wrong."""

    def __init__(self, unit: Target, keys: tuple[str, ...], folder: Path) -> None:
        self.unit, self.keys, self.folder = unit, keys, folder
        self.off_s = 0
        assert unit.issuer is not None
        self.issuer = unit.issuer
        self.store()

    def store(self, epoch: int = 1) -> None:
        """Keep the unit's key."""
        with open_store(Path(self.keys[1]), Unlocker(from_source(self.keys[3])), new=True) as store:
            key = self.issuer.key._key
            store.units[self.unit.unit_id] = UnitKeys(key=key, epoch=epoch)
            store.save()

    def now_s(self) -> float:
        return NOON_S + self.unit.bench.clock.now_ms // 1_000 + self.off_s

    def run(self, *words: object) -> Ran:
        return lockrig("clock", "serial:it", *words)

    def by_key(self, *words: object) -> Ran:
        return self.run(*words, *self.keys)

    def held(self, role: Role, epoch: int = 1) -> tuple[str, Path]:
        """--credential with a new one, good for a year from noon on."""
        path = self.folder / f"{role.name}{len(list(self.folder.iterdir()))}"
        grant = Grant(epoch, b"C-1".ljust(16, b"\0"), role, NOON_S, NOON_S + 365 * DAY_S)
        write_new(path, encode(self.issuer.key.credential(self.unit.unit_id, grant)))
        return "--credential", path

    def change_pack(self) -> None:
        """The unit forgets the time."""
        self.unit.bench.clock.advance(minutes=2)
        self.unit.bench.power_cut(5_000)
        self.unit.bench.clock.advance(seconds=8)


@contextmanager
def desk(
    monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...], folder: Path, **options: Any
) -> Iterator[Desk]:
    """One with a unit whose clock is right, or with another one."""
    with open_target("sim", **({"sealed": True, "utc_s": NOON_S} | options)) as unit:

        @contextmanager
        def opened(name: str, make_link: LinkMaker = Link) -> Iterator[Contact]:
            made = make_link(unit.link.transport, 1_000 * len(unit.link.lines))
            yield Contact(name, "virtual", 0, made)

        one = Desk(unit, keys, folder)
        monkeypatch.setattr(targets, "open_contact", opened)
        monkeypatch.setattr(ways, "open_contact", opened)
        monkeypatch.setattr(computer, "time", SimpleNamespace(time=one.now_s))
        yield one


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...], tmp_path: Path) -> Iterator[Desk]:
    with desk(monkeypatch, keys, tmp_path) as one:
        yield one


def told(ran: Ran) -> dict[str, Any]:
    assert ran.code == 0, ran.err
    found = json.loads(ran.out)
    assert isinstance(found, dict)
    return found


def test_it_tells_both_clocks_and_sets_nothing(at: Desk) -> None:
    at.off_s = 3_725
    ran = at.run(*at.held(Role.TECHNICIAN))
    assert (ran.code, ran.err) == (0, "")
    assert "Its clock: 2026-05-28 20:26:" in ran.out
    assert "Z, 1 h 2 min behind" in ran.out
    found = told(at.by_key("--json"))
    assert found["before"] == found["now"]
    assert (found["set"], found["now"]["known"], found["now"]["ahead_s"]) == (False, True, -3_725)
    assert found["now"]["bound_s"] <= found["now"]["time_s"]


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.SERVICE])
def test_a_session_on_a_known_clock_sets_it(at: Desk, role: Role) -> None:
    at.off_s = 3_000
    ran = at.run("--set", *at.held(role))
    assert (ran.code, ran.err) == (0, "")
    assert "the same" in ran.out
    assert "Set. Before: 50 min 0 s behind" in ran.out
    assert told(at.by_key("--json"))["now"]["ahead_s"] == 0


def test_without_a_clock_the_key_sets_it_and_no_credential(at: Desk) -> None:
    at.change_pack()
    technician = at.held(Role.TECHNICIAN)
    ran = at.run(*technician)
    assert (ran.code, "Its clock: not known" in ran.out) == (0, True)
    assert "Set it by the key store" in ran.err
    for role in (Role.TECHNICIAN, Role.SERVICE):
        ran = at.run("--set", *at.held(role))
        assert (ran.code, "only if it knew the time" in ran.err) == (1, True)
    found = told(at.by_key("--set", "--json"))
    assert (found["before"]["known"], found["set"], found["now"]["ahead_s"]) == (False, True, 0)
    assert at.run("--set", *technician).code == 0


def test_carers_are_told_who_may(at: Desk) -> None:
    ran = at.run(*at.held(Role.CARER))
    assert (ran.code, "a technician and the service alone" in ran.err) == (1, True)


def test_a_clock_far_ahead_keeps_all_out_until_the_key_lowers_it(at: Desk) -> None:
    at.off_s = 3_000 * DAY_S
    assert at.by_key("--set").code == 0
    at.off_s = 0
    ran = at.run(*at.held(Role.SERVICE))
    assert (ran.code, "time is over" in ran.err) == (1, True)
    ran = at.by_key("--set")
    assert (ran.code, "--set --lower" in ran.err) == (1, True)
    assert told(at.by_key("--json"))["now"]["ahead_s"] == 3_000 * DAY_S
    found = told(at.by_key("--set", "--lower", "--json"))
    assert (found["now"]["ahead_s"], found["now"]["bound_s"]) == (0, found["now"]["time_s"])
    assert at.run(*at.held(Role.SERVICE)).code == 0


def test_a_credential_sets_no_clock_back_nor_by_over_a_day(at: Desk) -> None:
    technician = at.held(Role.TECHNICIAN)
    at.off_s = -600
    ran = at.run("--set", *technician)
    assert (ran.code, "the unit knows that it is later than" in ran.err) == (1, True)
    at.off_s = 2 * DAY_S
    ran = at.run("--set", *technician)
    assert (ran.code, "over a day apart" in ran.err) == (1, True)
    at.off_s = 0
    assert told(at.by_key("--json"))["now"]["ahead_s"] == 0


@pytest.mark.parametrize("year_s", [0, 946_684_800, 1_767_225_599, 3_092_601_600])
def test_a_computer_whose_clock_is_wrong_sets_none(at: Desk, year_s: int) -> None:
    at.off_s = year_s - NOON_S
    for words in (("--set",), ()):
        ran = at.by_key(*words)
        assert (ran.code, "this computer's clock shows" in ran.err) == (1, True)
    assert not at.unit.link.lines[1:], "it was asked"


def test_a_unit_whose_bound_is_lost_opens_no_session_and_takes_a_token(
    monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...], tmp_path: Path
) -> None:
    lost = {"stored": {"bound.session": b"nonsense"}, "utc_s": None}
    with desk(monkeypatch, keys, tmp_path, **lost) as at:
        ran = at.by_key()
        assert (ran.code, "--set may mend it" in ran.err) == (1, True)
        found = told(at.by_key("--set", "--json"))
        assert (found["before"], found["now"]["ahead_s"]) == (None, 0)
        assert at.run(*at.held(Role.TECHNICIAN)).code == 0


def test_a_unit_whose_key_is_lost_is_the_desks(
    monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...], tmp_path: Path
) -> None:
    with desk(monkeypatch, keys, tmp_path, stored={"key.lock": b"nonsense"}) as at:
        ran = at.by_key("--set")
        assert (ran.code, "call the service desk" in ran.err) == (1, True)


def test_the_epoch_is_found_and_kept(at: Desk) -> None:
    with open_store(Path(at.keys[1]), Unlocker(from_source(at.keys[3]))) as store:
        key = store.units[at.unit.unit_id].key
    service = SealedLink(at.unit.link.transport, at.issuer, Role.SERVICE, first_id=9_000)
    for _ in range(2):
        service.call("epoch.bump")
    assert at.by_key("--set").code == 0
    with open_store(Path(at.keys[1]), Unlocker(from_source(at.keys[3]))) as store:
        kept = store.units[at.unit.unit_id]
        assert (kept.epoch, kept.key) == (3, key)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--lower", "KEY"), "expected --lower with --set"),
        (("--set", "--lower", "CREDENTIAL"), "without --credential"),
        (("CREDENTIAL", "KEY"), "not both"),
        (("--keystore", "/none"), "there is no key store"),
        (("--credential", "/none"), "/none"),
    ],
)
def test_what_is_no_use(at: Desk, words: tuple[str, ...], says: str) -> None:
    more = {"KEY": at.keys, "CREDENTIAL": at.held(Role.SERVICE)}
    ran = at.run(*(part for word in words for part in more.get(word, (word,))))
    assert (ran.code, says in ran.err) == (2, True), ran.err


def test_without_either_it_says_what_it_needs(
    at: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LOCKRIG_KEYSTORE", str(tmp_path / "none"))
    ran = at.run()
    assert (ran.code, "expected --credential FILE, or a key store" in ran.err) == (2, True)


def test_another_unit_and_another_key(
    at: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stranger = at.held(Role.SERVICE)
    with desk(monkeypatch, at.keys, tmp_path, unit_id="SIM-0002", seed=2) as other:
        ran = other.run(*stranger)
        assert (ran.code, "another unit" in ran.err) == (1, True)
        # A key that was replaced since: the unit proves another one.
        with open_store(Path(at.keys[1]), Unlocker(from_source(at.keys[3]))) as store:
            store.units["SIM-0002"].key = bytes(32)
            store.save()
        ran = other.by_key("--set")
        assert (ran.code, "doesn't prove" in ran.err) == (1, True)


def test_a_unit_without_a_key_has_no_use_for_it(
    keys: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with desk(monkeypatch, keys, tmp_path) as at, open_target("sim") as plain:
        at.unit.link._transport = plain.link.transport
        ran = at.by_key("--set")
        assert (ran.code, "lockrig provision gives it one" in ran.err) == (1, True)
        assert plain.link.call("clock.state") == {"time_s": None, "bound_s": None}


def test_a_lost_contact_is_to_be_tried_again(at: Desk) -> None:
    at.unit.bench.power_cut(3_600_000)
    for words in (at.held(Role.SERVICE), at.keys):
        assert at.run("--set", *words).code == 4


def test_a_forged_done_in_the_open_is_not_believed(
    at: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is in between swallows the token and says that it was taken."""
    call_open = SealedLink.call_open

    def swallowed(self: SealedLink, method: str, *args: Any, **params: Any) -> dict[str, Any]:
        if method == "clock.token":
            return {"result": "done"}
        return call_open(self, method, *args, **params)

    at.change_pack()
    monkeypatch.setattr(SealedLink, "call_open", swallowed)
    ran = at.by_key("--set")
    assert (ran.code, "isn't what it was set to" in ran.err) == (4, True)


def test_it_speaks_swedish(at: Desk) -> None:
    ran = at.by_key("--lang", "sv")
    assert ran.code == 0
    assert "Låsenhet: SIM-0001" in ran.out
    assert "Dess klocka: " in ran.out
    at.off_s = -NOON_S
    assert "datorns klocka" in at.by_key("--lang", "sv").err


def test_no_key_is_printed(at: Desk) -> None:
    printed = ""
    for words in (("--set",), ("--set", "--lower", "--json"), ()):
        ran = at.by_key(*words)
        printed += ran.out + ran.err
    key = at.issuer.key._key
    assert key.hex() not in printed
    assert key not in b"".join(at.unit.link.lines)
