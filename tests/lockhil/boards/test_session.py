"""The first words to a board, over a line that may lose a byte of them."""

import pytest

from lockhil.boards.repl import BoardError, NoContactError, Repl
from lockhil.boards.session import _met


class Lossy(Repl):
    """A board that understands nothing for so many times."""

    def __init__(self, losses: int) -> None:
        self.port = "/dev/ttyX"
        self.losses = losses

    def run(self, code: str) -> str:
        if self.losses:
            self.losses -= 1
            raise BoardError("SyntaxError: invalid syntax")
        if "unique_id" in code:
            return "('esp32', 'ESP32', (1, 24, 0), 6, (4096, 100, 512), b'id')"
        return "True"


def test_what_a_line_lost_is_said_again() -> None:
    assert _met(Lossy(3)).platform == "esp32"


def test_a_line_that_loses_every_time_is_no_contact() -> None:
    with pytest.raises(NoContactError, match=r"/dev/ttyX doesn't arrive whole: .* SyntaxError"):
        _met(Lossy(1_000))
