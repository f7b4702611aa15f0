"""What a unit journals, and that no storage that refuses stops it."""

import base64
import json

import pytest

from lockunit import board as port
from lockunit.records import SIZE
from tests.lockunit.hand import Hand, HandBoard, answer, counted, hand_with
from tests.lockunit.journals import of, written


def unlock(hand: Hand, ident: int = 1) -> None:
    hand.call("bolt.unlock", ident)
    hand.ends(0)
    hand.run(600)
    hand.ends(port.END_UNLOCKED)


def test_a_boot_says_why_and_what_it_found() -> None:
    hand = hand_with(port.END_UNLOCKED)
    hand.board.cause = port.RESET_WATCHDOG
    hand.boot()
    boots = of(hand, "boot")
    assert [told["reset"] for told in boots] == ["power", "watchdog"]
    assert boots[1]["bolt"] == "UNLOCKED"
    assert boots[1]["firmware"] == "0.1.0"


def test_a_run_has_its_evidence_and_a_hand_its_move() -> None:
    hand = Hand()
    unlock(hand)
    hand.ends(0)
    hand.ends(port.END_LOCKED)
    run, moved = of(hand, "bolt")
    assert run == {
        "by": "command", "target": "UNLOCKED", "result": "done", "cause": "",
        "state": "UNLOCKED", "ms": 600, "rest_mv": 6_000, "low_mv": 5_640, "low_cell_mv": 2_820,
        "mohm": 600, "mas": 360, "temp_c": 20,
    }  # fmt: skip
    assert (moved["by"], moved["target"], moved["rest_mv"]) == ("hand", "LOCKED", None)


def test_a_level_has_its_ground_and_a_diagnostic_its_outcome() -> None:
    hand = Hand()
    hand.board.loaded_cell_mv = [2_000, 2_820]
    hand.press()
    hand.run(31_000)
    assert of(hand, "level")[0]["ground"] == "diagnostic"
    assert of(hand, "diagnostic") == [
        {"outcome": "failed", "reason": "voltage", "rest_mv": 6_000, "loaded_mv": 2_000}
    ]


def test_the_end_of_a_change_and_a_level_that_outdates_are_written() -> None:
    hand = Hand()
    hand.run(61_000)
    counted(hand, "desk")
    hand.call("swap.close", role="desk")
    hand.run(4_000)
    hand.board.loaded_cell_mv = [2_000, 2_000]
    hand.run(30_000)
    counted(hand)
    hand.call("swap.close", 2, role="staff")
    hand.run(4_000)
    done, refused = of(hand, "swap")
    assert (done["role"], done["result"], done["level"]) == ("desk", "done", "GOOD")
    assert (refused["role"], refused["result"]) == ("staff", "INSUFFICIENT_BATTERY")
    assert (refused["cause"], refused["ground"]) == ("voltage", "below_threshold")
    hand.board.source = port.SUPPLY_EXTERNAL
    hand.event(port.EV_SUPPLY, port.SUPPLY_EXTERNAL)
    told = [(line["level"], line["fresh"]) for line in hand.board.told("battery.level")]
    written = [(fields["level"], bool(fields["fresh"])) for fields in of(hand, "level")]
    assert written == told


def test_what_is_refused_is_written_with_what_it_is_refused_for() -> None:
    hand = Hand()
    hand.board.refuse("settings", "schema: expected 1")
    hand.board.refuse("battery", port.KEPT_ASIDE)
    hand.board.refuse("unit", port.NOT_STORED + "28")
    hand.board.refuse("key.journal", "the journal tells that itself")
    hand.call("bolt.state")
    written = [(fields["thing"], fields["fault"]) for fields in of(hand, "storage")]
    assert written == [("settings", "corrupt"), ("battery", "kept aside"), ("unit", "refused")]


def test_a_record_is_written_before_it_is_told() -> None:
    class Board(HandBoard):
        def send(self, line: bytes, wire: int = 0) -> None:
            super().send(line)
            self.appended = [len(data) for name, data in self.stored.items() if name[0] == "j"]
            if b"bolt.moved" in line:
                self.at_move = sum(self.appended)

    board = Board()
    hand = Hand(board=board)
    before = sum(board.appended)
    unlock(hand)
    assert board.at_move == before + SIZE


@pytest.mark.parametrize("writes", range(8))
def test_storage_that_refuses_stops_neither_boot_nor_bolt(writes: int) -> None:
    board = HandBoard()
    board.refuses = writes
    hand = Hand(board=board)
    unlock(hand)
    assert answer(hand) == {"result": "done", "state": "UNLOCKED", "ms": 600}
    hand.press()
    hand.run(31_000)
    hand.call("journal.read", 9)
    told = board.answers()[-1]["result"]
    assert told["refused"] + told["last"] > 0
    hand.call("unit.hello", 11)
    assert ("journal" in board.answers()[-1]["result"]["refused"]) == (told["refused"] > 0)
    # It is told by itself as soon as there is room.
    board.refuses = None
    hand.run(60_000)
    lost = sum(fields["count"] for fields in of(hand, "lost"))
    assert lost >= told["refused"]
    hand.call("journal.read", 10)
    assert board.answers()[-1]["result"]["refused"] == 0
    hand.call("unit.hello", 12)
    assert board.answers()[-1]["result"]["refused"] == []


def test_a_suspicion_that_cant_be_stored_is_stored_later_and_told() -> None:
    hand = Hand()
    hand.board.loaded_cell_mv = [2_000, 2_820]
    hand.board.refuses = 0
    hand.run(60_200)
    assert hand.board.told("battery.level")[-1]["level"] == "SUSPECTED_DISCHARGED"
    assert "battery" not in hand.board.stored
    hand.board.refuses = None
    hand.run(60_000)
    assert hand.board.stored["battery"][0] == 4
    hand.run(3_600_000)
    retries = [cause for _, cause in hand.wakes if cause == "storage.retry"]
    assert len(retries) == 1, "it stops once all is stored"


def test_storage_that_cant_be_read_clears_no_suspicion() -> None:
    class Board(HandBoard):
        def fetch(self, name: str) -> bytes | None:
            return b"" if name == "battery" else super().fetch(name)

    hand = Hand(board=Board())
    assert hand.board.told("battery.level")[-1] == {
        "level": "SUSPECTED_DISCHARGED",
        "ground": "storage",
        "fresh": True,
    }


@pytest.mark.parametrize("broken", ["names", "read", "append", "write", "remove"])
def test_storage_of_which_nothing_works_leaves_the_unit_opening_doors(broken: str) -> None:
    board = HandBoard()
    hand = Hand(board=board)
    unlock(hand)

    def fails(*_: object) -> None:
        raise OSError(5, "input/output error")

    setattr(board, broken, fails)
    hand.boot()
    board.ends = port.END_LOCKED
    unlock(hand, 2)
    assert answer(hand, 2) == {"result": "done", "state": "UNLOCKED", "ms": 600}
    for method, params in (("journal.read", {}), ("journal.ack", {"upto": 1})):
        hand.call(method, 3, **params)
        assert "result" in board.answers()[-1]


def test_an_acknowledgement_is_answered_by_what_came_of_it() -> None:
    hand = Hand()
    for upto in (2, 2, -5, 10, 10**14):
        hand.call("journal.ack", 5, upto=upto)
        result = "done" if upto < 10 else "FUTURE"
        assert hand.board.answers()[-1]["result"]["result"] == result
    hand.board.refuses = 0
    hand.call("journal.ack", 5, upto=3)
    assert hand.board.answers()[-1]["result"]["result"] == "STORAGE"
    hand.call("journal.ack", 5)
    assert hand.board.answers()[-1]["error"]["data"] == "missing: upto"


def test_a_page_fits_a_line() -> None:
    class Board(HandBoard):
        longest = 0

        def send(self, line: bytes, wire: int = 0) -> None:
            super().send(line)
            self.longest = max(self.longest, len(line) if b"records" in line else 0)

    board = Board()
    hand = Hand(board=board)
    for number in range(40):
        hand.ends(number % 2 + 1)
    hand.line(json.dumps({"jsonrpc": "2.0", "id": "x" * 64, "method": "journal.read"}))
    assert 900 < board.longest <= 1_024


def test_the_key_is_in_nothing_that_the_unit_says() -> None:
    hand = Hand()
    key = hand.unit.journal._key
    written(hand)
    said = json.dumps(hand.board.sent)
    assert key.hex() not in said
    assert base64.b64encode(key).decode() not in said
