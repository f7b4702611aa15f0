# Runs under MicroPython. `machine` as the ESP32 port has it, over the wires to a simulated world:
# what drivers use of it, and nothing else.

from time import gmtime

import bus

PWRON_RESET, HARD_RESET, WDT_RESET, DEEPSLEEP_RESET, SOFT_RESET = range(1, 6)


class Pin:
    IN, OUT, OPEN_DRAIN = 1, 3, 7
    PULL_DOWN, PULL_UP = 1, 2
    IRQ_RISING, IRQ_FALLING = 1, 2

    def __init__(self, id, mode=-1, pull=-1, *, value=None):
        self._id = id
        self._handler = None
        self._trigger = 0
        self._bits = 0
        self.init(mode, pull, value=value)

    def __repr__(self):
        return "Pin(%d)" % self._id

    def init(self, mode=-1, pull=-1, *, value=None):
        if value is not None:
            # Before it drives: an output begins with its value.
            self.value(value)
        if mode != -1:
            out = {self.OUT: bus.DRIVES, self.OPEN_DRAIN: bus.DRIVES | bus.OPEN_DRAIN}
            self._bits = self._bits & bus.IRQ | out.get(mode, 0)
        if pull != -1:
            self._bits &= ~(bus.UP | bus.DOWN)
            self._bits |= {self.PULL_UP: bus.UP, self.PULL_DOWN: bus.DOWN}.get(pull, 0)
        if mode != -1 or pull != -1:
            bus.tell(bus.SET_UP, self._id, self._bits)

    def value(self, x=None):
        if x is None:
            return bus.ask(bus.READ, self._id)
        bus.tell(bus.OUT, self._id, 1 if x else 0)

    __call__ = value

    def on(self):
        self.value(1)

    def off(self):
        self.value(0)

    def irq(self, handler=None, trigger=IRQ_RISING | IRQ_FALLING, *, hard=False):
        self._handler = handler
        self._trigger = trigger
        bus.on_edge[self._id] = self._edge
        self._bits |= bus.IRQ
        bus.tell(bus.SET_UP, self._id, self._bits)

    def _edge(self, level):
        if self._handler and self._trigger & (self.IRQ_RISING if level else self.IRQ_FALLING):
            self._handler(self)


class PWM:
    def __init__(self, dest, *, freq=0, duty_u16=0):
        self._id = dest._id if isinstance(dest, Pin) else dest
        self._freq = freq
        self.duty_u16(duty_u16)

    def freq(self, value=None):
        if value is None:
            return self._freq
        self._freq = value

    def duty_u16(self, value=None):
        if value is None:
            return self._duty
        if not 0 <= value <= 65535:
            raise ValueError("duty_u16 must be from 0 to 65535")
        self._duty = value
        bus.tell(bus.PWM, self._id, value)

    def deinit(self):
        bus.tell(bus.SET_UP, self._id, 0)


class ADC:
    def __init__(self, pin, **_):
        self._id = pin._id if isinstance(pin, Pin) else pin

    def read_u16(self):
        raw = bus.ask(bus.ADC, self._id)
        if raw is None:
            raise OSError(116)  # ETIMEDOUT, as the port says it
        return raw


class UART:
    def __init__(self, id, baudrate=9600, *, rxbuf=256, **_):
        self._id = id
        self._rxbuf = rxbuf
        self._in = b""
        bus.on_bytes[id] = self._came

    def _came(self, data):
        # A full buffer loses what comes.
        self._in += data[: self._rxbuf - len(self._in)]

    def any(self):
        return len(self._in)

    def read(self, nbytes=-1):
        if not self._in:
            return None
        nbytes = len(self._in) if nbytes < 0 else nbytes
        data, self._in = self._in[:nbytes], self._in[nbytes:]
        return data

    def readinto(self, buf, nbytes=-1):
        data = self.read(len(buf) if nbytes < 0 else nbytes)
        if data is None:
            return None
        buf[: len(data)] = data
        return len(data)

    def write(self, buf):
        bus.tell_bytes(bus.TX, self._id, buf)
        return len(buf)

    def ioctl(self, request, arg):
        if request == 3:  # MP_STREAM_POLL; there is always room to write
            return arg & (5 if self._in else 4)
        return 0


class RTC:
    # Three bytes are what a message carries.
    def memory(self, data=None):
        if data is None:
            kept = bus.ask(bus.MEMORY)
            return kept.to_bytes(3, "little") if kept else b""
        if len(data) > 3:
            raise ValueError("buffer too long")
        bus.tell(bus.KEEP, 0, int.from_bytes(data, "little"))

    def datetime(self, datetimetuple=None):
        if datetimetuple is not None:
            year, month, day, _, hour, minute, second, _ = datetimetuple
            # The port's `mktime` goes by the zone of the machine. Years begin in March here.
            year, month = (year - 2000, month - 3) if month > 2 else (year - 2001, month + 9)
            days = 60 + 365 * year + year // 4 + (153 * month + 2) // 5 + day - 1
            bus.tell(bus.SET_CLOCK, 0, ((days * 24 + hour) * 60 + minute) * 60 + second)
            return None
        seconds = bus.ask(bus.CLOCK)
        if seconds < 0:
            return (2000, 1, 1, 5, 0, 0, bus.ticks() // 1000 % 60, 0)
        # The port's own counts from 1970.
        year, month, day, hour, minute, second, weekday = gmtime(seconds + 946_684_800)[:7]
        return (year, month, day, weekday, hour, minute, second, 0)


class WDT:
    def __init__(self, id=0, timeout=5000):
        self._timeout = timeout
        self.feed()

    def feed(self):
        bus.tell(bus.FEED, 0, self._timeout)


def reset_cause():
    return bus.ask(bus.CAUSE)


def reset():
    bus.tell(bus.RESET)
    while True:
        bus.wait(-1)


soft_reset = reset


def unique_id():
    return b"\x00virtual"


def idle():
    bus.wait(1)


def lightsleep(time_ms=-1):
    bus.wait(time_ms)
