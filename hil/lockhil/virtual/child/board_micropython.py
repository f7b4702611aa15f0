# Runs under MicroPython. `micropython` as a board has it: the port's own, but for which character
# interrupts: that is the console's business, which is a terminal outside.

import bus
from micropython import *  # noqa: F403


def kbd_intr(chr):
    bus.ask(bus.INTERRUPT, 0, chr)
