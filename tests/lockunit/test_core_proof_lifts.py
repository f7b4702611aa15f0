"""A suspicion is left by the service desk and a good pack under load alone, whatever happens."""

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from lockunit import board as port
from lockunit.battery import CHANGE_NOW, SUSPECTED
from tests.lockunit.hand import Hand, HandBoard, kept
from tests.lockunit.proving import HOUR, PROOF_MS, close, closed, suspected

PACKS = {
    "good": ([3_000, 3_000], [2_820, 2_820]),
    "soon": ([3_000, 3_000], [2_820, 2_540]),
    "discharged": ([3_000, 3_000], [2_820, 2_100]),
    "reversed": ([3_000, 3_000], [2_820, 0]),
    "high": ([3_000, 3_800], [2_820, 3_700]),
    "no load": ([3_000, 3_000], [3_000, 3_000]),
    "unread": ([port.FAILED] * 2, [port.FAILED] * 2),
}
EVENTS = ("pack", "celsius", "supply", "taps", "press", "unlock", "close", "reset", "time", "adc")


@given(data=st.data(), ground=st.integers(1, 5))
def test_a_suspicion_is_left_by_the_desk_and_a_good_pack_under_load_alone(
    data: DataObject, ground: int
) -> None:
    hand = suspected(ground, sag_cold=300, sag_cool=160, sag_hot=70)
    board: HandBoard = hand.board
    # Whatever happens between the desk's word and its 3.9 s spoils the proof.
    proof_since, role = -1, ""
    for event in data.draw(st.lists(st.sampled_from(EVENTS), max_size=25)):
        before = hand.unit.battery.level
        if event == "time":
            hand.run(data.draw(st.sampled_from([40, 300, 3_900, 4_000, 31_000, 7 * HOUR])))
        elif event == "close":
            asked = data.draw(st.sampled_from(["staff", "desk"]))
            idle = not hand.unit.proof.loading()
            close(hand, asked)
            if idle and hand.unit.proof.loading():
                proof_since, role = hand.now, asked
        else:
            _happen(hand, event, data)
        if event not in ("time", "close", "celsius"):
            proof_since = -1 if event in ("supply", "press", "unlock", "reset") else proof_since
        if before == SUSPECTED and hand.unit.battery.level != SUSPECTED:
            assert event == "time"
            assert role == "desk"
            assert proof_since >= 0
            assert hand.now - proof_since >= PROOF_MS
            assert (board.cell_mv, board.loaded_cell_mv) == PACKS["good"]
            assert (board.taps, board.source) == (True, port.SUPPLY_BATTERY)
            hand.board.stored["battery"] = kept(SUSPECTED, ground)
            hand.boot()


def _happen(hand: Hand, event: str, data: DataObject) -> None:
    board = hand.board
    if event in ("pack", "adc"):
        name = "unread" if event == "adc" else data.draw(st.sampled_from(list(PACKS)))
        board.cell_mv, board.loaded_cell_mv = PACKS[name]
    elif event == "celsius":
        board.celsius = data.draw(st.sampled_from([-20, 0, 10, 20, 40, port.FAILED]))
    elif event == "supply":
        board.source = data.draw(st.integers(0, 2))
        hand.event(port.EV_SUPPLY, board.source)
    elif event == "taps":
        board.taps = data.draw(st.booleans())
    elif event == "press":
        hand.press()
    elif event == "unlock":
        board.ends = port.END_LOCKED
        hand.call("bolt.unlock", 5)
    elif event == "reset":
        board.cause = data.draw(st.integers(0, 3))
        board.marks = data.draw(st.sampled_from([board.marks, 0]))
        hand.boot()


def test_the_level_of_an_old_pack_is_no_worse_than_the_new_ones() -> None:
    hand = Hand()
    hand.board.stored["battery"] = kept(CHANGE_NOW, 0)
    hand.boot()
    told = closed(hand)
    assert (told["result"], told["level"]) == ("done", "GOOD")
    hand.call("battery.report", 7)
    assert hand.board.answers()[-1]["result"]["fresh"] is True
