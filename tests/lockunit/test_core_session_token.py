"""Time tokens: the tag decides first, and what it does not vouch for is nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockhil.session.credentials import Role
from lockunit import access, kept
from tests.lockunit.sealed import DAY_S, LOCK, START_S, UNIT, Bed

TIMES = st.integers(0, kept.LARGEST)


@pytest.mark.parametrize("time_s", [0, 1, START_S, kept.LARGEST - 1, kept.LARGEST])
@pytest.mark.parametrize("flags", [0, 1])
def test_of_every_time_that_four_bytes_hold_the_tag_decides_first(time_s: int, flags: int) -> None:
    bed = Bed()
    client = bed.client().begin()
    number = client.handshake.number
    assert client.wire.token(bed.now, number, time_s, flags, bytes(32)) == "NOT_PROVED"
    assert bed.take() == [], "whoever holds no key writes nothing into the journal"
    proved = client.token(time_s, lower=flags == 1)
    assert proved == ("done" if time_s == START_S else "RANGE")
    assert [(note.what, note.why) for note in bed.take()] == [(access.CLOCK, proved)]


@pytest.mark.parametrize(
    ("time_s", "flags"), [(-1, 0), (kept.LARGEST + 1, 0), (START_S, -1), (START_S, 2)]
)
def test_what_no_token_can_say_is_out_of_range(time_s: int, flags: int) -> None:
    bed = Bed()
    client = bed.client().begin()
    assert client.wire.token(bed.now, client.handshake.number, time_s, flags, bytes(32)) == "RANGE"
    assert bed.take() == []


@given(TIMES, TIMES, st.booleans(), st.booleans(), st.booleans())
def test_a_tag_is_for_its_own_time_flag_and_place(
    made_s: int, said_s: int, made_lower: bool, said_lower: bool, inside: bool
) -> None:
    bed = Bed()
    client = bed.opened() if inside else bed.client().begin()
    token = LOCK.token(UNIT, client.handshake.place, made_s, lower=made_lower)
    number = client.handshake.number
    result = client.wire.token(bed.now, number, said_s, int(said_lower), token.tag)
    if (made_s, made_lower) != (said_s, said_lower):
        assert result == "NOT_PROVED"
    else:
        assert result in ("done", "RANGE")
    assert (bed.board.calendar() == said_s) == (result == "done") or said_s == START_S


def test_one_that_lowers_is_lowered_by_nothing_but_its_flag() -> None:
    bed = Bed()
    client = bed.opened(role=Role.SERVICE)
    assert client.token(START_S - DAY_S) == "RANGE"
    assert bed.board.calendar() == START_S
    assert client.token(START_S - DAY_S, lower=True) == "done"
    assert bed.board.calendar() == bed.access.bound.at_s == START_S - DAY_S


def test_one_that_set_nothing_may_be_said_again() -> None:
    for inside in (False, True):
        bed = Bed()
        client = bed.opened() if inside else bed.client().begin()
        bed.board.refuses = 0
        assert client.token(START_S + 5) == "STORAGE"
        assert client.token(START_S + 5) == "STORAGE"
        bed.board.refuses = None
        assert client.token(START_S + 5) == "done"
        assert client.token(START_S + 5) == "STALE"


def test_one_for_a_handshake_needs_no_session_and_leaves_the_one_there_alone() -> None:
    bed = Bed()
    inside = bed.opened()
    waiting = bed.client().begin()
    assert waiting.token(START_S + 5) == "done"
    assert waiting.prove() == "STALE", "it was for that one alone"
    assert inside.say(b"still here") == b"still here"
    assert inside.token(START_S + 6) == "done"


def test_one_for_the_session_leaves_the_handshake_beside_it_alone() -> None:
    bed = Bed()
    inside = bed.opened()
    waiting = bed.client().begin()
    assert inside.token(START_S + 5) == "done"
    assert waiting.token(START_S + 6) == "done"


def test_one_for_a_number_that_isnt_there_is_stale() -> None:
    bed = Bed()
    inside, waiting = bed.opened(), bed.client().begin()
    for number in (2, 99):
        assert inside.wire.token(bed.now, number, START_S, 0, bytes(32)) == "STALE"
    assert bed.wires[1].token(bed.now, 0, START_S, 0, bytes(32)) == "STALE"
    assert waiting.prove() == "done"
