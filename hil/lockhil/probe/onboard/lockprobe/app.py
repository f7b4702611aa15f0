"""The probe's main loop: waits for edges, for the host's lines and for the model, serves them.

It owns all waiting, and decides nothing.
"""

import gc
import json
import select

from machine import UART

from lockprobe.bench import Bench
from lockprobe.clock import LONGEST_MS, Clock
from lockprobe.log import Log, Ring
from lockprobe.methods import Methods
from lockprobe.pins import Pins
from lockprobe.rpc import Rpc

_FOLDER = "/probe"
_CHUNK = 256
_NOBODY = "?"


def main() -> None:
    """Never returns but by an exception: a fault, or ctrl-C on the console."""
    with open(_FOLDER + "/wires.json") as file:
        wired = json.load(file)
    clock, ring, log = Clock(), Ring(), Log()
    pins = Pins(wired["wires"], ring)
    link = wired["link"]
    uart = UART(link["uart"], link["baud"], tx=link["tx"], rx=link["rx"], txbuf=2_048, rxbuf=2_048)
    bench = Bench(pins, log, clock.us())
    rpc = Rpc(Methods(bench, clock, _label(), lambda: ring.lost).table())
    poller = select.poll()
    poller.register(ring, select.POLLIN)
    poller.register(uart, select.POLLIN)
    gc.collect()
    while True:
        ms = bench.next_ms(clock.us())
        for _ in poller.ipoll(LONGEST_MS if ms < 0 else min(ms, LONGEST_MS)):
            pass
        while ring.waiting():
            raw = ring.raw()
            edge = ring.take()
            bench.edge(clock.at(raw), edge >> 1, edge & 1)
        bench.run(clock.us())
        data = uart.read(_CHUNK) if uart.any() else None
        if data:
            uart.write(rpc.take(data))


def _label() -> str:
    try:
        with open(_FOLDER + "/label") as file:
            return file.read()
    except OSError:
        return _NOBODY
