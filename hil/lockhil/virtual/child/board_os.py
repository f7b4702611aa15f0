# Runs under MicroPython. `os` as a board has it: the port's own, but for its random bytes, which
# come from the simulated world, so that the same history gives the same ones, and for its name.

from collections import namedtuple
from os import *  # noqa: F403

import bus

_Uname = namedtuple("uname", ("sysname", "nodename", "release", "version", "machine"))


def uname():
    return _Uname("virtual", "virtual", "", "", "lockrig virtual board")


def urandom(n):
    drawn = b""
    while len(drawn) < n:
        drawn += (bus.ask(bus.RANDOM) & 0xFFFFFFFF).to_bytes(4, "little")
    return drawn[:n]
