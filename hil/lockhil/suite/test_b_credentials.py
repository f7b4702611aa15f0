"""SESS: what a role may do, from when to when a credential is good, and who sets the clock."""

import base64
from typing import Any

import pytest

from lockhil.client import RpcError
from lockhil.journal.record import Record, decode
from lockhil.plugin import Opener
from lockhil.session.credentials import Role
from lockhil.suite.peer import (
    NOT_AUTHORISED,
    UNLOCK,
    Peer,
    coded,
    credential,
    driven,
    proved,
    refusals,
    stays_shut,
)
from lockhil.targets.base import Target
from lockunit.methods import METHODS, OPEN
from lockunit.records import SIZE

# 2026-01-01, when these units got their key; a day.
NEW_YEAR_S = 1_767_225_600
DAY_S = 86_400
_STAFF = {"role": "staff"}
_SERVICE = {"role": "service"}
# Good params of the methods that need some; another one is refused or let by before it needs any.
PARAMS: dict[str, dict[str, Any]] = {
    "swap.begin": {**_STAFF, "gate": "fresh"},
    "swap.adopt": {**_STAFF, "gate": "diagnosed", "ago_s": 5},
    "battery.replaced": {**_STAFF, "confirmed": True},
    "swap.close": _STAFF,
    "swap.cancel": _STAFF,
    "journal.ack": {"upto": 0},
    "clock.set": {"time_s": NEW_YEAR_S},
    "unit.life": _SERVICE,
    "unit.couple": {**_SERVICE, "customer": "K-1"},
    "unit.move": _SERVICE,
    "unit.dismount": _SERVICE,
}
SEALED = [name for name, method in METHODS.items() if method.role != OPEN]


def _user(unit: Target, role: Role = Role.CARER, **other: Any) -> Peer:
    return Peer(unit, credential(unit, role=role, **other))


def _refused(peer: Peer, method: str, **params: Any) -> bool:
    """Whether the session's role isn't enough for this, however else it may end."""
    try:
        peer.call(method, **params)
    except RpcError as error:
        return error.code == NOT_AUTHORISED
    return False


def _sessions(peer: Peer, kind: str = "session") -> list[Record]:
    """What the journal tells of sessions to this technician."""
    at, found = 0, []
    while (page := peer.call("journal.read", after=at))["records"]:
        data = base64.b64decode(page["records"])
        slots = [decode(data[n : n + SIZE]) for n in range(0, len(data), SIZE)]
        found += [record for record in slots if record is not None and record.kind == kind]
        at = page["at"] + len(slots) - 1
    return found


@pytest.mark.req("SESS-14")
@pytest.mark.parametrize("kind", ["door", "entrance"])
@pytest.mark.parametrize("role", [None, *Role], ids=lambda role: role.name if role else "nobody")
def test_every_method_is_refused_to_a_lesser_role(
    open_unit: Opener, role: Role | None, kind: str
) -> None:
    """Each method of the table, in the open and in each role: refused below its own, undriven."""
    unit = open_unit(sealed=True, role="", kind=kind)
    have = 0 if role is None else int(role)
    wrong = [name for name in SEALED if kind in METHODS[name].kinds and METHODS[name].role > have]
    peer = None if role is None else _user(unit, role).enter()
    mark = unit.bench.mark()
    for name in wrong:
        if peer is None:
            line = b'{"jsonrpc":"2.0","id":"x","method":"%s"}' % name.encode()
            assert refusals(unit, line) == [NOT_AUTHORISED], f"SESS-14: {name}"
        else:
            assert _refused(peer, name, **PARAMS.get(name, {})), f"SESS-14: {name} as {role}"
    unit.bench.clock.advance(seconds=5)
    assert driven(unit, mark) == [], "SESS-14"
    assert bool(wrong) == (role != Role.SERVICE), "were there any?"


@pytest.mark.req("SESS-14")
@pytest.mark.parametrize("role", Role, ids=lambda role: role.name)
def test_every_method_serves_its_role(open_unit: Opener, role: Role) -> None:
    """What the table gives a role, a session of that role gets: no carer stands outside."""
    unit = open_unit(sealed=True, role="", utc_s=NEW_YEAR_S)
    peer = _user(unit, role).enter()
    # It restarts a second later: what came behind it would find no session.
    for name in sorted(SEALED, key=lambda name: name == "maintenance.enter"):
        method = METHODS[name]
        if method.role <= role and "door" in method.kinds:
            assert not _refused(peer, name, **PARAMS.get(name, {})), f"SESS-14: {name} as {role}"


@pytest.mark.req("SESS-14", "BATT-9")
def test_nobody_acts_as_the_desk_but_the_service(open_unit: Opener) -> None:
    """The capacity that somebody claims mustn't be beyond their session's role."""
    unit = open_unit(sealed=True, role="", pack="discharged")
    unit.bench.clock.advance(minutes=2)
    desk = {"role": "desk", "gate": "diagnosed"}
    for role in (Role.CARER, Role.TECHNICIAN):
        peer = _user(unit, role).enter()
        assert peer.call("swap.begin", **desk)["result"] == "NOT_AUTHORISED", "BATT-9"
        assert peer.call("swap.close", role="desk")["result"] == "NOT_AUTHORISED", "BATT-9"
    assert _user(unit, Role.SERVICE).enter().call("swap.begin", **desk)["result"] == "done"


@pytest.mark.req("SESS-17")
@pytest.mark.parametrize(
    ("grant", "word"),
    [
        ({"not_after_s": NEW_YEAR_S - 1}, "EXPIRED"),
        ({"not_before_s": NEW_YEAR_S + DAY_S}, "NOT_YET"),
        ({"epoch": 0}, "EPOCH"),
        ({"epoch": 2}, "EPOCH"),
        ({"not_before_s": NEW_YEAR_S, "not_after_s": NEW_YEAR_S + DAY_S}, "done"),
    ],
)
def test_a_credential_is_good_in_its_time_and_epoch(
    open_unit: Opener, grant: dict[str, Any], word: str
) -> None:
    """Over, not yet good, of another epoch: refused, though its proof holds."""
    unit = open_unit(sealed=True, role="", utc_s=NEW_YEAR_S)
    assert _user(unit, **grant).begin().prove() == word, "SESS-17"


@pytest.mark.req("SESS-17")
def test_a_new_epoch_is_the_end_of_all_credentials(open_unit: Opener) -> None:
    """Bumped, coupled or taken down: those of before are refused, and whoever asked stays."""
    unit = open_unit(sealed=True, role="", utc_s=NEW_YEAR_S)
    service = _user(unit, Role.SERVICE).enter()
    told = service.call("unit.couple", role="service", customer="K-1")
    assert told["epoch"] == 2, "SESS-17"
    assert service.call("epoch.bump")["epoch"] == 3, "SESS-17"
    assert _user(unit).begin().prove() == "EPOCH", "SESS-17"
    assert _user(unit, epoch=3).begin().prove() == "done", "SESS-17"


def _without_clock(open_unit: Opener) -> Target:
    """A unit whose power was gone for a while: its clock too."""
    unit = open_unit(sealed=True, role="", utc_s=NEW_YEAR_S)
    unit.bench.clock.advance(minutes=2)
    unit.bench.power_cut(5_000)
    unit.bench.clock.advance(seconds=8)
    return unit


@pytest.mark.req("SESS-17")
def test_after_a_change_of_the_pack_the_carer_still_gets_in(open_unit: Opener) -> None:
    """Without a clock a credential that may be good is taken, and the journal says so."""
    unit = _without_clock(open_unit)
    good: dict[str, Any] = {
        "not_before_s": NEW_YEAR_S + DAY_S,
        "not_after_s": NEW_YEAR_S + 2 * DAY_S,
    }
    carer = _user(unit, **good).enter()
    assert carer.call("bolt.unlock")["result"] == "done", "SESS-17"
    found = _sessions(_user(unit, Role.TECHNICIAN).enter())
    told = [(record.fields["what"], record.fields["role"], record.fields["value"])
            for record in found]  # fmt: skip
    assert told == [("opened", "carer", 0), ("opened", "technician", 0)], "SESS-17: no flag"


@pytest.mark.req("SESS-17")
def test_what_ended_before_the_bound_never_comes_back(open_unit: Opener) -> None:
    """The clock is gone, but the unit knows that it is later than that."""
    unit = _without_clock(open_unit)
    assert _user(unit, not_after_s=NEW_YEAR_S + 10).begin().prove() == "EXPIRED", "SESS-17"
    # By its uptime it knows of more.
    unit.bench.clock.advance(days=1)
    ended = NEW_YEAR_S + DAY_S - 60
    assert _user(unit, not_after_s=ended).begin().prove() == "EXPIRED", "SESS-17"
    assert _user(unit, not_after_s=ended + DAY_S).begin().prove() == "done", "SESS-17"


@pytest.mark.req("SESS-17")
def test_a_unit_tells_what_it_knows_of_the_time(open_unit: Opener) -> None:
    """Its clock while that is set, and its lower bound, which goes on without it."""
    unit = open_unit(sealed=True, role="", utc_s=NEW_YEAR_S)
    technician = _user(unit, Role.TECHNICIAN).enter()
    at_s = unit.bench.clock.now_ms // 1_000
    told = technician.call("clock.state")
    assert told["time_s"] - NEW_YEAR_S - at_s in (0, 1), "SESS-17"
    assert NEW_YEAR_S <= told["bound_s"] <= told["time_s"], "SESS-17"
    unit = _without_clock(open_unit)
    technician = _user(unit, Role.TECHNICIAN).enter()
    told = technician.call("clock.state")
    assert told["time_s"] is None, "SESS-17"
    unit.bench.clock.advance(seconds=50)
    more = technician.call("clock.state")["bound_s"] - told["bound_s"]
    assert more in (50, 51), "SESS-17"


@pytest.mark.req("SESS-12", "SESS-17")
def test_who_came_in_without_a_clock_sets_none(open_unit: Opener) -> None:
    """Not even the service: a token from whoever holds the key does, once, for this session."""
    unit = _without_clock(open_unit)
    assert unit.issuer is not None
    for role in Role:
        peer = _user(unit, role).enter()
        time_s = NEW_YEAR_S + DAY_S
        if role == Role.CARER:
            assert _refused(peer, "clock.set", time_s=time_s), "SESS-12"
        else:
            assert peer.call("clock.set", time_s=time_s)["result"] == "NOT_AUTHORISED", "SESS-12"
    token = unit.issuer.key.token(unit.unit_id, peer.handshake.place, time_s)
    sent: dict[str, Any] = {
        "s": peer.handshake.number,
        "time_s": time_s,
        "flags": 0,
        "tag": coded(token.tag),
    }
    altered = {**sent, "time_s": time_s + DAY_S}
    assert unit.link.call("clock.token", **altered)["result"] == "NOT_PROVED", "SESS-12"
    assert unit.link.call("clock.token", **sent)["result"] == "done", "SESS-12"
    assert unit.link.call("clock.token", **sent)["result"] == "STALE", "SESS-12: said again"
    assert _user(unit, not_after_s=time_s - 1).begin().prove() == "EXPIRED", "SESS-12"
    other = _user(unit, Role.TECHNICIAN).enter()
    again = {**sent, "s": other.handshake.number}
    assert unit.link.call("clock.token", **again)["result"] == "NOT_PROVED", "SESS-12: another's"
    assert other.call("clock.set", time_s=time_s + 60)["result"] == "done"


@pytest.mark.req("SESS-1")
def test_a_flood_of_refusals_hides_nobody_who_came_in(open_unit: Opener) -> None:
    """Fifty proofs of a credential that is over: four records, and the carer's own is there."""
    unit = open_unit(sealed=True, role="", utc_s=NEW_YEAR_S)
    for _ in range(50):
        peer = _user(unit, not_after_s=NEW_YEAR_S - 1).begin()
        assert proved(unit, peer.handshake.number, peer.proof) == "EXPIRED"
    _user(unit, user=b"the carer's own.").enter()
    technician = _user(unit, Role.TECHNICIAN).enter()
    assert len(_sessions(technician, "attempt")) == 4, "SESS-1"
    users = [record.fields["user"] for record in _sessions(technician)]
    assert users[0] == b"the carer's own.".hex(), "SESS-1"


@pytest.mark.req("SESS-13")
@pytest.mark.parametrize("what", ["corrupt", "missing"])
def test_a_unit_that_lost_its_key_opens_to_nobody(open_unit: Opener, what: str) -> None:
    """It is no development unit for that: it says what it refuses, and refuses."""
    if what == "corrupt":
        unit = open_unit(sealed=True, role="", stored={"key.lock": b"nonsense"})
    else:
        unit = open_unit(sealed=False, role="", stored={"epoch.session": b"nonsense"})
    hello = unit.link.call("unit.hello")
    assert (hello["sealed"], hello["development"]) == (True, False), "SESS-13"
    assert "key.lock" in hello["refused"], "SESS-13"
    stays_shut(unit, UNLOCK, NOT_AUTHORISED)
    told = unit.link.call("session.begin", m1=coded(bytes(62)))
    assert told == {"result": "STORAGE"}, "SESS-13"
