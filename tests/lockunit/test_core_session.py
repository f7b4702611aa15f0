"""A session on a wire: who gets in, what is opened and sealed, and what ends it."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockhil.session.credentials import Role
from lockhil.session.handshake import Handshake, HandshakeError
from lockhil.session.sealed import LONGEST_PLAIN, SealError
from lockunit import access, session
from lockunit.link import LONGEST_LINE
from tests.lockunit.sealed import LOCK, Bed, Client, credential


@pytest.mark.parametrize("role", Role)
def test_a_client_is_in_and_both_understand_each_other(role: Role) -> None:
    bed = Bed()
    client = bed.opened(role=role)
    assert (client.wire.role, client.wire.user) == (role, b"u" * 16)
    assert client.wire.clock_known
    for n in range(3):
        assert client.say(b"request %d" % n) == b"request %d" % n
        assert client.hear(b"answer %d" % n) == b"answer %d" % n
    assert client.hear(b"unasked") == b"unasked"


@given(st.binary(max_size=LONGEST_PLAIN))
def test_whatever_is_said_comes_out_and_fits_a_line(plain: bytes) -> None:
    client = Bed().opened()
    assert client.say(plain) == plain
    assert client.channel is not None
    assert len(client.channel.seal_line(plain)) <= LONGEST_LINE


def test_the_longest_line_fits_whatever_the_numbers() -> None:
    assert session.LONGEST_PLAIN == LONGEST_PLAIN
    sealed = -(-(LONGEST_PLAIN + 8) // 3) * 4
    assert len('{"s":4294967295,"n":1073741823,"c":""}') + sealed <= LONGEST_LINE


def test_a_unit_without_its_key_says_so() -> None:
    bed = Bed(key=False)
    wire = bed.wires[0]
    assert wire.begin(0, bed.client().handshake.m1) == "UNPROVISIONED"
    assert wire.prove(0, 0, bytes(32)) == "STALE"
    assert wire.open(0, 0, 0, bytes(9)) is None
    assert wire.seal(0, b"") is None
    assert wire.token(0, 0, 1_800_000_000, 0, bytes(32)) == "STALE"
    bed.access.grow(0)
    bed.access.retry(0)
    assert not bed.access.waits()
    assert bed.board.stored == {}
    assert bed.board.refused == ()


def test_another_version_or_unit_gets_no_m2() -> None:
    bed = Bed()
    m1 = bed.client().handshake.m1
    wire = bed.wires[0]
    for wrong in (b"", m1[:-1], m1 + b"\0", b"\0" + m1[1:], b"\x02" + m1[1:]):
        assert wire.begin(0, wrong) == "VERSION"
    assert wire.begin(0, m1[:1] + b"HAND-2".ljust(16, b"\0") + m1[17:]) == "WRONG_UNIT"
    assert isinstance(wire.begin(0, m1), bytes)


def test_a_false_lock_gets_no_proof() -> None:
    client = Bed().client().begin()
    assert isinstance(client.m2, bytes)
    for at in (0, 16, 20, 51):
        false = bytearray(client.m2)
        false[at] ^= 1
        with pytest.raises(HandshakeError, match="proof is false"):
            Handshake(credential()).answer(bytes(false))
        with pytest.raises(HandshakeError, match="proof is false"):
            client.handshake.answer(bytes(false))
    with pytest.raises(HandshakeError, match="expected 52 bytes"):
        client.handshake.answer(client.m2[:-1])


@pytest.mark.parametrize("field", ["epoch", "user", "role", "not_before_s", "not_after_s"])
def test_a_credential_is_good_for_what_it_says_alone(field: str) -> None:
    # M1 claims more than the key was made for.
    bed = Bed()
    places = {"epoch": 20, "user": 21, "role": 37, "not_before_s": 41, "not_after_s": 45}
    client = bed.client()
    m1 = bytearray(client.handshake.m1)
    m1[places[field]] ^= 2
    m2 = client.wire.begin(0, bytes(m1))
    assert isinstance(m2, bytes)
    with pytest.raises(HandshakeError):
        client.handshake.answer(m2)
    assert client.wire.prove(0, 0, client.handshake._tag(b"C", m2[:20])) == ""
    assert client.wire.role == 0


def test_a_proof_of_the_locks_own_is_none() -> None:
    client = Bed().client().begin()
    assert isinstance(client.m2, bytes)
    assert client.wire.prove(0, client.handshake.number, client.m2[20:]) == ""
    assert client.prove() == "done"


def test_a_recorded_handshake_opens_nothing() -> None:
    bed = Bed()
    victim = bed.opened()
    said = victim.sealed(b"bolt.unlock")
    bed.wires[0].disconnected()
    wire = bed.wires[0]
    assert isinstance(wire.begin(bed.now, victim.handshake.m1), bytes)
    assert wire.prove(bed.now, victim.handshake.number, victim.proof) == "STALE"
    assert wire.prove(bed.now, victim.handshake.number + 1, victim.proof) == ""
    assert wire.open(bed.now, *said) is None


def test_a_session_is_not_there_after_a_reboot() -> None:
    bed = Bed()
    victim = bed.opened()
    said = victim.sealed(b"bolt.unlock")
    bed.boot()
    assert victim.wire.open(bed.now, *said) is None
    assert bed.opened().handshake.number > victim.handshake.number


def test_plain_text_is_not_taken_for_sealed() -> None:
    client = Bed().opened()
    assert client.wire.open(0, client.handshake.number, 0, b'{"jsonrpc":"2.0"}') is None
    assert client.wire.ended == "FORGED"


@pytest.mark.parametrize(
    ("alter", "why"),
    [
        (lambda s, n, c: (s, n, c[:-1]), "FORGED"),
        (lambda s, n, c: (s, n, c[:5]), "FORGED"),
        (lambda s, n, c: (s, n, b""), "FORGED"),
        (lambda s, n, c: (s, n, bytes((c[0] ^ 1,)) + c[1:]), "FORGED"),
        (lambda s, n, c: (s, n + 1, c), "SEQUENCE"),
        (lambda s, n, c: (s, n - 1, c), "SEQUENCE"),
        (lambda s, n, c: (s, 1 << 70, c), "SEQUENCE"),
    ],
)
def test_anything_but_the_next_line_ends_it(alter: Callable[..., Any], why: str) -> None:
    client = Bed().opened()
    client.say(b"first")
    line = client.sealed(b"second")
    assert client.wire.open(0, *alter(*line)) is None
    assert client.wire.ended == why
    assert client.wire.open(0, *line) is None
    assert client.wire.seal(0, b"") is None


def test_a_line_said_twice_ends_it() -> None:
    client = Bed().opened()
    line = client.sealed(b"bolt.unlock")
    assert client.wire.open(0, *line) == b"bolt.unlock"
    assert client.wire.open(0, *line) is None
    assert client.wire.ended == "SEQUENCE"


def test_the_units_own_line_comes_back_as_nothing() -> None:
    client = Bed().opened()
    line = client.wire.seal(0, b"bolt.moved")
    assert line is not None
    assert client.wire.open(0, *line) is None
    assert client.wire.ended == "FORGED"


def test_the_clients_channel_is_as_strict() -> None:
    client = Bed().opened()
    channel = client.channel
    assert channel is not None
    line = client.wire.seal(0, b"one")
    assert line is not None
    assert channel.open(*line) == b"one"
    with pytest.raises(SealError, match="expected line 1"):
        channel.open(*line)
    with pytest.raises(SealError, match="over"):
        channel.seal(b"more")


def test_a_session_is_its_wires_alone() -> None:
    bed = Bed()
    one, two = bed.opened(0), bed.opened(1)
    line = one.sealed(b"bolt.unlock")
    assert two.wire.open(0, *line) is None
    assert two.wire.ended == ""
    assert two.say(b"still here") == b"still here"
    assert one.wire.open(0, *line) == b"bolt.unlock"


def test_of_two_on_one_number_the_first_proof_wins() -> None:
    bed = Bed()
    one, two = bed.client(0).begin(), bed.client(1).begin()
    assert one.handshake.number == two.handshake.number
    assert two.prove() == "done"
    assert one.prove() == "STALE"
    assert bed.access.stage == 0
    again = bed.client(0)
    assert again.enter() == "done"
    assert again.handshake.number == two.handshake.number + 1


def test_a_new_session_ends_the_old_one_once_it_is_proved() -> None:
    bed = Bed()
    old = bed.opened()
    new = bed.client().begin()
    assert old.say(b"not yet") == b"not yet"
    line = old.sealed(b"late")
    assert new.prove() == "done"
    assert [(note.what, note.why) for note in bed.take()[1:]] == [
        (access.ENDED, "REPLACED"),
        (access.OPENED, ""),
    ]
    assert old.wire.open(0, *line) is None
    assert new.say(b"mine") == b"mine"


def test_a_false_proof_leaves_the_session_alone() -> None:
    bed = Bed()
    client = bed.opened()
    stranger = bed.client().begin()
    assert client.wire.prove(0, stranger.handshake.number, bytes(32)) == ""
    assert client.say(b"still here") == b"still here"


@pytest.mark.parametrize(("ms", "result"), [(9_999, "done"), (10_000, "STALE")])
def test_a_handshake_waits_ten_seconds(ms: int, result: str) -> None:
    bed = Bed()
    client = bed.client().begin()
    # Nobody ran what was due.
    bed.now += ms
    assert client.prove() == result


def test_it_idles_a_minute_at_most() -> None:
    bed = Bed()
    client = bed.opened()
    bed.now += 59_999
    assert client.say(b"awake") == b"awake"
    bed.now += 59_999
    # What the unit tells keeps nobody awake.
    assert client.hear(b"unasked") == b"unasked"
    bed.now += 1
    assert client.say(b"too late") is None
    assert client.wire.ended == "IDLE"


def test_it_lasts_a_quarter_of_an_hour_at_most() -> None:
    bed = Bed()
    client = bed.opened()
    for _ in range(29):
        bed.advance(30_000)
        assert client.say(b"on") == b"on"
    bed.now += 29_999
    assert client.hear(b"on") == b"on"
    bed.now += 1
    assert client.hear(b"no more") is None
    assert client.wire.ended == "AGE"


def test_it_ends_with_its_credential() -> None:
    bed = Bed()
    client = bed.opened(not_after_s=bed.true_s + 9)
    bed.advance(9_999)
    assert client.say(b"on") == b"on"
    bed.advance(1)
    assert client.wire.ended == "AGE"


def test_it_dies_with_the_connection() -> None:
    bed = Bed()
    client = bed.opened()
    assert client.wire.prove(0, bed.client().begin().handshake.number, bytes(32)) == ""
    waiting = bed.client().begin()
    client.wire.disconnected()
    assert waiting.prove() == "STALE"
    assert all(not timer.armed() for timer in client.wire.timers)
    bed.advance(10_000)
    assert (client.wire.ended, client.wire.result) == ("LINK", "")
    assert client.say(b"bolt.unlock") is None


def test_a_role_that_nobody_knows_gets_nothing() -> None:
    bed = Bed()
    grant = credential().grant
    object.__setattr__(grant, "role", 4)
    assert Client(bed, 0, LOCK.credential("HAND-1", grant)).enter() == "NOT_AUTHORISED"
    assert bed.wires[0].role == 0


def test_no_key_is_made_of_what_everybody_knows() -> None:
    # Of the unit's id alone, or another unit's key, comes no M2 that its clients would take.
    bed = Bed()
    other = bed.client().begin()
    bed.board.unit_id = lambda: "HAND-2"
    bed.boot()
    m1 = bytearray(bed.client().handshake.m1)
    m1[1:17] = b"HAND-2".ljust(16, b"\0")
    m2 = bed.wires[0].begin(0, bytes(m1))
    assert isinstance(m2, bytes)
    with pytest.raises(HandshakeError):
        other.handshake.answer(m2)


def test_what_waits_is_told_as_the_next_deadline() -> None:
    bed = Bed()
    client = bed.client().begin()
    left = {timer.name: timer.left(bed.now) for timer in client.wire.timers}
    assert left == {
        "session.handshake": 10_000,
        "session.idle": -1,
        "session.age": -1,
        "session.refusal": -1,
    }
    client.prove()
    left = {timer.name: timer.left(bed.now) for timer in client.wire.timers}
    assert (left["session.handshake"], left["session.idle"]) == (-1, 60_000)
    assert left["session.age"] == 900_000


def test_two_handshakes_on_one_number_differ() -> None:
    bed = Bed()
    one = bed.client().begin()
    m2 = bed.wires[0].begin(0, one.handshake.m1)
    assert m2 != one.m2
