"""What the sessions of a unit share and keep: the counter, the epoch, the back-off. Power goes
before and after each write of it; flash is full, lies, or is corrupt.
"""

import pytest

from lockhil.session.credentials import Role
from lockunit import access, kept, lockkey
from lockunit.storage import checked
from tests.lockunit.sealed import KEY, START_S, Bed, Client, PowerCutError, credential, in_the_open

STORES = [lockkey.COUNTER_AS, lockkey.EPOCH_AS, lockkey.BACKOFF_AS, lockkey.BOUND_AS]


def refused(bed: Bed) -> list[str]:
    return [name for name, _ in bed.board.refused]


def stage(bed: Bed) -> int:
    return kept.Kept(bed.board, lockkey.BACKOFF_AS).value


def false_proof(bed: Bed, wire: int = 0) -> str:
    client = bed.client(wire).begin()
    return client.wire.prove(bed.now, client.handshake.number, bytes(32))


# The counter.


def test_numbers_are_reserved_ahead_to_spare_the_flash() -> None:
    bed = Bed()
    before = bed.board.writes
    numbers = [bed.opened().handshake.number for _ in range(130)]
    assert numbers == list(range(130))
    assert bed.board.writes - before == 3


def test_a_boot_goes_on_behind_whatever_may_have_been_used() -> None:
    bed = Bed()
    bed.opened()
    for boot in range(1, 4):
        bed.boot()
        assert bed.opened().handshake.number == 64 * boot


def test_m1_alone_uses_nothing_up_and_writes_nothing() -> None:
    bed = Bed()
    before = bed.board.writes
    assert {bed.client().begin().handshake.number for _ in range(200)} == {0}
    assert bed.board.writes == before


@pytest.mark.parametrize("done", [False, True])
def test_no_number_is_used_twice_though_power_goes_while_it_is_reserved(done: bool) -> None:
    bed = Bed()
    numbers = [bed.opened().handshake.number for _ in range(64)]
    bed.board.cut = (0, done)
    client = bed.client().begin()
    with pytest.raises(PowerCutError):
        client.prove()
    bed.boot()
    assert client.prove() == "STALE"
    numbers += [bed.opened().handshake.number for _ in range(3)]
    assert numbers == sorted(set(numbers))
    assert numbers[64] == (128 if done else 64)


@pytest.mark.parametrize("lies", [False, True])
def test_a_number_that_cannot_be_reserved_opens_nothing(lies: bool) -> None:
    bed = Bed()
    bed.board.lies = lies
    bed.board.refuses = None if lies else 0
    client = bed.client()
    assert client.enter() == "STORAGE"
    assert client.wire.role == 0
    assert refused(bed) == [lockkey.COUNTER_AS]
    assert [(note.what, note.why) for note in bed.take()] == [(access.REFUSED, "STORAGE")]
    bed.board.lies, bed.board.refuses = False, None
    assert bed.client().enter() == "done"
    assert refused(bed) == []


def test_what_is_reserved_is_used_while_flash_is_full() -> None:
    bed = Bed()
    bed.opened()
    bed.board.refuses = 0
    assert [bed.client().enter() for _ in range(64)] == ["done"] * 63 + ["STORAGE"]


def test_the_last_number_is_not_followed_by_the_first() -> None:
    bed = Bed()
    bed.board.stored[lockkey.COUNTER_AS] = kept.pack(kept.LARGEST - 70)
    bed.boot()
    results = [bed.client().enter() for _ in range(66)]
    assert results == ["done"] * 64 + ["STORAGE"] * 2


@pytest.mark.parametrize("name", [lockkey.COUNTER_AS, lockkey.EPOCH_AS, lockkey.STORED_AS])
@pytest.mark.parametrize("content", [b"", b"\0" * 8, kept.pack(3)[:-1], kept.pack(3) + b"\0"])
def test_what_is_corrupt_is_refused_and_never_begun_again(name: str, content: bytes) -> None:
    bed = Bed()
    bed.board.stored[name] = content
    for _ in range(2):
        bed.boot()
        assert bed.wires[0].begin(bed.now, bed.client().handshake.m1) == "STORAGE"
        assert refused(bed) == [name]
        bed.access.grow(bed.now)
        bed.access.retry(bed.now)
        assert bed.board.stored[name] == content


@pytest.mark.parametrize("name", [lockkey.COUNTER_AS, lockkey.EPOCH_AS])
def test_what_was_removed_is_as_good_as_corrupt(name: str) -> None:
    bed = Bed()
    del bed.board.stored[name]
    bed.boot()
    assert bed.wires[0].begin(bed.now, bed.client().handshake.m1) == "STORAGE"
    assert refused(bed) == [name]


def test_a_key_of_another_version_is_none() -> None:
    bed = Bed()
    bed.board.stored[lockkey.STORED_AS] = checked(b"\x02" + KEY)
    bed.boot()
    assert bed.access.state == "STORAGE"


def test_a_bit_that_turned_is_noticed() -> None:
    bed = Bed()
    for name in STORES:
        good = bed.board.stored[name]
        for bit in range(8 * len(good)):
            bad = bytearray(good)
            bad[bit // 8] ^= 1 << bit % 8
            bed.board.stored[name] = bytes(bad)
            bed.boot()
            assert refused(bed) == [name]
        bed.board.stored[name] = good


def test_the_key_comes_last() -> None:
    # Power goes in the middle of provisioning: there is all of it, or no key.
    writes = lockkey.provisions(KEY, 7, START_S, 640)
    assert [name for name, _ in writes] == [*STORES, lockkey.STORED_AS]
    for done in range(len(writes)):
        bed = Bed(key=False)
        bed.board.stored.update(writes[:done])
        bed.boot()
        # Not a development unit either: one whose key is gone looks the same.
        assert bed.access.state == ("STORAGE" if done else "UNPROVISIONED")
        assert [name for name, _ in bed.board.refused] == (["key.lock"] if done else [])
    bed.board.stored.update(writes)
    bed.boot()
    assert (bed.access.state, bed.access.epoch, bed.access.next) == ("", 7, 640)
    assert bed.access.bound.at_s == START_S


# The epoch.


def test_a_new_epoch_shuts_out_all_credentials_and_ends_the_other_sessions() -> None:
    bed = Bed(wires=3)
    technician, carer = bed.opened(0, Role.TECHNICIAN), bed.opened(1)
    waiting = bed.client(2).begin()
    bed.take()
    assert bed.access.bump_epoch(technician.wire) == "done"
    assert (carer.wire.ended, technician.wire.ended) == ("REVOKED", "")
    assert technician.hear(b"done") == b"done"
    assert waiting.prove() == "EPOCH"
    assert bed.client().enter() == "EPOCH"
    assert [(note.what, note.value, note.role) for note in bed.take()][:2] == [
        (access.REVOKED, 2, Role.TECHNICIAN),
        (access.ENDED, 0, Role.CARER),
    ]
    for _ in range(2):
        assert bed.client(1, epoch=2).enter() == "done"
        bed.boot()


def test_an_epoch_to_come_is_no_better() -> None:
    assert Bed().client(epoch=2).enter() == "EPOCH"


@pytest.mark.parametrize("done", [False, True])
def test_power_goes_while_the_epoch_is_stored(done: bool) -> None:
    bed = Bed()
    technician = bed.opened(0, Role.TECHNICIAN)
    bed.board.cut = (0, done)
    in_the_open(bed, lambda: bed.access.bump_epoch(technician.wire))
    assert bed.access.epoch == (2 if done else 1)
    assert bed.client().enter() == ("EPOCH" if done else "done")


@pytest.mark.parametrize("lies", [False, True])
def test_an_epoch_that_cannot_be_stored_changes_nothing(lies: bool) -> None:
    bed = Bed()
    technician, carer = bed.opened(0, Role.TECHNICIAN), bed.opened(1)
    bed.board.lies, bed.board.refuses = lies, None if lies else 0
    assert bed.access.bump_epoch(technician.wire) == "STORAGE"
    assert carer.say(b"still here") == b"still here"
    assert bed.access.epoch == 1
    bed.board.lies, bed.board.refuses = False, None
    assert bed.access.bump_epoch(technician.wire) == "done"
    assert bed.access.epoch == 2


def test_the_last_epoch_is_not_followed_by_the_first() -> None:
    bed = Bed()
    bed.board.stored[lockkey.EPOCH_AS] = kept.pack(kept.LARGEST)
    bed.boot()
    client = bed.opened(0, Role.TECHNICIAN, epoch=kept.LARGEST)
    assert bed.access.bump_epoch(client.wire) == "STORAGE"


# The back-off.


def test_false_proofs_are_refused_ever_later_up_to_eight_seconds() -> None:
    bed = Bed()
    wire = bed.wires[0]
    for ms in (250, 500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000):
        assert false_proof(bed) == ""
        bed.advance(ms - 1)
        assert wire.result == ""
        bed.advance(1)
        assert wire.result == "NOT_PROVED"
        # Until that is told, there is no room for another.
        assert false_proof(bed) == "BUSY"
        wire.result = ""
    stages = [note.value for note in bed.take() if note.what == access.FALSE_PROOF]
    assert stages == [1, 2, 3, 4, 5, 6]


def test_a_valid_proof_is_served_at_once_whatever_waits() -> None:
    bed = Bed()
    for _ in range(8):
        false_proof(bed)
        bed.advance(10_000)
        bed.wires[0].result = ""
    false_proof(bed)
    assert bed.client().enter() == "done"
    # The other one is refused all the same, in its time.
    bed.advance(7_999)
    assert bed.wires[0].result == ""
    bed.advance(1)
    assert bed.wires[0].result == "NOT_PROVED"


def test_ten_thousand_strangers_shut_nobody_out_and_wear_out_nothing() -> None:
    bed = Bed()
    bed.opened()
    before = bed.board.writes
    carers = 0
    m1 = bed.client().handshake.m1
    for attempt in range(10_000):
        m2 = bed.wires[0].begin(bed.now, m1)
        assert isinstance(m2, bytes)
        number, proof = int.from_bytes(m2[16:20], "big"), bytes((attempt % 256,)) * 32
        assert bed.wires[0].prove(bed.now, number, proof) in ("", "BUSY")
        if attempt % 7 == 0:
            bed.advance(attempt % 3_000)
            bed.wires[0].result = ""
        if attempt % 1_000 == 999:
            assert bed.client(attempt % 2).enter() == "done"
            carers += 1
    assert bed.client().enter() == "done"
    assert bed.board.writes - before <= 7 * carers
    assert len(bed.take()) <= 9 * (carers + 1)
    assert all(timer.left(bed.now) <= 900_000 for timer in bed.wires[0].timers)


def test_a_proof_that_holds_is_served_after_false_ones_on_the_same_m1() -> None:
    bed = Bed()
    client = bed.client().begin()
    for _ in range(3):
        client.wire.prove(bed.now, client.handshake.number, bytes(32))
    assert client.prove() == "done"


def test_strangers_on_one_wire_delay_false_proofs_on_another() -> None:
    bed = Bed()
    false_proof(bed, 0)
    false_proof(bed, 1)
    bed.advance(250)
    assert [wire.result for wire in bed.wires] == ["NOT_PROVED", ""]
    bed.advance(250)
    assert bed.wires[1].result == "NOT_PROVED"


def test_no_loss_of_power_shortens_the_back_off() -> None:
    bed = Bed()
    for expected in (1, 2, 3, 4, 5, 6, 6):
        false_proof(bed)
        bed.boot()
        assert bed.access.stage == expected
    bed.opened()
    bed.boot()
    assert bed.access.stage == 0


@pytest.mark.parametrize("done", [False, True])
def test_power_goes_while_the_stage_is_stored(done: bool) -> None:
    bed = Bed()
    false_proof(bed)
    bed.advance(1_000)
    bed.wires[0].result = ""
    bed.board.cut = (0, done)
    in_the_open(bed, lambda: false_proof(bed))
    assert bed.access.stage == (2 if done else 1)
    bed.board.cut = (0, done)
    in_the_open(bed, bed.client().enter)
    assert bed.access.stage == (0 if done else 2 if stage(bed) == 2 else 1)
    assert bed.client().enter() == "done"


def test_a_stage_that_cannot_be_stored_is_stored_later() -> None:
    bed = Bed()
    bed.board.refuses = 0
    false_proof(bed)
    assert bed.access.waits()
    bed.access.retry(bed.now)
    assert bed.access.waits()
    bed.board.refuses = None
    bed.access.retry(bed.now)
    assert not bed.access.waits()
    assert stage(bed) == 1
    # Nor does it keep anybody out meanwhile.
    bed.board.refuses = None
    bed.opened()
    bed.advance(250)
    bed.wires[0].result = ""
    assert false_proof(bed) == ""
    bed.board.refuses = 0
    assert bed.client().enter() == "done"
    assert bed.access.waits()


@pytest.mark.parametrize("content", [b"", kept.pack(7), kept.pack(kept.LARGEST), b"\0" * 8, None])
def test_a_stage_that_cannot_be_read_is_the_highest(content: bytes | None) -> None:
    bed = Bed()
    if content is None:
        del bed.board.stored[lockkey.BACKOFF_AS]
    else:
        bed.board.stored[lockkey.BACKOFF_AS] = content
    bed.boot()
    assert bed.client().begin().wire.prove(bed.now, 0, bytes(32)) == ""
    bed.advance(7_999)
    assert bed.wires[0].result == ""
    bed.advance(1)
    assert bed.wires[0].result == "NOT_PROVED"
    assert Client(bed, 1, credential()).enter() == "done"
