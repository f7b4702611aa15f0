"""SESS: what strangers do to a sealed unit's wire gets errors, drives nothing, tells nothing."""

import hashlib
from typing import Any

import pytest

from lockhil.bench import NotOnThisBenchError
from lockhil.client import RpcError
from lockhil.plugin import Measure, Opener
from lockhil.session.credentials import LockKey, Role
from lockhil.session.handshake import HandshakeError
from lockhil.suite.peer import (
    NO_SESSION,
    NOT_AUTHORISED,
    UNLOCK,
    Peer,
    coded,
    credential,
    driven,
    heard,
    proved,
    refusals,
    stays_shut,
)
from lockhil.targets.base import Target


@pytest.fixture
def sealed(open_unit: Opener) -> Target:
    """A sealed unit, and its wire as it is."""
    return open_unit(sealed=True, role="")


@pytest.mark.req("SESS-1")
@pytest.mark.parametrize("attempts", [20, 1_000])
def test_guessing_shuts_nobody_out(sealed: Target, attempts: int) -> None:
    """A thousand false handshakes: none opens, and a true one in between and after does at once."""
    if attempts > 20 and sealed.name != "sim":
        raise NotOnThisBenchError("takes a thousand handshakes: run this on sim")
    begun = sealed.bench.clock.now_ms
    words = set()
    for number in range(attempts):
        stranger = Peer(sealed).begin()
        guess = coded(hashlib.sha256(b"%d" % number).digest())
        found = heard(
            sealed,
            b'{"jsonrpc":"2.0","id":"x","method":"session.prove","params":{"s":%d,"proof":"%s"}}'
            % (stranger.handshake.number, guess.encode()),
        )
        words |= {answer["result"]["result"] for answer in found}
        if number == attempts // 2:
            assert Peer(sealed).begin().prove() == "done", "SESS-1: shut out while it is guessed"
    assert words <= {"NOT_PROVED", "BUSY"}, f"SESS-1: {words}"
    assert sealed.bench.clock.now_ms - begun >= attempts * 1_000
    assert Peer(sealed).enter(), "SESS-1: shut out afterwards"
    # The last refusal is still to come.
    sealed.bench.clock.advance(seconds=10)
    assert Peer(sealed).enter().call("bolt.unlock")["result"] == "done", "SESS-1"


@pytest.mark.req("SESS-1")
def test_false_proofs_are_refused_ever_later(sealed: Target, measure: Measure) -> None:
    """The delay doubles up to 8 s, while the wire goes on."""
    delays = []
    for _ in range(7):
        if sealed.in_air:
            # Whoever has to wait for longer than a stranger may stay comes anew.
            sealed.bench.clock.advance(seconds=16)
        stranger = Peer(sealed).begin()
        asked = sealed.link.now_ms
        number, proof = stranger.handshake.number, coded(bytes(32))
        ident = sealed.link.begin("session.prove", s=number, proof=proof)
        assert sealed.link.call("unit.hello")["sealed"] is True, "SESS-1: the wire waits"
        assert sealed.link.wait(ident)["result"] == "NOT_PROVED"
        delays.append(sealed.link.now_ms - asked)
    for number, delay in enumerate(delays):
        least = min(250 << number, 8_000)
        slack = 2 * sealed.tolerance_ms
        measure("SESS-1", f"delay of refusal {number + 1}", delay, "ms",
                at_least=least - slack, at_most=least + slack)  # fmt: skip


@pytest.mark.req("SESS-2")
def test_plain_text_in_a_sealed_line_ends_the_session(sealed: Target) -> None:
    """A request that isn't sealed, in the place of what is: the session is over, nothing moves."""
    carer = Peer(sealed).enter()
    assert carer.channel is not None
    stays_shut(sealed, b'{"s":%d,"n":0,"c":"%s"}' % (carer.channel.number, coded(UNLOCK).encode()))
    stays_shut(sealed, carer.line("bolt.unlock"))


@pytest.mark.req("SESS-3")
@pytest.mark.parametrize("more", ["role", "not_after_s", "epoch", "user"])
def test_a_credential_that_claims_more_is_nobodys(sealed: Target, more: str) -> None:
    """Its fields are those that its key was made for, or the unit proves nothing to it."""
    given = credential(sealed, not_after_s=2_000_000_000)
    wanted: dict[str, Any] = {
        "role": Role.SERVICE, "not_after_s": 2_000_000_001, "epoch": 2, "user": b"somebody else...",
    }  # fmt: skip
    claimed = credential(sealed, **{"not_after_s": 2_000_000_000, more: wanted[more]})
    assert claimed.key != given.key
    with pytest.raises(HandshakeError):
        Peer(sealed, type(given)(given.unit, claimed.grant, given.key)).begin()


@pytest.mark.req("SESS-4")
def test_no_key_follows_from_the_units_id(sealed: Target) -> None:
    """Who knows the label makes no key of it."""
    label = sealed.unit_id.encode()
    for key in (
        label.ljust(32, b"\0"),
        hashlib.sha256(label).digest(),
        hashlib.sha256(label.ljust(16, b"\0")).digest(),
        bytes(32),
        b"\xff" * 32,
    ):
        assert sealed.issuer is not None
        made = LockKey(key).credential(sealed.unit_id, sealed.issuer.grant(Role.SERVICE))
        with pytest.raises(HandshakeError):
            Peer(sealed, made).begin()


@pytest.mark.req("SESS-5")
def test_what_was_recorded_opens_nothing_again(sealed: Target) -> None:
    """Each line of a whole visit, said again: an error each, and the bolt stays where it is."""
    carer = Peer(sealed).enter()
    unlock, lock = carer.line("bolt.unlock"), carer.line("bolt.lock")
    for line in (unlock, lock):
        assert carer.say(line)["result"] == "done"
    mark = sealed.bench.mark()
    assert refusals(sealed, unlock) == [NO_SESSION], "SESS-5: and the session is over"
    assert sealed.link.call("session.begin", m1=coded(carer.handshake.m1))["m2"] != coded(carer.m2)
    assert proved(sealed, carer.handshake.number, carer.proof) == "STALE", "SESS-5"
    for line in (unlock, lock):
        assert refusals(sealed, line) == [NO_SESSION], "SESS-5"
    sealed.bench.clock.advance(seconds=5)
    assert driven(sealed, mark) == [], "SESS-5"


@pytest.mark.req("SESS-6")
def test_a_message_back_to_its_sender_is_worth_nothing(sealed: Target) -> None:
    """The unit's own proof proves no client; its own sealed lines open nothing."""
    stranger = Peer(sealed).begin()
    number, its_own = stranger.handshake.number, stranger.m2[-32:]
    assert proved(sealed, number, its_own) == "NOT_PROVED", "SESS-6"
    carer = Peer(sealed).enter()
    mark = sealed.bench.mark()
    before = len(sealed.link.lines)
    assert carer.call("bolt.state")["state"] == "LOCKED"
    told = sealed.link.lines[before]
    assert refusals(sealed, told) == [NO_SESSION], "SESS-6"
    assert refusals(sealed, carer.line("bolt.unlock")) == [NO_SESSION]
    sealed.bench.clock.advance(seconds=5)
    assert driven(sealed, mark) == []


@pytest.mark.req("SESS-7")
@pytest.mark.parametrize(
    "how", ["order", "left out", "cut short", "altered", "number", "no base64"]
)
def test_lines_come_whole_and_in_their_order(sealed: Target, how: str) -> None:
    """Anything but the next line ends the session: what follows it opens nothing either."""
    carer = Peer(sealed).enter()
    unlock = carer.line("bolt.unlock")
    place = unlock.index(b'"c":"') + 5
    wrong = {
        "cut short": unlock[: place + 40] + b'"}',
        "altered": unlock[:place] + (b"B" if unlock[place:][:1] == b"A" else b"A")
        + unlock[place + 1 :],
        "number": unlock.replace(b'"n":0', b'"n":1'),
        "no base64": unlock[:place] + b"*" + unlock[place + 1 :],
    }  # fmt: skip
    after = carer.line("bolt.unlock")
    if how in ("order", "left out"):
        stays_shut(sealed, after)
        after = unlock if how == "order" else carer.line("bolt.unlock")
    else:
        stays_shut(sealed, wrong[how])
    stays_shut(sealed, after)


@pytest.mark.req("SESS-8")
def test_there_is_no_older_version(sealed: Target) -> None:
    """Another version, or another length: no answer that could lead to a session."""
    m1 = Peer(sealed).handshake.m1
    others = [bytes((version,)) + m1[1:] for version in (0, 2, 255)]
    for other in (*others, m1[:-1], m1 + b"\0", b""):
        told = sealed.link.call("session.begin", m1=coded(other))
        assert told == {"result": "VERSION"}, f"SESS-8: {other[:1]!r}, {len(other)} bytes"


@pytest.mark.req("SESS-9", "SESS-5")
@pytest.mark.parametrize("way", ["soft", "watchdog", "power"])
def test_a_session_does_not_outlive_a_start(sealed: Target, way: str) -> None:
    """What was agreed before a start is worth nothing after it; its number never comes again."""
    numbers = []
    for _ in range(3):
        carer = Peer(sealed).enter()
        numbers.append(carer.handshake.number)
        line = carer.line("bolt.unlock")
        if way == "power":
            sealed.bench.power_cut(1_000)
        else:
            sealed.bench.reset(way)
        sealed.bench.clock.advance(seconds=3)
        stays_shut(sealed, line)
        assert proved(sealed, carer.handshake.number, carer.proof) == "STALE", "SESS-9"
    assert numbers == sorted(set(numbers)), f"SESS-9: a number twice: {numbers}"


@pytest.mark.req("SESS-11")
def test_a_false_unit_gets_no_proof(sealed: Target) -> None:
    """A unit with another key can't answer for this one, so a client tells it nothing more."""
    other = LockKey(bytes(32)).credential(sealed.unit_id, credential(sealed).grant)
    before = len(sealed.link.lines)
    with pytest.raises(HandshakeError):
        Peer(sealed, other).begin()
    assert len(sealed.link.lines) == before + 1


@pytest.mark.req("SESS-13")
def test_in_the_open_nothing_is_done_and_nothing_told(sealed: Target) -> None:
    """An unlock that isn't sealed, with whatever role it claims, is refused."""
    stays_shut(sealed, UNLOCK, NOT_AUTHORISED)
    claim = b'{"jsonrpc":"2.0","id":"x","method":"unit.couple","params":{"role":"service"}}'
    stays_shut(sealed, claim, NOT_AUTHORISED)
    Peer(sealed).enter()
    stays_shut(sealed, UNLOCK, NOT_AUTHORISED)


@pytest.mark.req("SESS-15")
def test_a_stranger_on_the_wire_hears_nothing(sealed: Target) -> None:
    """Whoever listens while a carer unlocks sees sealed lines and nothing else; alone, nothing."""
    bench = sealed.bench
    before = len(sealed.link.lines)
    bench.thumb_turn("unlocked")
    bench.clock.advance(seconds=2)
    bench.thumb_turn("locked")
    bench.press()
    bench.clock.advance(minutes=2)
    bench.reset("soft")
    bench.clock.advance(minutes=2)
    assert sealed.link.lines[before:] == [], "SESS-15: told to nobody in particular"
    carer = Peer(sealed).enter()
    before = len(sealed.link.lines)
    told = carer.opened(heard(sealed, carer.line("bolt.unlock")))
    assert [line.get("method") for line in told] == ["bolt.moved", None]
    for line in sealed.link.lines[before:]:
        assert line.startswith(b'{"s":'), "SESS-15"
        assert b"bolt" not in line, "SESS-15"
    bench.clock.advance(seconds=61)
    before = len(sealed.link.lines)
    bench.clock.advance(minutes=2)
    bench.thumb_turn("unlocked")
    bench.clock.advance(seconds=2)
    assert sealed.link.lines[before:] == [], "SESS-15: told to a session that is over"


@pytest.mark.req("SESS-16")
def test_a_second_client_gets_nowhere_between(sealed: Target) -> None:
    """M1, plain requests and other numbers in between are errors; the carer's session goes on."""
    carer = Peer(sealed).enter()
    stranger = Peer(sealed)
    for line, codes in (
        (UNLOCK, [NOT_AUTHORISED]),
        (b'{"s":%d,"n":0,"c":""}' % (carer.handshake.number + 1), [NO_SESSION]),
        (b"noise", [-32700]),
    ):
        assert refusals(sealed, line) == codes, "SESS-16"
        assert carer.call("bolt.state")["state"] == "LOCKED", "SESS-16"
    stranger.begin()
    assert carer.call("bolt.state")["state"] == "LOCKED", "SESS-16"
    with pytest.raises(RpcError):
        carer.call("bolt.nothing")
    assert stranger.prove() == "done"
    mark = sealed.bench.mark()
    assert refusals(sealed, carer.line("bolt.unlock")) == [NO_SESSION], "SESS-16: one at a time"
    assert driven(sealed, mark) == []
    assert stranger.call("bolt.unlock")["result"] == "done"
