# Runs under MicroPython. A board that allocates nothing: inputs are attributes to set, outputs are
# kept as small integers, so that whatever a measurement finds is the core's own.

from hashlib import sha256

GOOD_MV = 3_000
LOADED_MV = 2_820


class NullBoard:
    refused = ()

    def __init__(self):
        self.loaded = self.direction = self.lit = self.marked = self.sent = 0
        self.readings = 0
        self.ends = 1
        self.door_is = 0
        self.taps = 2
        self.rest_mv, self.loaded_mv = GOOD_MV, LOADED_MV
        self.fails = False
        self.source = 0
        self.cause = 0
        self.ma = 600
        self.stored = {}
        self.appended = 0
        # A whole segment of the journal can be read if it is named here.
        self.segments = ()
        self.page = bytes(1_024)

    def unit_id(self):
        return "NULL-0001"

    def leds(self, green, red):
        self.lit = green + 2 * red

    def motor(self, direction):
        self.direction = direction

    def motor_ma(self):
        self.readings += 1
        return self.ma

    def load(self, on):
        self.loaded = on

    def bolt_ends(self):
        return self.ends

    def door(self):
        return self.door_is

    def cells(self):
        return self.taps

    def read_mv(self, cell):
        self.readings += 1
        if self.fails:
            return -(1 << 20)
        mv = self.loaded_mv if self.loaded or self.direction else self.rest_mv
        return mv * 2 if cell < 0 else mv

    def temperature(self):
        return 20

    def supply(self):
        return self.source

    def reset_cause(self):
        return self.cause

    def markers(self):
        return 0

    def mark(self, bits):
        self.marked = bits

    def trial(self):
        return False

    def fetch(self, name):
        return self.stored.get(name)

    def store(self, name, data):
        self.stored[name] = data
        return True

    def append(self, name, data):
        self.appended += len(data)

    def read(self, name, at, count):
        return self.page[:count]

    def remove(self, name):
        pass

    def names(self, prefix):
        return self.segments

    def calendar(self):
        return 1_750_000_000

    def random(self, count):
        return bytes(count)

    def sha256(self, data):
        return sha256(data).digest()

    def wires(self):
        return 2

    def drop(self, wire):
        pass

    def advertise(self, interval_ms, advert, answer):
        pass

    def gauge(self, percent, status):
        pass

    def send(self, line, wire=0):
        self.sent += 1
