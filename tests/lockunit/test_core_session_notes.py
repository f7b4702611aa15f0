"""What the sessions note for the journal: of each thing what it was, why, how much, and whose."""

from lockhil.session.credentials import Role
from lockunit import access
from lockunit.access import Note
from tests.lockunit.sealed import END_S, START_S, Bed

USER = b"0123456789abcdef"
# What is noted is whose: number, role, user. Nobody's is this.
NOBODYS = (0, 0, b"")


def told(notes: list[Note]) -> list[tuple[object, ...]]:
    return [(n.what, n.why, n.value, n.number, n.role, n.user) for n in notes]


def inside(bed: Bed, role: Role = Role.TECHNICIAN) -> tuple[int, int, bytes]:
    """Somebody comes in on wire 0: whose session it is. What was noted is forgotten."""
    bed.opened(1)
    client = bed.opened(0, role, user=USER)
    bed.take()
    return client.handshake.number, role, USER


def test_who_came_in_and_whether_the_time_was_known() -> None:
    for known in (True, False):
        bed = Bed(known=known)
        bed.opened()
        bed.take()
        bed.opened(1, Role.SERVICE, user=USER)
        assert told(bed.take()) == [(access.OPENED, "", int(known), 1, Role.SERVICE, USER)]


def test_whose_session_ended_and_why() -> None:
    bed = Bed()
    whose = inside(bed)
    bed.wires[0].disconnected()
    assert told(bed.take()) == [(access.ENDED, "LINK", 0, *whose)]
    bed.wires[0].disconnected()
    assert bed.take() == [], "there was none any more"


def test_whose_credential_was_proved_and_refused() -> None:
    bed = Bed()
    bed.opened()
    bed.take()
    client = bed.client(1, Role.SERVICE, user=USER, epoch=9)
    assert client.enter() == "EPOCH"
    assert told(bed.take()) == [(access.REFUSED, "EPOCH", 0, 1, Role.SERVICE, USER)]


def test_a_false_proof_is_nobodys() -> None:
    bed = Bed()
    inside(bed)
    number = bed.client(user=USER).begin().handshake.number
    assert bed.wires[0].prove(bed.now, number, bytes(32)) == ""
    assert told(bed.take()) == [(access.FALSE_PROOF, "", 1, *NOBODYS)]


def test_whoever_sets_the_clock_in_a_session_is_named_whatever_becomes_of_it() -> None:
    for time_s, why in ((END_S, "done"), (START_S - 1, "RANGE")):
        bed = Bed()
        whose = inside(bed)
        assert bed.wires[0].set_clock(bed.now, time_s) == why
        assert told(bed.take()) == [(access.CLOCK, why, time_s, *whose)]


def test_a_token_is_its_sessions_or_nobodys() -> None:
    bed = Bed()
    bed.opened()
    bed.take()
    client = bed.client(0, Role.TECHNICIAN, user=USER).begin()
    assert client.token(START_S + 5) == "done"
    assert told(bed.take()) == [(access.CLOCK, "done", START_S + 5, *NOBODYS)]
    client = bed.opened(0, Role.TECHNICIAN, user=USER)
    bed.take()
    assert client.token(START_S - 5) == "RANGE"
    whose = (client.handshake.number, Role.TECHNICIAN, USER)
    assert told(bed.take()) == [(access.CLOCK, "RANGE", START_S - 5, *whose)]


def test_whoever_begins_an_epoch_is_named_and_whose_sessions_that_ended() -> None:
    bed = Bed()
    whose = inside(bed)
    assert bed.access.bump_epoch(bed.wires[0]) == "done"
    assert told(bed.take()) == [
        (access.REVOKED, "", 2, *whose),
        (access.ENDED, "REVOKED", 0, 0, Role.CARER, b"u" * 16),
    ]


def test_what_is_refused_unproved_is_noted_as_nothing() -> None:
    bed = Bed()
    whose = inside(bed)
    client = bed.client().begin()
    assert (
        bed.wires[0].token(bed.now, client.handshake.number, START_S, 0, bytes(32)) == "NOT_PROVED"
    )
    assert bed.wires[0].token(bed.now, 99, START_S, 0, bytes(32)) == "STALE"
    assert bed.wires[1].set_clock(bed.now, START_S) == "NOT_AUTHORISED"
    assert bed.wires[0].prove(bed.now, 99, client.proof) == "STALE"
    assert (told(bed.take()), bed.wires[0].number) == ([], whose[0])
