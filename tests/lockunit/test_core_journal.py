"""The journal by itself: its layout, its limits, and what a boot finds."""

import binascii
import struct
from unittest import mock

import pytest

from lockhil.journal.record import KINDS, decode
from lockunit import actuation, battery, bolt, cells, proof, records, segments, selftest, swap
from lockunit.journal import DONE
from lockunit.often import LIMIT
from lockunit.records import BODIES, SIZE
from lockunit.storage import checked
from tests.lockunit.journals import Cut, TornBoard, add_event, boot, read, small


def test_every_kind_has_a_body_that_fits_and_a_name_for_each_number() -> None:
    assert set(KINDS) == set(BODIES)
    for kind, layout in BODIES.items():
        size = struct.calcsize(layout)
        assert size <= records.TAG_AT - records.BODY_AT
        assert len(KINDS[kind][1]) == len(struct.unpack(layout, bytes(size)))


def test_every_word_of_the_core_has_a_number() -> None:
    assert {getattr(bolt, name) for name in ("UNKNOWN", "LOCKED", "UNLOCKED")} <= {*records.STATES}
    assert {bolt.LOCKING, bolt.UNLOCKING, bolt.JAMMED} <= {*records.STATES}
    assert {actuation.BY_COMMAND, actuation.BY_RELOCK, actuation.BY_HAND} == {*records.ACTORS}
    results = {
        actuation.DONE,
        bolt.MOTOR_BLOCKED,
        bolt.LOW_MOTOR_VOLTAGE,
        bolt.INSUFFICIENT_BATTERY,
    }
    results |= {"", bolt.BUSY, bolt.TIMEOUT, proof.NOT_AUTHORISED, swap.STORAGE}
    assert results == {*records.RESULTS}
    assert {cells.TAPS, cells.PROFILE, cells.READING} <= {*records.CAUSES} & {*records.REASONS}
    outcomes = {selftest.PASSED, selftest.CHANGE_SOON, selftest.FAILED_PACK, selftest.NO_VERDICT}
    assert outcomes == {*records.OUTCOMES}
    assert len(battery.LEVELS) < records.OTHER
    assert records.number(records.RESULTS, "what nobody listed") == records.OTHER


def test_words_keep_their_numbers_for_ever() -> None:
    assert records.STATES == ("UNKNOWN", "LOCKED", "UNLOCKED", "LOCKING", "UNLOCKING", "JAMMED")
    assert records.ACTORS == ("command", "relock", "hand")
    assert records.RESULTS[:4] == ("", "done", "MOTOR_BLOCKED", "LOW_MOTOR_VOLTAGE")
    assert records.RESULTS[4:8] == ("INSUFFICIENT_BATTERY", "BUSY", "TIMEOUT", "NOT_AUTHORISED")
    assert records.RESULTS[8:] == ("STORAGE",)
    assert records.CAUSES[:7] == ("", "jam", "stall", "hand", "door", "supply", "reading")
    assert records.CAUSES[7:] == ("voltage", "load", "cold", "taps", "profile")
    assert records.THINGS[:5] == ("journal", "key", "counter", "battery", "other")
    assert records.THINGS[5:10] == ("settings", "kind", "unit", "swap", "life")
    sessions = [f"{name}.session" for name in ("counter", "epoch", "backoff", "bound")]
    assert list(records.THINGS[10:]) == ["key.lock", *sessions]
    assert records.ACCESSES == ("opened", "ended", "refused", "false proof", "clock", "revoked")
    assert records.WHYS[:5] == ("", "done", "STORAGE", "EPOCH", "NOT_AUTHORISED")
    assert records.WHYS[5:10] == ("EXPIRED", "NOT_YET", "RANGE", "IDLE", "AGE")
    assert records.WHYS[10:] == ("LINK", "SEQUENCE", "FORGED", "REPLACED", "REVOKED")
    assert records.CHANGES[:5] == ("begun", "lapsed", "cancelled", "out", "adopted")
    assert records.CHANGES[5:] == ("replaced", "counted", "uncounted", "closed", "unannounced")
    assert records.FAULTS == ("corrupt", "missing", "refused", "kept aside")
    assert (SIZE, segments.PER_SEGMENT * SIZE) == (64, 4_096), "a block of flash"


def test_values_beyond_16_bits_stay_at_their_end() -> None:
    assert [records.short(n) for n in (-40_000, -5, 40_000)] == [-0x7FFF, -5, 0x7FFF]
    assert records.short(-(1 << 20)) == records.NO_VALUE


def test_the_first_boot_makes_a_key_and_a_segment() -> None:
    board = TornBoard()
    made = boot(board)
    assert board.names("j") == [], "nothing happened yet"
    board.utc_s = 1_800_000_000
    add_event(made, 7, now=123)
    found = read(made, board)
    assert [record.kind for record in found.records.values()] == ["segment", "bolt"]
    assert found.records[2].utc_s == 1_800_000_000
    assert found.records[2].ticks_ms == 123
    assert found.findings == ()
    boot(board)
    assert len(board.keys) == 1, "the key stays"


def test_full_it_overwrites_the_oldest_and_one_record_tells_all_of_it() -> None:
    board = TornBoard()
    made = boot(board)
    total = 3 * segments.PER_SEGMENT * segments.MOST_SEGMENTS
    for number in range(total):
        add_event(made, number)
    found = read(made, board)
    assert found.findings == ()
    lost = [record for record in found.records.values() if record.kind == "lost"]
    newest = max(lost, key=lambda record: record.seq).fields
    assert newest == {"why": "overwritten", "from": 1, "count": found.held.first - 1}
    assert len(board.names("j")) == segments.MOST_SEGMENTS
    assert total - 1 in found.events().values()


def test_acknowledged_segments_go_and_are_not_lost() -> None:
    board = TornBoard()
    made = boot(board)
    for number in range(200):
        add_event(made, number)
    assert made.acknowledge(0, 150) == DONE
    found = read(made, board)
    assert found.held.first == 129, "the segment that 150 lies in stays whole"
    assert found.findings == ()
    assert found.lost == ()
    for number in range(segments.PER_SEGMENT * segments.MOST_SEGMENTS):
        add_event(made, number)
    lost = [r.fields for r in read(made, board).records.values() if r.kind == "lost"]
    assert {fields["from"] for fields in lost} == {151}


def test_a_counter_that_tells_no_acknowledgement_is_read_too() -> None:
    board = TornBoard()
    made = boot(board)
    for number in range(70):
        add_event(made, number)
    board.stored["counter.journal"] = checked(struct.pack("<I", 129))
    again = boot(board)
    assert board.refused == ()
    assert (again.next, again.acked) == (made.next, 0)


def test_an_acknowledgement_for_which_no_segment_can_begin_loses_nothing() -> None:
    with small():
        board = TornBoard()
        made = boot(board)
        for number in range(6):
            add_event(made, number)
        assert made.next == 9, "the next record begins a segment"
        board.full = True
        assert made.acknowledge(0, 8) == DONE
        found = read(made, board)
        assert (found.findings, found.lost) == ((), ())
        assert made.next == 11


def test_an_acknowledgement_without_a_block_is_written_down_when_there_is_one() -> None:
    board = TornBoard()
    made = boot(board)
    for number in range(10):
        add_event(made, number)
    board.full = True
    assert made.acknowledge(0, 9) == DONE
    assert made.waits(), "no record tells it yet"
    board.full = False
    again = boot(board)
    assert not again.waits()
    told = [r.fields["upto"] for r in read(again, board).records.values() if "upto" in r.fields]
    assert told == [9]


def test_a_segment_that_cant_be_read_is_named_and_stops_nothing() -> None:
    class Board(TornBoard):
        unreadable = ""

        def read(self, name: str, at: int, count: int) -> bytes:
            if name == self.unreadable:
                raise OSError(5, "input/output error")
            return super().read(name, at, count)

    board = Board()
    made = boot(board)
    for number in range(70):
        add_event(made, number)
    board.unreadable = "j00000041"
    again = boot(board)
    assert [name for name, _ in board.refused] == ["j00000041.journal"]
    add_event(again, 99)
    assert again.refused == 0
    found = read(again, board)
    assert found.events()[again.next - 1] == 99
    assert [(f.what, f.first, f.last) for f in found.findings] == [("missing", 65, 128)]
    # Once it can be read, there it is: nothing was overwritten.
    board.unreadable = ""
    assert set(range(70)) <= set(read(again, board).events().values())


def test_a_segment_of_a_newer_firmware_is_named_and_nothing_is_written_behind_it() -> None:
    board = TornBoard()
    made = boot(board)
    with mock.patch.object(records, "FORMAT", records.FORMAT + 1):
        for number in range(3):
            add_event(made, number)
        # What it says to its own kind says nothing here.
        assert made.acknowledge(0, 3) == DONE
    before = dict(board.stored)
    again = boot(board)
    assert board.refused == (("j00000001.journal", "expected another format"),)
    add_event(again, 9)
    assert board.stored["j00000001"] == before["j00000001"]
    assert again.segments.firsts() == [1, again.next - 2]
    assert read(again, board).events()[again.next - 1] == 9


HOUR_MS = 3_600_000


def test_a_flood_of_what_anybody_may_cause_pushes_no_record_out() -> None:
    board = TornBoard()
    made = boot(board)
    add_event(made, 77)
    refusal = bytes(struct.calcsize(BODIES[records.SWAP]))
    for second in range(0, 3 * 3_600, 2):
        made.add_limited(second * 1_000, records.SWAP, refusal)
        if second % 60 == 0:
            # As a unit does while something waits.
            assert made.waits()
            made.retry(second * 1_000)
    made.retry(4 * HOUR_MS)
    assert not made.waits(), "it sleeps again"
    found = read(made, board)
    assert 77 in found.events().values()
    kinds = [record.kind for record in found.records.values()]
    assert kinds.count("swap") == 3 * LIMIT
    told = [r.fields for r in found.records.values() if r.kind == "limited"]
    assert {fields["of"] for fields in told} == {"swap"}
    assert sum(fields["count"] for fields in told) == 3 * 1_800 - 3 * LIMIT
    assert len(kinds) < 20


def test_kinds_are_limited_apart_and_what_isnt_many_is_written_whole() -> None:
    board = TornBoard()
    made = boot(board)
    for kind in (records.SWAP, records.DIAGNOSTIC):
        for number in range(LIMIT):
            made.add_limited(number, kind, bytes(4))
    made.retry(HOUR_MS + 1)
    kinds = [record.kind for record in read(made, board).records.values()]
    assert [kinds.count(kind) for kind in ("swap", "diagnostic", "limited")] == [LIMIT, LIMIT, 0]


def test_a_count_waits_for_room_and_outlives_the_hour() -> None:
    board = TornBoard()
    made = boot(board)
    for _ in range(10):
        made.add_limited(0, records.SWAP, bytes(4))
    board.full = True
    made.retry(HOUR_MS)
    made.add_limited(HOUR_MS + 1, records.SWAP, bytes(4))
    assert made.waits()
    board.full = False
    made.retry(HOUR_MS + 2)
    told = [r.fields for r in read(made, board).records.values() if r.kind == "limited"]
    assert told == [{"of": "swap", "count": 11 - LIMIT}]


@pytest.mark.parametrize("kept", range(0, SIZE + 1, 7))
def test_a_torn_record_is_cut_off_and_told(kept: int) -> None:
    board = TornBoard()
    made = boot(board)
    add_event(made, 1)
    board.cut_in, board.kept = 0, kept
    with pytest.raises(Cut):
        add_event(made, 2)
    board.cut_in = None
    again = boot(board)
    assert again.segments.torn == kept % SIZE
    assert again.next == 3 + kept // SIZE
    add_event(again, 3)
    found = read(again, board)
    assert found.findings == ()
    assert found.events()[again.next - 1] == 3


def test_a_damaged_newest_record_stays_and_nothing_is_written_behind_it() -> None:
    board = TornBoard()
    made = boot(board)
    for number in range(3):
        add_event(made, number)
    data = bytearray(board.stored["j00000001"])
    data[-10] ^= 1
    board.stored["j00000001"] = bytes(data)
    again = boot(board)
    assert again.segments.damaged == 1
    add_event(again, 9)
    assert board.stored["j00000001"] == bytes(data), "evidence"
    found = read(again, board)
    assert [(f.what, f.first) for f in found.findings] == [("damaged", 4)]
    assert found.events()[6] == 9, "number 4 isn't used again"


def test_another_key_begins_another_segment_chained_to_the_one_before() -> None:
    board = TornBoard()
    made = boot(board)
    add_event(made, 1)
    del board.stored["key.journal"]
    again = boot(board)
    add_event(again, 2)
    found = read(again, board)
    kinds = [record.kind for record in found.records.values()]
    assert kinds == ["segment", "bolt", "segment", "storage", "bolt"]
    assert found.records[4].fields == {"thing": "key", "fault": "missing"}
    assert found.findings == ()
    ids = [record.fields["key_id"] for record in found.records.values() if record.kind == "segment"]
    assert len(set(ids)) == 2


def test_a_forged_record_with_a_good_checksum_is_found() -> None:
    board = TornBoard()
    made = boot(board)
    for number in range(3):
        add_event(made, number)
    data = bytearray(board.stored["j00000001"])
    data[2 * SIZE + 20] ^= 1
    forged = bytes(data[2 * SIZE : 3 * SIZE - 4])
    data[3 * SIZE - 4 : 3 * SIZE] = struct.pack("<I", binascii.crc32(forged))
    assert decode(bytes(data[2 * SIZE : 3 * SIZE])) is not None
    board.stored["j00000001"] = bytes(data)
    assert [(f.what, f.first) for f in read(made, board).findings] == [("forged", 3)]


@pytest.mark.parametrize("which", [0, 1, 2])
def test_segments_that_are_gone_are_told_and_no_number_comes_again(which: int) -> None:
    with small():
        board = TornBoard()
        made = boot(board)
        for number in range(7):
            add_event(made, number)
        firsts = made.segments.firsts()
        assert firsts == [1, 5, 9]
        del board.stored[f"j{firsts[which]:08x}"]
        again = boot(board)
        add_event(again, 99)
        assert again.next > 11
        found = read(again, board)
        missing = [(f.first, f.last) for f in found.findings]
        assert missing == [[(1, 4)], [(5, 8)], [(9, 12)]][which]
        told = [r.fields["why"] for r in found.records.values() if r.kind == "lost"]
        # A hole in the middle the unit doesn't look for.
        assert told == ([] if which == 1 else ["missing"])


def test_a_hole_further_up_hides_no_loss_below_it() -> None:
    with small():
        board = TornBoard()
        made = boot(board)
        for number in range(7):
            add_event(made, number)
        del board.stored["j00000009"]
        again = boot(board)
        add_event(again, 99)
        assert again.segments.firsts() == [1, 5, 13]
        while again.segments.firsts()[0] == 1:
            add_event(again, 100)
        found = read(again, board)
        assert (1, 4) in found.lost
        assert [(f.first, f.last) for f in found.findings] == [(9, 12)]


def test_a_name_that_is_nobodys_stops_nothing() -> None:
    board = TornBoard()
    board.stored |= dict.fromkeys(("jx", "j", "jffffffff", "j1", "j-0000001"), b"")
    made = boot(board)
    add_event(made, 1)
    assert read(made, board).findings == ()
