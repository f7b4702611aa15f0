"""The sealed client on a simulated unit: when it opens sessions, and what it doesn't believe."""

from collections.abc import Iterator

import pytest

from lockhil.client import LinkTimeoutError, RpcError
from lockhil.session.credentials import Issuer, LockKey, Role
from lockhil.session.handshake import HandshakeError
from lockhil.session.link import SealedLink, SessionLostError, SessionRefusedError
from lockhil.targets import open_target
from lockhil.targets.base import Target
from lockhil.targets.inworld import WorldTransport
from lockhil.targets.options import MADE_S

DAY_S = 86_400


@pytest.fixture
def unit() -> Iterator[Target]:
    with open_target("sim", sealed=True, role="service") as target:
        yield target


def _sent(unit: Target, what: bytes) -> int:
    """How many lines on the wire have this in them."""
    events = unit.bench.trace().events
    return sum(event.ch == "rx" and what.decode() in event.v for event in events)


def _sessions(unit: Target) -> int:
    return _sent(unit, b"session.prove")


def _link(unit: Target) -> SealedLink:
    assert isinstance(unit.link, SealedLink)
    return unit.link


def test_one_session_carries_many_calls(unit: Target) -> None:
    assert unit.link.call("bolt.unlock")["result"] == "done"
    assert unit.link.call("bolt.state")["state"] == "UNLOCKED"
    assert [n.method for n in unit.link.notifications] == ["bolt.moved", "battery.level"]
    assert _sessions(unit) == 1
    assert _sent(unit, b"bolt.") == 0, "nothing of it is in the open"


@pytest.mark.parametrize("idle_s", [54, 56, 3_600])
def test_another_begins_before_the_unit_ends_the_first(unit: Target, idle_s: int) -> None:
    unit.link.call("bolt.state")
    unit.bench.clock.advance(seconds=idle_s)
    assert unit.link.call("bolt.unlock")["result"] == "done"
    assert _sessions(unit) == (1 if idle_s < 55 else 2)


def test_a_session_in_use_is_renewed_in_time(unit: Target) -> None:
    for _ in range(20):
        assert unit.link.call("bolt.state")["state"] == "LOCKED"
        unit.bench.clock.advance(seconds=50)
    assert _sessions(unit) == 2


def test_a_start_that_is_known_ends_the_session(unit: Target) -> None:
    unit.link.call("bolt.state")
    unit.bench.reset("soft")
    unit.bench.clock.advance(seconds=1)
    assert unit.link.call("bolt.unlock")["result"] == "done"
    assert _sessions(unit) == 2


class _Blind(WorldTransport):
    """The same wire, which tells nothing of the unit's starts."""

    @property
    def contact(self) -> int:
        return 0


def _blind(unit: Target) -> SealedLink:
    assert unit.issuer is not None
    return SealedLink(_Blind(unit.bench.world), unit.issuer, Role.SERVICE)  # type: ignore[attr-defined]


def test_what_only_tells_is_asked_again(unit: Target) -> None:
    link = _blind(unit)
    assert link.call("bolt.state")["state"] == "LOCKED"
    unit.bench.reset("soft")
    unit.bench.clock.advance(seconds=1)
    assert link.call("bolt.state")["state"] == "LOCKED"


def test_a_lost_answer_of_an_unlock_is_never_repeated(unit: Target) -> None:
    link = _blind(unit)
    link.call("bolt.state")
    unit.bench.reset("soft")
    unit.bench.clock.advance(seconds=1)
    mark = unit.bench.mark()
    with pytest.raises(SessionLostError, match=r"bolt\.unlock .*done, or not"):
        link.call("bolt.unlock")
    unit.bench.clock.advance(seconds=5)
    assert [event for event in unit.bench.since(mark) if event.ch == "motor"] == []
    assert issubclass(SessionLostError, LinkTimeoutError), "whoever asks is told as of any silence"
    assert link.call("bolt.unlock")["result"] == "done", "asked once more by whoever has looked"


def test_an_answer_is_lost_with_the_power(unit: Target) -> None:
    asked = unit.link.begin("bolt.unlock")
    unit.bench.clock.advance(ms=100)
    unit.bench.power_cut(500)
    unit.bench.clock.advance(seconds=2)
    with pytest.raises(SessionLostError):
        unit.link.wait(asked)


def test_an_answer_that_came_before_it_counts(unit: Target) -> None:
    asked = unit.link.begin("bolt.unlock")
    unit.bench.clock.advance(seconds=3)
    unit.bench.reset("soft")
    unit.bench.clock.advance(seconds=1)
    assert unit.link.wait(asked)["result"] == "done"


def test_what_is_said_in_the_open_is_believed_by_nobody(unit: Target) -> None:
    link = _blind(unit)
    asked = link.begin("bolt.unlock")
    for line in (
        b'{"jsonrpc":"2.0","id":%d,"result":{"result":"MOTOR_BLOCKED"}}' % asked,
        b'{"jsonrpc":"2.0","method":"bolt.moved","params":{"state":"JAMMED"}}',
        b'{"s":77,"n":0,"c":""}',
        b"[]",
    ):
        unit.bench.world.sent(line)  # type: ignore[attr-defined]
    assert link.wait(asked)["result"] == "done"
    moved = [n.params["state"] for n in link.notifications if n.method == "bolt.moved"]
    assert moved == ["UNLOCKED"]
    assert b"[]" in link.lines


def test_an_altered_line_ends_the_session(unit: Target) -> None:
    link = _blind(unit)
    asked = link.begin("bolt.unlock")
    unit.bench.world.sent(b'{"s":0,"n":0,"c":"AAAA"}')  # type: ignore[attr-defined]
    with pytest.raises(SessionLostError):
        link.wait(asked)


def test_errors_and_refusals_are_the_units_own(unit: Target) -> None:
    link = _link(unit)
    with pytest.raises(RpcError) as refused:
        link.call("bolt.nothing")
    assert refused.value.code == -32601
    link.role = Role.CARER
    with pytest.raises(RpcError) as refused:
        link.call("journal.read")
    assert (refused.value.code, refused.value.data) == (-32001, "technician")
    assert _sessions(unit) == 2, "another role is another session"


def test_a_new_epoch_is_learnt(unit: Target) -> None:
    link = _link(unit)
    assert link.call("epoch.bump")["epoch"] == 2
    assert unit.issuer is not None
    assert unit.issuer.epoch == 2
    link.leave()
    assert link.call("bolt.state")["state"] == "LOCKED"
    unit.issuer.epoch = 1
    link.leave()
    with pytest.raises(SessionRefusedError) as refused:
        link.call("bolt.state")
    assert refused.value.result == "EPOCH"


def test_another_units_key_gets_no_session() -> None:
    with open_target("sim", sealed=True, role="service", seed=1) as unit:
        wrong = Issuer(unit.unit_id, LockKey(bytes(32)))
        link = SealedLink(WorldTransport(unit.bench.world), wrong, Role.SERVICE)  # type: ignore[attr-defined]
        with pytest.raises(HandshakeError):
            link.call("bolt.state")
        assert _sessions(unit) == 0


def test_the_same_seed_gives_the_same_lines() -> None:
    def lines(seed: int) -> list[object]:
        with open_target("sim", sealed=True, role="carer", seed=seed) as unit:
            unit.link.call("bolt.unlock")
            unit.link.call("bolt.lock")
            return [event.v for event in unit.bench.trace().events if event.ch in ("rx", "tx")]

    assert lines(3) == lines(3) != lines(4)


@pytest.mark.parametrize(("sealed", "role"), [(False, "carer"), (True, "owner")])
def test_options_that_mean_nothing_are_refused(sealed: bool, role: str) -> None:
    with pytest.raises(ValueError, match="expected a sealed unit"):
        open_target("sim", sealed=sealed, role=role).__enter__()


def test_a_unit_gets_its_key_when_its_clock_says() -> None:
    for utc_s in (None, MADE_S + DAY_S):
        with open_target("sim", sealed=True, role="service", utc_s=utc_s) as unit:
            assert unit.link.call("clock.set", time_s=MADE_S + 2 * DAY_S)["result"] == (
                "NOT_AUTHORISED" if utc_s is None else "done"
            )
