"""What a start does before it loads the core, which takes most of it: all outputs off, and the
button watched.

It knows the board's data and the pins, and nothing of what a press means.
"""

import json

from machine import Pin

from lockboards import slots

OUTPUTS = ("green", "red", "motor_throw", "motor_withdraw", "load")


class First:
    """`wiring`: the board's data. `pressed`: whether somebody pressed since the button is watched.

    Later `inputs` takes the button over. A press that began before anybody watched isn't one: who
    holds the button while the power comes and goes begins nothing.
    """

    def __init__(self) -> None:
        with open(slots.FOLDER + "/board.json") as file:
            self.wiring = json.load(file)
        for name in OUTPUTS:
            Pin(self.wiring["outputs"][name], Pin.OUT, value=0)
        self.pressed = False
        button = Pin(self.wiring["inputs"]["button"], Pin.IN, Pin.PULL_UP)
        button.irq(handler=self._press, trigger=Pin.IRQ_FALLING)

    def _press(self, _: Pin) -> None:
        self.pressed = True


_begun: "list[First]" = []


def begin() -> First:
    """The one of this start. OSError, ValueError, KeyError: the board's data can't be used."""
    if not _begun:
        _begun.append(First())
    return _begun[0]
