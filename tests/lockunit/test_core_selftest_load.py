"""A test load that never comes off: then the pack was never seen at rest, and nothing is learnt."""

from tests.lockunit.hand import Hand, HandBoard


class WeldedBoard(HandBoard):
    """Its switch is welded shut, and the pack sags a little more while it is looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.looks = 0

    def load(self, on: int) -> None:
        super().load(1)

    def read_mv(self, cell: int) -> int:
        self.looks += 1
        return super().read_mv(cell) - 10 * self.looks


def last(hand: Hand) -> tuple[object, object]:
    hand.call("selftest.last")
    result = hand.board.answers()[-1]["result"]
    return result["outcome"], result["reason"]


def red(hand: Hand) -> int:
    return sum(value == (0, 1) for name, value in hand.board.out if name == "leds")


def test_a_load_that_stays_on_gives_no_blink() -> None:
    hand = Hand(board=WeldedBoard())
    hand.press()
    hand.run(31_000)
    assert last(hand) == ("no_verdict", "load")
    assert red(hand) == 0


def test_the_motor_right_after_the_load_takes_nothing_away() -> None:
    hand = Hand()
    hand.press()
    hand.run(3_950)
    hand.call("bolt.unlock")
    hand.run(1_000)
    assert hand.board.direction, "it still runs when green goes off"
    hand.board.direction = 0
    hand.run(26_000)
    assert last(hand) == ("passed", "")
    assert red(hand) == 1
