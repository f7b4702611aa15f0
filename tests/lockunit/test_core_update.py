"""An update as the unit takes it: what it refuses, answers late, writes down, and lets go of."""

import sys
from typing import Any

import pytest

import lockunit
from lockhil.journal.record import Record, decode
from lockhil.session.credentials import Role
from lockhil.suite.update import Carrier
from lockunit import board as port
from lockunit import filling
from lockunit.records import SIZE
from lockunit.unit import Unit
from tests.lockunit.hand import Hand
from tests.lockunit.sealedhand import Client, ask, sealed_hand
from tests.lockunit.updates import FILES, HAD, UPDATE, SlotBoard, host, restart, unit_with


@pytest.fixture
def board() -> SlotBoard:
    return SlotBoard()


@pytest.fixture
def hand(board: SlotBoard) -> Hand:
    made = unit_with(board)
    # Until the battery's first sample no change of it is begun.
    made.run(70_000)
    return made


@pytest.fixture
def brought(hand: Hand) -> Carrier:
    return host(hand)


def told(board: SlotBoard) -> list[tuple[str, str, str]]:
    """What the journal says of updates: what, why, version."""
    found: list[Record] = []
    for name in sorted(board.names("j0")):
        data = board.stored[name]
        slots = [decode(data[at : at + SIZE]) for at in range(0, len(data), SIZE)]
        found += [record for record in slots if record and record.kind == "update"]
    return [(one.fields["what"], one.fields["why"], one.fields["version"]) for one in found]


def test_filled_verified_and_tried(hand: Hand, board: SlotBoard, brought: Carrier) -> None:
    assert brought.fill(UPDATE) == "done"
    assert board.slots.trial is None
    assert brought.finish() == "done"
    assert (board.slots.files(1), board.slots.trial) == (FILES, (1, 3))
    assert board.restarts == 0
    assert told(board) == [("begun", "", "9.9.9"), ("tried", "", "9.9.9")]
    hand.run(1_000)
    assert board.restarts == 1
    restart(hand, board)
    assert board.trial()
    assert host(hand).result("confirm") == "done"
    assert board.slots.in_use == 1


def test_all_of_it_may_come_over_the_link(board: SlotBoard, brought: Carrier) -> None:
    assert brought.fill(UPDATE, keep=False) == "done"
    assert brought.finish() == "done"
    assert board.slots.files(1) == FILES


def test_the_next_one_empties_the_slot(hand: Hand, board: SlotBoard, brought: Carrier) -> None:
    board.slots.files(1)["lockunit/old.mpy"] = b"old"
    board.slots.folders(1).update(("", "lockunit", "lockunit/more"))
    board.slots.trial = (1, 2)
    assert brought.begin(UPDATE) == "done"
    assert brought.call("state")["phase"] == "clearing"
    assert brought.call("write", file=0, at=0, data="AAAA")["result"] == "BUSY"
    hand.run(100)
    assert brought.call("state")["phase"] == "manifest"
    assert (board.slots.files(1), board.slots.folders(1), board.slots.trial) == ({}, set(), None)


def test_one_loads_nothing_before_it_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("updating", "filling", "manifest", "slot"):
        monkeypatch.delitem(sys.modules, f"lockunit.{name}", raising=False)
        monkeypatch.delattr(lockunit, name, raising=False)
    hand = unit_with(SlotBoard())
    brought = host(hand)
    assert brought.call("finish") == {"result": "NOT_BEGUN"}
    assert "lockunit.updating" not in sys.modules
    brought.call("state")
    assert "lockunit.updating" in sys.modules
    assert "lockunit.slot" not in sys.modules, "for type checkers alone"


def _moves(hand: Hand) -> None:
    hand.call("bolt.unlock")
    assert hand.board.direction


@pytest.mark.parametrize(
    "method", ["begin", "write", "keep", "finish", "motor", "press", "swap", "maintenance"]
)
def test_it_waits_for_what_goes_on(
    hand: Hand, board: SlotBoard, brought: Carrier, method: str
) -> None:
    carer = Client(hand, Role.CARER, wire=1)
    hand.join(1)
    carer.enter()
    if method in ("swap", "maintenance"):
        name, params = {
            "swap": ("swap.begin", {"role": "desk", "gate": "fresh"}),
            "maintenance": ("maintenance.enter", {}),
        }[method]
        other = Client(hand, Role.SERVICE, wire=1).enter()
        assert other.call(name, **params)["result"] == "done"
        assert brought.begin(UPDATE) == "BUSY"
        assert told(board) == []
        return
    if method != "begin":
        assert brought.fill(UPDATE) == "done"
    if method == "press":
        hand.press()
        hand.run(3_000)
    else:
        assert carer.call("bolt.unlock") is None
    asked: dict[str, dict[str, Any]] = {
        "begin": UPDATE.params(),
        "write": {"file": 5, "at": 0, "data": "AAAA"},
        "keep": {"file": 5},
    }
    name = "finish" if method in ("motor", "press") else method
    assert brought.call(name, **asked.get(name, {}))["result"] == "BUSY"


def test_work_that_goes_on_stands_still_while_the_motor_runs(
    hand: Hand, board: SlotBoard, brought: Carrier
) -> None:
    hand.join(1)
    carer = Client(hand, Role.CARER, wire=1).enter()
    assert brought.begin(UPDATE) == "done"
    board.slots.files(1).update(HAD)
    assert carer.call("bolt.unlock") is None
    hand.run(400)
    assert len(board.slots.files(1)) == len(HAD)
    board.ends = 0
    hand.event(port.EV_BOLT, 0)
    hand.ends(port.END_UNLOCKED)
    hand.run(100)
    assert board.slots.files(1) == {}


def test_it_restarts_once_nobody_uses_the_lock(
    hand: Hand, board: SlotBoard, brought: Carrier
) -> None:
    assert brought.fill(UPDATE) == "done"
    assert brought.finish() == "done"
    hand.join(1)
    desk = Client(hand, Role.SERVICE, wire=1).enter()
    assert desk.call("swap.begin", role="desk", gate="fresh")["result"] == "done"
    hand.run(30_000)
    assert board.restarts == 0
    assert brought.call("cancel")["result"] == "BUSY"
    assert brought.begin(UPDATE) == "BUSY"
    assert desk.call("swap.cancel", role="desk")["result"] == "done"
    hand.run(100)
    assert board.restarts == 1


def test_none_finishes_during_a_battery_change(
    hand: Hand, board: SlotBoard, brought: Carrier
) -> None:
    assert brought.fill(UPDATE) == "done"
    hand.join(1)
    desk = Client(hand, Role.SERVICE, wire=1).enter()
    assert desk.call("swap.begin", role="desk", gate="fresh")["result"] == "done"
    assert brought.call("finish")["result"] == "BUSY"
    assert desk.call("swap.cancel", role="desk")["result"] == "done"
    assert brought.finish() == "done"


@pytest.mark.parametrize("phase", ["write", "keep", "finish"])
def test_a_flash_that_fails_ends_it(board: SlotBoard, brought: Carrier, phase: str) -> None:
    if phase == "finish":
        assert brought.fill(UPDATE) == "done"
        board.fails = True
        assert brought.finish() == "STORAGE"
    else:
        assert brought.begin(UPDATE) == "done"
        assert brought.write(0, UPDATE.listed()) == "done"
        board.fails = True
        found = brought.write(1, FILES["board.json"])
        assert found == "STORAGE" if phase == "write" else brought.call("keep", file=1)
    assert brought.call("state")["phase"] == "none"
    assert board.slots.trial is None
    assert told(board)[-1] == ("ended", "STORAGE", "9.9.9")
    board.fails = False
    assert brought.fill(UPDATE) == "done"


def test_an_altered_file_in_the_slot_in_use_is_not_kept(brought: Carrier, board: SlotBoard) -> None:
    board.slots.files(0)["board.json"] = b"[]"
    board.slots.files(0)["lockunit/kept.mpy"] += b"K"
    assert brought.begin(UPDATE) == "done"
    assert brought.write(0, UPDATE.listed()) == "done"
    assert brought.call("keep", file=1) == {"result": "DIFFERENT", "file": 1, "at": 0}
    assert brought.write(1, FILES["board.json"]) == "done"
    assert brought.result("keep", file=2) == "DIFFERENT", "there is none"
    assert brought.write(2, FILES["lockboards/new.mpy"]) == "done"
    assert brought.result("keep", file=3) == "DIFFERENT", "it is longer"


@pytest.mark.parametrize("what", ["a byte", "shorter", "longer", "gone", "one more", "manifest"])
def test_what_lies_there_is_verified(board: SlotBoard, brought: Carrier, what: str) -> None:
    """Whatever came over the line: the flash may have made something else of it."""
    assert brought.fill(UPDATE) == "done"
    lies = board.slots.files(1)
    if what == "a byte":
        lies["lockunit/kept.mpy"] = b"K" * 1_299 + b"k"
    elif what == "shorter":
        lies["lockunit/kept.mpy"] = b"K" * 1_299
    elif what == "longer":
        lies["lockunit/kept.mpy"] = b"K" * 1_301
    elif what == "gone":
        del lies["lockunit/unit.mpy"]
    elif what == "one more":
        lies["lockunit/more.mpy"] = b"m"
    else:
        listed = board.stored["update.new"]
        board.stored["update.new"] = listed[: listed.rindex(b"\n", 0, -1) + 1]
    assert brought.finish() == ("STORAGE" if what == "gone" else "NOT_VERIFIED")
    assert (board.slots.trial, board.restarts) == (None, 0)
    assert "update.new" not in board.stored


def test_nothing_is_taken_behind_the_last_file(brought: Carrier) -> None:
    assert brought.fill(UPDATE) == "done"
    there = {"file": len(FILES) + 1, "at": 0}
    assert brought.call("keep", file=len(FILES)) == {"result": "WRONG_PLACE", **there}
    assert brought.call("keep", file=len(FILES) + 1) == {"result": "WRONG_PLACE", **there}
    told = brought.call("write", **there, data="AAAA")
    assert told == {"result": "WRONG_DATA", **there}


@pytest.mark.parametrize("data", ["", "!", "AAA", "AA==AA==", "A" * 600])
def test_data_that_is_none_or_too_much(brought: Carrier, data: str) -> None:
    assert brought.begin(UPDATE) == "done"
    assert brought.write(0, UPDATE.listed()) == "done"
    there = {"file": 1, "at": 0}
    assert brought.call("write", **there, data=data) == {"result": "WRONG_DATA", **there}
    assert brought.write(1, FILES["board.json"]) == "done"


def test_whoever_asked_and_left_is_told_nothing(hand: Hand, board: SlotBoard) -> None:
    """Somebody else finds it out by asking."""
    first = Client(hand, Role.SERVICE).enter()
    brought = host(hand)
    assert brought.fill(UPDATE) == "done"
    asks = Client(hand, Role.SERVICE).enter()
    assert asks.call("update.finish") is None
    assert asks.call("update.finish", 2) == {"result": "BUSY", "file": 5, "at": 0}
    other = Client(hand, Role.SERVICE).enter()
    hand.run(500)
    assert other.listen() == []
    assert first.channel is not None
    assert other.call("update.state")["phase"] == "restarting"
    assert board.slots.trial == (1, 3)


def test_cancelled_while_it_verifies(hand: Hand, board: SlotBoard, brought: Carrier) -> None:
    assert brought.fill(UPDATE) == "done"
    asks = Client(hand, Role.SERVICE).enter()
    assert asks.call("update.finish") is None
    hand.line(asks.line("update.cancel", 2))
    answers = {one["id"]: one["result"]["result"] for one in asks.listen()}
    assert answers == {1: "NOT_BEGUN", 2: "done"}
    hand.run(60_000)
    assert (board.slots.trial, board.restarts) == (None, 0)
    assert told(board)[-1] == ("ended", "CANCELLED", "9.9.9")


def test_dropped_after_ten_minutes(hand: Hand, board: SlotBoard, brought: Carrier) -> None:
    assert brought.begin(UPDATE) == "done"
    hand.run(599_999)
    assert host(hand).call("state")["phase"] == "manifest"
    hand.run(1)
    assert host(hand).call("state")["phase"] == "none"
    assert told(board) == [("begun", "", "9.9.9"), ("ended", "IDLE", "9.9.9")]


def test_refusals_are_written_down_but_not_each_of_a_flood(
    board: SlotBoard, brought: Carrier
) -> None:
    for _ in range(20):
        assert brought.begin(UPDATE.but(version="0.0.1")) == "OLDER"
    assert told(board) == [("refused", "OLDER", "0.0.1")] * 4


def test_a_full_memory_ends_it_and_nothing_else(
    hand: Hand, board: SlotBoard, brought: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise MemoryError

    assert brought.fill(UPDATE) == "done"
    monkeypatch.setattr(filling.Filling, "go_on", full)
    assert brought.call("finish")["result"] == "STORAGE"
    assert brought.call("state")["phase"] == "none"
    assert brought.begin(UPDATE) == "done"
    hand.run(100)
    assert brought.call("state")["phase"] == "none"
    monkeypatch.setattr(filling, "Filling", full)
    monkeypatch.setattr("lockunit.updating.Filling", full)
    assert brought.begin(UPDATE) == "STORAGE"
    hand.run(10 * 60_000)
    assert board.slots.trial is None
    assert host(hand).call("state")["phase"] == "none"


def test_a_board_without_slots_takes_none() -> None:
    hand = sealed_hand()
    brought = host(hand)
    assert brought.call("state") == {"phase": "none"}
    assert brought.begin(UPDATE) == "WRONG_BOARD"


def test_on_trial_it_takes_none() -> None:
    board = SlotBoard()
    board.slots.trial = (1, 3)
    board.slots.start()
    brought = host(unit_with(board))
    assert brought.begin(UPDATE) == "BUSY"
    assert brought.result("confirm") == "done"
    assert brought.begin(UPDATE) == "done"


def test_a_unit_without_a_key_takes_none() -> None:
    hand = Hand()
    assert ask(hand, "update.begin", **UPDATE.params()) == {"result": "UNPROVISIONED"}
    for method, params in {
        "write": {"file": 0, "at": 0, "data": "AAAA"},
        "keep": {"file": 1},
        "finish": {},
        "cancel": {},
    }.items():
        assert ask(hand, "update." + method, **params) == {"result": "NOT_BEGUN"}


def test_versions_are_compared_by_their_numbers(
    board: SlotBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lockunit.updating.VERSION", "1.10.0")
    brought = host(unit_with(board))
    for version, word in {
        "1.9.9": "OLDER",
        "1.10": "OLDER",
        "1.10.0": "done",
        "1.9.99-rc": "OLDER",
        "1.11.0-rc": "done",
        "2": "done",
        "x": "OLDER",
    }.items():
        assert brought.begin(UPDATE.but(version=version)) == word, version


def test_the_unit_wakes_for_it_and_sleeps_otherwise(
    hand: Hand, board: SlotBoard, brought: Carrier
) -> None:
    assert isinstance(hand.unit, Unit)
    assert brought.fill(UPDATE) == "done"
    hand.wakes.clear()
    hand.run(30_000)
    assert [cause for _, cause in hand.wakes if cause.startswith("update")] == []
