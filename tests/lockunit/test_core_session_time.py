"""What a unit makes of the time: whose credential is good, its lower bound, who sets the clock."""

import pytest

from lockhil.session.credentials import LockKey, Role
from lockunit import access, kept, lockkey
from lockunit.ticks import add
from tests.lockunit.sealed import (
    DAY_S,
    END_S,
    HOUR_MS,
    LOCK,
    START_S,
    UNIT,
    Bed,
    in_the_open,
)


def bound(bed: Bed) -> int:
    """What is stored of it."""
    return kept.Kept(bed.board, lockkey.BOUND_AS).value


def days(bed: Bed, count: int, sample_h: int = 6) -> None:
    """A life with a battery sample every so many hours."""
    for _ in range(count * 24 // sample_h):
        bed.advance(sample_h * HOUR_MS)
        bed.access.grow(bed.now)


# With a clock, to the second.


@pytest.mark.parametrize(
    ("from_s", "to_s", "result"),
    [
        (0, 0, "done"),
        (-5, -1, "EXPIRED"),
        (1, 5, "NOT_YET"),
        (-5, 0, "done"),
        (0, 5, "done"),
    ],
)
def test_a_known_clock_decides(from_s: int, to_s: int, result: str) -> None:
    bed = Bed()
    bed.advance(DAY_S * 1_000)
    told = {"not_before_s": bed.true_s + from_s, "not_after_s": bed.true_s + to_s}
    assert bed.client(**told).enter() == result
    notes = bed.take()
    assert (notes[0].what == access.OPENED) == (result == "done")
    assert notes[0].why == ("" if result == "done" else result)


# Without one: accepted, and flagged, unless the bound says no.


def test_without_a_clock_a_credential_is_accepted_and_flagged() -> None:
    bed = Bed(known=False)
    client = bed.opened(not_before_s=bed.true_s + DAY_S)
    assert not client.wire.clock_known
    assert [(note.what, note.value) for note in bed.take()] == [(access.OPENED, 0)]


@pytest.mark.parametrize(("end_s", "result"), [(START_S - 1, "EXPIRED"), (START_S, "done")])
def test_without_a_clock_the_bound_decides(end_s: int, result: str) -> None:
    bed = Bed(known=False)
    assert bed.client(not_before_s=0, not_after_s=end_s).enter() == result


def test_the_bound_grows_with_the_clock_and_outlives_the_power() -> None:
    bed = Bed()
    days(bed, 10)
    assert bound(bed) == bed.true_s
    end_s = bed.true_s - 1
    bed.boot(off_ms=30 * DAY_S * 1_000)
    assert bed.client(not_before_s=0, not_after_s=end_s).enter() == "EXPIRED"
    # What that costs: the time without power, and what passed since the last sample.
    assert bed.client(not_before_s=0, not_after_s=end_s + 1).enter() == "done"


def test_the_bound_grows_by_uptime_while_the_clock_is_unknown() -> None:
    bed = Bed(known=False)
    days(bed, 30)
    assert bound(bed) == bed.true_s
    bed.advance(HOUR_MS)
    # Between samples too, in memory.
    assert bed.client(not_before_s=0, not_after_s=bed.true_s - 1).enter() == "EXPIRED"
    assert bed.client(not_before_s=0, not_after_s=bed.true_s).enter() == "done"
    assert bound(bed) == bed.true_s - HOUR_MS // 1_000


def test_uptime_loses_no_milliseconds_and_wraps() -> None:
    bed = Bed(known=False)
    for _ in range(3_000):
        bed.advance(999)
        bed.access.grow(bed.now)
    days(bed, 30, sample_h=24)
    assert bound(bed) == bed.true_s


def test_a_calendar_below_the_bound_is_none() -> None:
    bed = Bed(known=False)
    bed.board.utc_s = START_S - 1
    assert bed.client(not_before_s=0, not_after_s=START_S - 1).enter() == "EXPIRED"
    assert not bed.opened().wire.clock_known
    bed.board.utc_s = START_S
    assert bed.opened().wire.clock_known


def test_a_sample_writes_once_and_nothing_where_nothing_changed() -> None:
    bed = Bed()
    before = bed.board.writes
    bed.access.grow(bed.now)
    assert bed.board.writes == before
    days(bed, 1)
    assert bed.board.writes == before + 4


@pytest.mark.parametrize("done", [False, True])
@pytest.mark.parametrize("known", [False, True])
def test_power_goes_while_the_bound_is_stored(done: bool, known: bool) -> None:
    bed = Bed(known=known)
    days(bed, 1)
    before = bound(bed)
    bed.advance(HOUR_MS)
    bed.board.cut = (0, done)
    in_the_open(bed, lambda: bed.access.grow(bed.now))
    assert bound(bed) == bed.access.bound.at_s == before + (HOUR_MS // 1_000 if done else 0)


def test_a_bound_that_cannot_be_stored_is_stored_later() -> None:
    bed = Bed()
    bed.advance(HOUR_MS)
    bed.board.refuses = 0
    bed.access.grow(bed.now)
    assert bed.access.waits()
    bed.board.refuses = None
    bed.access.retry(bed.now)
    assert not bed.access.waits()
    assert bound(bed) == bed.true_s
    bed.advance(HOUR_MS)
    bed.board.refuses = 0
    bed.access.grow(bed.now)
    bed.board.refuses = None
    assert bed.client().begin().token(bed.true_s) == "done"
    assert not bed.access.waits()


def test_a_bound_that_cannot_be_read_is_no_bound_at_all() -> None:
    bed = Bed()
    bed.board.stored[lockkey.BOUND_AS] = b"gone"
    bed.boot()
    assert bed.client().enter() == "STORAGE"
    bed.access.grow(bed.now)
    assert bed.board.stored[lockkey.BOUND_AS] == b"gone"
    # A clock that is set is as good; the desk can set it.
    assert bed.client().begin().token(bed.true_s) == "done"
    assert bed.opened().wire.clock_known
    assert bound(bed) == bed.true_s


def test_a_known_clock_makes_up_for_a_lost_bound() -> None:
    bed = Bed()
    bed.board.stored[lockkey.BOUND_AS] = b"gone"
    bed.boot()
    bed.board.utc_s = bed.true_s
    technician = bed.opened(role=Role.TECHNICIAN)
    # It is as good as stored: the clock goes below it no more.
    assert technician.wire.set_clock(bed.now, bed.true_s - 1) == "RANGE"
    bed.access.grow(bed.now)
    assert bound(bed) == bed.true_s


# Setting it.


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.SERVICE])
def test_technician_and_service_set_a_known_clock(role: Role) -> None:
    bed = Bed()
    days(bed, 1)
    bed.advance(HOUR_MS)
    client = bed.opened(role=role)
    bed.take()
    assert client.wire.set_clock(bed.now, bed.true_s - 600) == "done"
    assert bed.board.calendar() == bound(bed) == bed.true_s - 600
    assert [(note.what, note.why, note.role, note.value) for note in bed.take()] == [
        (access.CLOCK, "done", role, bed.true_s - 600)
    ]


def test_how_far_counts_from_the_clock_not_from_the_bound() -> None:
    bed = Bed()
    bed.advance(12 * HOUR_MS)
    to_s = bed.true_s + 400 * DAY_S
    assert bed.opened(role=Role.SERVICE).wire.set_clock(bed.now, to_s + 1) == "RANGE"
    assert bed.opened(role=Role.SERVICE).wire.set_clock(bed.now, to_s) == "done"


def test_a_token_for_a_handshake_is_not_put_down_to_whoever_is_in() -> None:
    bed = Bed()
    bed.opened(role=Role.SERVICE)
    waiting = bed.client().begin()
    bed.take()
    assert waiting.token(bed.true_s) == "done"
    assert [(note.what, note.role, note.number) for note in bed.take()] == [(access.CLOCK, 0, 0)]


def test_nobody_else_does() -> None:
    bed = Bed()
    assert bed.opened().wire.set_clock(bed.now, bed.true_s) == "NOT_AUTHORISED"
    assert bed.wires[1].set_clock(bed.now, bed.true_s) == "NOT_AUTHORISED"
    ended = bed.opened(role=Role.TECHNICIAN).wire
    bed.advance(60_000)
    assert ended.set_clock(bed.now, bed.true_s) == "NOT_AUTHORISED"


def test_a_session_that_was_accepted_without_a_clock_does_not_set_it() -> None:
    bed = Bed(known=False)
    client = bed.opened(role=Role.SERVICE)
    assert client.wire.set_clock(bed.now, bed.true_s) == "NOT_AUTHORISED"
    assert client.token(bed.true_s) == "done"
    assert client.wire.set_clock(bed.now, bed.true_s) == "NOT_AUTHORISED"
    assert bed.opened(role=Role.SERVICE).wire.set_clock(bed.now, bed.true_s) == "done"


@pytest.mark.parametrize(
    ("ahead_s", "by_hand", "by_token", "by_lowering"),
    [
        (-1, "RANGE", "RANGE", "done"),
        (0, "done", "done", "done"),
        (400 * DAY_S, "done", "done", "done"),
        (400 * DAY_S + 1, "RANGE", "done", "done"),
        (-2_000 * DAY_S, "RANGE", "RANGE", "RANGE"),
        (20_000 * DAY_S, "RANGE", "RANGE", "RANGE"),
    ],
)
def test_how_far_it_may_be_set(ahead_s: int, by_hand: str, by_token: str, by_lowering: str) -> None:
    for how, result in (("hand", by_hand), ("token", by_token), ("lower", by_lowering)):
        bed = Bed()
        client = bed.opened(role=Role.SERVICE)
        to_s = bed.true_s + ahead_s
        if how == "hand":
            assert client.wire.set_clock(bed.now, to_s) == result
        else:
            assert client.token(to_s, lower=how == "lower") == result
        expected = to_s if result == "done" else bed.true_s
        assert bed.board.calendar() == bound(bed) == expected


def test_a_clock_that_was_set_far_too_late_is_mended_by_a_token_alone() -> None:
    # The bound is above every credential's end: nobody gets a session.
    bed = Bed()
    assert bed.opened().token(END_S + DAY_S) == "done"
    bed.wires[0].disconnected()
    assert bed.client().enter() == "EXPIRED"
    bed.boot()
    assert bed.client().enter() == "EXPIRED"
    client = bed.client().begin()
    bed.take()
    assert client.token(bed.true_s) == "RANGE"
    assert client.token(bed.true_s, lower=True) == "done"
    notes = [(note.what, note.role, note.user, note.value) for note in bed.take()]
    assert notes[-1] == (access.CLOCK, 0, b"", bed.true_s)
    assert bed.client().enter() == "done"


def test_a_token_is_for_one_handshake_and_once() -> None:
    bed = Bed()
    client = bed.client().begin()
    assert client.token(bed.true_s + 5) == "done"
    assert client.token(bed.true_s + 5) == "STALE"
    client = bed.opened()
    assert client.token(bed.true_s + 5) == "done"
    assert client.token(bed.true_s + 5) == "STALE"
    assert client.say(b"on") == b"on"
    old = LOCK.token(UNIT, client.handshake.place, bed.true_s)
    new = bed.client().begin()
    told = (new.handshake.number, old.time_s, old.flags, old.tag)
    assert new.wire.token(bed.now, *told) == "NOT_PROVED"
    assert bed.wires[1].token(bed.now, *told) == "STALE"


def test_a_token_says_what_its_maker_said() -> None:
    bed = Bed()
    client = bed.client().begin()
    place, number = client.handshake.place, client.handshake.number
    good = LOCK.token(UNIT, place, bed.true_s)
    for told in [
        (number, good.time_s + 1, good.flags, good.tag),
        (number, good.time_s, 1, good.tag),
        (number, good.time_s, good.flags, good.tag[:-1]),
        (number, good.time_s, good.flags, LockKey(bytes(32)).token(UNIT, place, bed.true_s).tag),
    ]:
        assert client.wire.token(bed.now, *told) == "NOT_PROVED"
    for told in [
        (number, good.time_s, 2, good.tag),
        (number, good.time_s, -1, good.tag),
        (number, -1, 0, good.tag),
        (number, 1 << 32, 0, good.tag),
    ]:
        assert client.wire.token(bed.now, *told) == "RANGE"
    assert bed.board.calendar() == bed.true_s
    assert client.prove() == "done"


@pytest.mark.parametrize("done", [False, True])
def test_power_goes_while_the_clock_is_set(done: bool) -> None:
    bed = Bed(known=False)
    client = bed.opened()
    bed.board.cut = (0, done)
    in_the_open(bed, lambda: client.token(START_S + 500))
    assert bed.board.calendar() == 0
    assert bound(bed) == bed.access.bound.at_s == START_S + (500 if done else 0)


def test_a_clock_whose_bound_cannot_be_stored_is_not_set() -> None:
    bed = Bed(known=False)
    client = bed.opened()
    bed.board.refuses = 0
    assert client.token(START_S + 500) == "STORAGE"
    assert bed.board.calendar() == 0
    bed.board.refuses = None
    assert client.token(START_S + 500) == "done"


def test_ticks_that_wrap_between_samples() -> None:
    bed = Bed(known=False)
    bed.now = add(bed.now, (1 << 28) - 1)
    bed.access.bound._seen = bed.now
    days(bed, 20)
    assert bound(bed) == bed.true_s
