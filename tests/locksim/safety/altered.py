"""Firmware with one fault planted each, that the safety figure must find."""

from lockunit import selftest
from lockunit.board import RESET_POWER, Board
from lockunit.settings import Settings, decode
from lockunit.unit import Unit


def blind_to_voltage(board: Board, settings: Settings, now: int) -> Unit:
    """It takes any voltage for good."""
    lenient = decode(settings.encode())
    lenient.set("discharged_mv", 0)
    return Unit(board, lenient, now)


def forgetful(board: Board, settings: Settings, now: int) -> Unit:
    """It stores its suspicion, and never looks at it."""
    unit = Unit(board, settings, now)
    unit.battery.suspected = lambda: False  # type: ignore[method-assign]
    return unit


def red_after_a_reset(board: Board, settings: Settings, now: int) -> Unit:
    """It goes on with a diagnostic that a reset broke off: at its end, with a blink."""
    unit = Unit(board, settings, now)
    if board.reset_cause() != RESET_POWER:
        unit.selftest._blinks = 1
        unit.selftest._go(now, selftest._DARK, 2_000)
    return unit
