# Runs under MicroPython. The child's end of the wires: every pin, reading and wait is a message
# of 8 bytes to the process that simulates the world. See lockhil/virtual/protocol.py.

import struct

OUT, READ, ADC, WAIT, NOW, TX, MEMORY, KEEP, CAUSE, RESET, FEED, PROGRAM, ERASE = range(1, 14)
CLOCK, RANDOM, SET_CLOCK, INTERRUPT, BLE, SET_UP, PWM = 14, 15, 16, 17, 18, 19, 24
# How a pin is set up.
DRIVES, OPEN_DRAIN, UP, DOWN, IRQ = 1, 2, 4, 8, 16
TIMED_OUT, HAPPENED, VALUE, FAILED = range(20, 24)

_HEAD = "<BBHi"

_file = None
_real = False
_seq = 0
_now = 0
# How the last wait ended.
timed_out = False
# Ctrl-C came while the flash was at work: it ends the next wait.
interrupted = False
_request = bytearray(8)
_reply = bytearray(8)
# Pin number -> called with its new level.
on_edge = {}
# Number of a UART -> called with the bytes that came in.
on_bytes = {}


def connect(fd, real):
    global _file, _real, _now
    _file = open(fd, "r+b")
    _real = real
    _now = ask(NOW)


def tell(op, pin=0, value=0):
    """Send without an answer."""
    struct.pack_into(_HEAD, _request, 0, op, pin, 0, value)
    _file.write(_request)


def tell_bytes(op, pin, data):
    """Send bytes, without an answer."""
    # In one go: after ctrl-C between two, the next messages would be taken for these bytes.
    message = bytearray(8) + data
    struct.pack_into(_HEAD, message, 0, op, pin, 0, len(message) - 8)
    _file.write(message)


def ask(op, pin=0, value=0, data=b""):
    """Send and wait for the answer; its value, or None if the reading failed."""
    global _seq, _now, timed_out
    # A handler of an edge asks too, before the wait that it ends has returned.
    mine = _seq = _seq % 0xFFFF + 1
    struct.pack_into(_HEAD, _request, 0, op, pin, mine, value)
    _file.write(_request)
    if data:
        _file.write(data)
    while True:
        # What answers an earlier question was asked by code that ctrl-C ended.
        if _file.readinto(_reply) != 8:
            raise SystemExit
        kind, edges, seq, answer = struct.unpack(_HEAD, _reply)
        if kind == HAPPENED:
            _now = answer
            _happened(edges)
            timed_out = False
        elif kind == TIMED_OUT:
            _now, timed_out = answer, True
        if seq == mine:
            return None if kind == FAILED else answer


def _happened(edges):
    """Hand out what ended a wait: edges (pin, level) first, then bytes."""
    uart, length = struct.unpack("<HH", _file.read(4))
    changed = _file.read(2 * edges) if edges else b""
    data = _file.read(length) if length else b""
    if data and uart in on_bytes:
        on_bytes[uart](data)
    for place in range(0, len(changed), 2):
        handler = on_edge.get(changed[place])
        if handler:
            handler(changed[place + 1])


def wait(ms):
    """Wait at most `ms` (-1: for ever), or until something happens; whether time ran out."""
    global interrupted
    if interrupted:
        interrupted = False
        raise KeyboardInterrupt
    ask(WAIT, 0, ms)
    return timed_out


def ticks():
    global _now
    if _real:
        _now = ask(NOW)
    return _now
