# Runs under MicroPython. A `machine` that allocates nothing: levels and readings are set, what is
# driven is kept, and nobody waits.

import io

PWRON_RESET, HARD_RESET, WDT_RESET, DEEPSLEEP_RESET, SOFT_RESET = range(1, 6)


class Pin:
    IN, OUT, PULL_UP, IRQ_RISING, IRQ_FALLING = 1, 3, 2, 1, 2
    made = {}
    # Contacts that are closed to ground, and the USB's line: a locked, closed door on its battery.
    low = ()

    def __init__(self, number, mode=1, pull=-1, value=0):
        self.level = value if mode == Pin.OUT else int(number not in Pin.low)
        self.handler = None
        self.made[number] = self

    def value(self, level=None):
        if level is None:
            return self.level
        self.level = level

    def irq(self, handler, trigger):
        self.handler = handler

    def edge(self, level):
        self.level = level
        self.handler(self)


class ADC:
    # Two good cells, of 3 V, on the taps that `boards/virtual.json` describes.
    raw = 39_700
    readings = 0

    def __init__(self, pin):
        pass

    def read_u16(self):
        ADC.readings += 1
        return self.raw


class RTC:
    def memory(self, data=None):
        return b""

    def datetime(self):
        return (2026, 1, 1, 3, 0, 0, 0, 0)


class UART(io.IOBase):
    """Nothing comes in; `idle` is called whenever the main loop asks."""

    def __init__(self, number, baud, **_):
        self.idle = None

    def any(self):
        self.idle()
        return 0

    def write(self, data):
        return len(data)

    def ioctl(self, request, arg):
        return 0


class WDT:
    def __init__(self, timeout):
        pass

    def feed(self):
        pass


def reset_cause():
    return PWRON_RESET
