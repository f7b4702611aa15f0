# Runs under MicroPython. `time` as a board has it: ticks with a period of 2**30, on the clock of
# the simulated world.

import bus

_HALF = 1 << 29
_PERIOD = 1 << 30


def ticks_ms():
    return bus.ticks()


def ticks_us():
    return bus.ticks() * 1000 % _PERIOD


ticks_cpu = ticks_us


def ticks_add(ticks, delta):
    return (ticks + delta) % _PERIOD


def ticks_diff(end, start):
    return (end - start + _HALF) % _PERIOD - _HALF


def sleep_ms(ms):
    until = ticks_add(ticks_ms(), ms)
    while (left := ticks_diff(until, ticks_ms())) > 0:
        bus.wait(left)


def sleep(s):
    sleep_ms(int(s * 1000))


def sleep_us(us):
    sleep_ms((us + 999) // 1000)


def time():
    return bus.ticks() // 1000


def time_ns():
    return bus.ticks() * 1_000_000
