"""What a session leaves behind it, what waits to be stored, the last numbers that are kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockhil.session.credentials import Role
from lockunit import access, kept, lockkey
from lockunit.session import Session
from tests.lockunit.sealed import Bed


def nobody(wire: Session) -> bool:
    return (wire.number, wire.role, wire.user, wire.clock_known) == (0, 0, b"", False)


def test_a_wire_begins_with_nobody_on_it() -> None:
    for wire in Bed().wires:
        assert nobody(wire)
        assert (wire.ended, wire.result) == ("", "")


@pytest.mark.parametrize("role", Role)
def test_a_session_that_ended_leaves_nothing_of_whose_it_was(role: Role) -> None:
    bed = Bed()
    bed.opened()
    client = bed.opened(role=role)
    assert not nobody(client.wire)
    client.wire.disconnected()
    assert nobody(client.wire)
    assert client.token(bed.true_s) == "STALE"


def test_a_session_that_ended_as_another_begins_is_not_said_to_have_ended() -> None:
    bed = Bed()
    bed.opened().wire.disconnected()
    assert bed.wires[0].ended == "LINK"
    assert bed.opened().wire.ended == ""


@pytest.mark.parametrize(("left", "opens"), [(64, 64), (65, 64), (63, 0), (0, 0)])
def test_numbers_are_used_up_to_the_last_that_can_be_kept(left: int, opens: int) -> None:
    bed = Bed()
    bed.board.stored[lockkey.COUNTER_AS] = kept.pack(kept.LARGEST - left)
    bed.boot()
    results = [bed.client().enter() for _ in range(opens + 1)]
    assert results == ["done"] * opens + ["STORAGE"]


def test_the_last_epoch_but_one_is_followed_by_the_last() -> None:
    bed = Bed()
    bed.board.stored[lockkey.EPOCH_AS] = kept.pack(kept.LARGEST - 1)
    bed.boot()
    client = bed.opened(0, Role.TECHNICIAN, epoch=kept.LARGEST - 1)
    assert bed.access.bump_epoch(client.wire) == "done"
    assert bed.access.epoch == kept.LARGEST


@given(st.lists(st.sampled_from(["false", "true", "boot"]), max_size=20))
def test_the_stored_stage_is_the_one_that_holds(happens: list[str]) -> None:
    bed = Bed()
    stage = 0
    for what in happens:
        if what == "false":
            number = bed.client().begin().handshake.number
            assert bed.wires[0].prove(bed.now, number, bytes(32)) == ""
            stage = min(stage + 1, 6)
            bed.advance(125 << stage)
            assert bed.wires[0].result == "NOT_PROVED"
            bed.wires[0].result = ""
        elif what == "true":
            bed.opened()
            stage = 0
        else:
            bed.boot()
        assert bed.access.stage == stage
        assert kept.Kept(bed.board, lockkey.BACKOFF_AS).value == stage
        assert not bed.access.waits()


@pytest.mark.parametrize("refused", ["stage", "bound"])
def test_what_was_refused_waits_until_it_is_stored(refused: str) -> None:
    bed = Bed()
    bed.advance(5_000)
    bed.board.refuses = 0
    if refused == "stage":
        assert bed.access.false_proof() == 250
    else:
        bed.access.grow(bed.now)
    assert bed.access.waits()
    bed.board.refuses = None
    bed.access.retry(bed.now)
    assert not bed.access.waits()
    before = bed.board.writes
    bed.access.retry(bed.now)
    assert bed.board.writes == before, "nothing waits, nothing is written"


def test_a_unit_without_a_key_is_a_development_unit_until_it_has_one() -> None:
    bed = Bed(key=False)
    assert (bed.access.state, bed.access.development) == (access.UNPROVISIONED, True)
    assert (Bed().access.state, Bed().access.development) == ("", False)
