"""The simulated board: the firmware's port to the world, wired to it directly.

It only passes on: what a pin or a reading is worth, the world knows.
"""

import hashlib
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

from locksim.radio import Advert
from locksim.slots import OtherSlot
from lockunit import board as port
from lockunit.board import Board

if TYPE_CHECKING:
    from locksim.world import World

DOORS = {
    "closed": port.DOOR_CLOSED,
    "open": port.DOOR_OPEN,
    "unknown": port.DOOR_UNKNOWN,
}
SUPPLIES = {
    "battery": port.SUPPLY_BATTERY,
    "external": port.SUPPLY_EXTERNAL,
    "unknown": port.SUPPLY_UNKNOWN,
}
RESETS = {
    "power": port.RESET_POWER,
    "brown-out": port.RESET_BROWN_OUT,
    "watchdog": port.RESET_WATCHDOG,
    "soft": port.RESET_SOFT,
}


class Ecb:
    """AES block by block, as a board's `cryptolib` gives it."""

    def __init__(self, key: bytes) -> None:
        # By itself ECB hides nothing: the firmware makes CCM of it.
        self._encryptor = Cipher(AES(key), ECB()).encryptor()  # noqa: S305

    def encrypt(self, data: bytes | bytearray) -> bytes:
        """As many bytes as `data`: whole blocks of 16."""
        return self._encryptor.update(data)


class SimBoard(Board):
    """A board in a `World`."""

    def __init__(self, world: "World") -> None:
        self._world = world
        world.slots.start()

    def unit_id(self) -> str:
        return self._world.unit_id

    def button(self) -> int:
        """The button's contact: 1 closed. The core knows it by its events alone."""
        return int(self._world.recorder.shown["button"])

    def leds(self, green: int, red: int) -> None:
        self._world.record("led.green", int(bool(green)))
        self._world.record("led.red", int(bool(red)))

    def motor(self, direction: int) -> None:
        world = self._world
        # A pin driven to the level that it has changes nothing.
        if direction != world.plant.motor.direction:
            world.plant.motor.drive(world.now, direction)
            world.settle()

    def motor_ma(self) -> int:
        return self._world.plant.motor_ma

    def load(self, on: int) -> None:
        if bool(on) != self._world.plant.load:
            self._world.plant.load = bool(on)
            self._world.settle()

    def bolt_ends(self) -> int:
        return self._world.bolt_ends()

    def door(self) -> int:
        return DOORS[self._world.door]

    def cells(self) -> int:
        return self._world.plant.pack.taps

    def read_mv(self, cell: int) -> int:
        plant = self._world.plant
        if self._world.adc_fails or not -1 <= cell < plant.pack.taps:
            return port.FAILED
        if cell == port.PACK:
            return self._node(plant.pack.size)
        return self._node(cell + 1) - self._node(cell)

    def _node(self, cells: int) -> int:
        """The voltage over the lowest so many cells, as a converter sees it: never below 0 V."""
        world = self._world
        pack, now = world.plant.pack, world.now
        return max(0, sum(pack.cell_mv(cell, now) for cell in range(cells)))

    def temperature(self) -> int:
        celsius = self._world.temperature_c
        return port.FAILED if celsius is None else celsius

    def supply(self) -> int:
        return SUPPLIES[self._world.plant.supply]

    def reset_cause(self) -> int:
        return RESETS[self._world.rail.reset_cause]

    def markers(self) -> int:
        return self._world.rail.markers

    def mark(self, bits: int) -> None:
        self._world.rail.markers = bits

    def restart(self) -> None:
        # Once the unit has returned: it can't be taken away under its own feet.
        world = self._world
        world.timeline.after(0, lambda: world.reset("soft"))

    def trial(self) -> bool:
        return self._world.slots.on_trial

    def confirm(self) -> None:
        self._world.slots.confirm()

    def reject(self) -> None:
        self._world.slots.reject()

    def slot(self) -> OtherSlot:
        return OtherSlot(self._world.slots)

    def fetch(self, name: str) -> bytes | None:
        return self._world.storage.get(name)

    def write(self, name: str, data: bytes) -> None:
        self._world.storage[name] = bytes(data)

    def append(self, name: str, data: bytes) -> None:
        self._world.storage[name] = self._world.storage.get(name, b"") + bytes(data)

    def read(self, name: str, at: int, count: int) -> bytes:
        return self._stored(name)[at : at + count]

    def remove(self, name: str) -> None:
        self._stored(name)
        del self._world.storage[name]

    def _stored(self, name: str) -> bytes:
        try:
            return self._world.storage[name]
        except KeyError:
            raise FileNotFoundError(name) from None

    def names(self, prefix: str) -> list[str]:
        return [name for name in self._world.storage if name.startswith(prefix)]

    def calendar(self) -> int:
        utc_s = self._world.utc_s
        return 0 if utc_s is None else utc_s + self._world.now // 1000

    def set_calendar(self, seconds: int) -> None:
        self._world.utc_s = seconds - self._world.now // 1000

    def random(self, count: int) -> bytes:
        return b"".join(self._world.chance() for _ in range(count // 4))

    def sha256(self, data: bytes) -> bytes:
        return hashlib.sha256(data).digest()

    def aes(self, key: bytes) -> Ecb:
        return Ecb(key)

    def wires(self) -> int:
        return self._world.radio.wires

    def send(self, line: bytes, wire: int = 0) -> None:
        if wire:
            self._world.radio.sent(bytes(line), wire)
        else:
            self._world.sent(bytes(line))

    def drop(self, wire: int) -> None:
        # Once the unit has returned: it is told that somebody left, as of any other.
        world = self._world
        world.timeline.after(0, lambda: world.radio.leave(wire))

    def advertise(self, interval_ms: int, advert: bytes, answer: bytes) -> None:
        self._world.radio.advert = Advert(interval_ms, bytes(advert), bytes(answer))
        self._world.radio.advertises(interval_ms)

    def gauge(self, percent: int, status: bytearray) -> None:
        self._world.radio.gauge = percent, bytes(status)
