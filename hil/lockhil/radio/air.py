"""The air: who hears whom, when, and how well. Units and centrals are in it; it knows neither.

Adverts take no time of anybody while nobody listens, and connections none while nobody sends.
"""

import asyncio
from dataclasses import replace
from random import Random
from typing import Any

from bumble import hci, ll
from bumble.device import Device
from bumble.host import Host
from bumble.link import LocalLink

from lockhil.radio.capture import Capture
from lockhil.radio.controller import Radio
from lockhil.radio.link import Link, Packet
from lockhil.radio.path import Path
from lockhil.radio.peripheral import Peripheral
from lockhil.radio.runner import WorldRunner
from lockhil.radio.worldloop import WorldLoop
from locksim.timeline import Timeline

# Adverts come so much later, at most, than their interval says; by chance, as the standard has it.
ADVERT_DELAY_MS = 10
_RSSI_SPREAD_DB = 2


class Air(LocalLink):
    """An air on a timeline, empty at first. What is chance in it comes from `seed`."""

    def __init__(self, timeline: Timeline, seed: int = 0) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.timeline = timeline
        self.loop = WorldLoop(timeline)
        self.runner = WorldRunner(timeline, self.loop)
        self.chance = Random(f"air {seed}")  # noqa: S311 a simulation
        self.radios: list[Radio] = []
        self._default = Path()
        self._capture: Capture | None = None
        self._paths: dict[frozenset[str], Path] = {}
        self._links: list[Link] = []
        self._adverts: dict[Radio, asyncio.TimerHandle] = {}

    # Who is in it.

    def unit(self, address: str) -> Peripheral:
        """What a virtual board's `bluetooth` speaks to: a radio with this public address."""
        return Peripheral(self, hci.Address(address, hci.Address.PUBLIC_DEVICE_ADDRESS))

    async def central(self, address: str) -> Device:
        """A device with this random address, powered on."""
        random = hci.Address(address, hci.Address.RANDOM_DEVICE_ADDRESS)
        radio = self.radio(f"central {address}", hci.Address.ANY)
        device = Device(name=f"central {address}", address=random, host=Host(radio, radio))
        await device.power_on()
        return device

    def radio(self, name: str, public: hci.Address) -> Radio:
        """A controller of its own."""
        with self.loop.entered():
            radio = Radio(self, name, public)
        self.radios.append(radio)
        return radio

    def remove(self, radio: Radio) -> None:
        """It is gone without a word."""
        radio.silence()
        if radio in self.radios:
            self.radios.remove(radio)

    def retire(self, radio: Radio) -> None:
        """It is gone once all that it was connected to has heard so."""
        links = [link for link in self._links if radio in link.ends]
        if links:
            self.loop.call_later(links[0].interval_ms / 1_000, self.retire, radio)
        else:
            self.remove(radio)

    def close(self) -> None:
        """The world ends, and with it all that still waits for something."""
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.drain()

    def capture(self, into: Capture | None) -> None:
        """Write down from now on what each radio and its host say to each other."""
        self._capture = into

    def captured(self, name: str, packet: bytes, *, sent: bool) -> None:
        """A radio's host sent a packet, or got one."""
        if self._capture is not None:
            self._capture.write(round(self.loop.time() * 1_000), name, packet, sent=sent)

    # What lies between them.

    def path(self, one: str, other: str) -> Path:
        """Between two addresses."""
        return self._paths.get(frozenset((one, other)), self._default)

    def between(self, one: str, other: str, **changes: Any) -> None:
        """Change what lies between two addresses, from now on; see `Path`."""
        self._paths[frozenset((one, other))] = replace(self.path(one, other), **changes)
        self._paths_changed()

    def everywhere(self, **changes: Any) -> None:
        """Change what lies between any two, from now on; see `Path`."""
        self._default = replace(self._default, **changes)
        self._paths = {pair: replace(path, **changes) for pair, path in self._paths.items()}
        self._paths_changed()

    def _paths_changed(self) -> None:
        with self.loop.entered():
            for link in list(self._links):
                link.changed()

    def rssi(self, link: Link) -> int:
        """How strong a connection is now, dBm."""
        one, other = (_address(radio, handle) for radio, handle in link.ends.items())
        return self._strength(self.path(one, other))

    def _strength(self, path: Path) -> int:
        spread = self.chance.randint(-_RSSI_SPREAD_DB, _RSSI_SPREAD_DB)
        return max(-127, min(20, path.rssi_dbm + spread))

    # Adverts.

    def adverts_changed(self, radio: Radio) -> None:
        """It begins to advertise, stops, or says something else."""
        timer = self._adverts.pop(radio, None)
        if timer is not None:
            timer.cancel()
        if radio.advertises and self._listened():
            self._advertise_in(radio, self.chance.uniform(0, ADVERT_DELAY_MS))

    def listeners_changed(self) -> None:
        """Somebody begins to listen, or stops."""
        if not self._listened():
            for timer in self._adverts.values():
                timer.cancel()
            self._adverts.clear()
            return
        for radio in self.radios:
            if radio.advertises and radio not in self._adverts:
                # It went on all the time, and nobody counted.
                self._advertise_in(radio, self.chance.uniform(0, radio.advert_interval_ms))

    def _listened(self) -> bool:
        return any(radio.listens for radio in self.radios)

    def _advertise_in(self, radio: Radio, ms: float) -> None:
        self._adverts[radio] = self.loop.call_later(ms / 1_000, self._advertise, radio)

    def _advertise(self, radio: Radio) -> None:
        del self._adverts[radio]
        if not radio.advertises:
            return
        own = str_of(radio.le_legacy_advertiser.address)
        for other in list(self.radios):
            if other is radio or not other.listens:
                continue
            path = self.path(own, _own_address(other))
            if path.arrives(self.chance) and self._on_channel(other):
                response = path.arrives(self.chance)
                other.hear(radio, self._strength(path), response=response)
        if radio.advertises and radio not in self._adverts and self._listened():
            delay = self.chance.uniform(0, ADVERT_DELAY_MS)
            self._advertise_in(radio, radio.advert_interval_ms + delay)

    def _on_channel(self, radio: Radio) -> bool:
        """Whether a scanner that listens a part of the time does now."""
        if radio.pending_le_connection is not None:
            return True
        window, interval = radio.le_scan_window, radio.le_scan_interval
        return window >= interval or self.chance.random() < window / interval

    # Connections.

    def connect(self, central: Radio, peripheral: Radio) -> None:
        """The central answers an advert."""
        wanted = central.pending_le_connection
        assert wanted is not None
        public = wanted.own_address_type == hci.OwnAddressType.PUBLIC
        mine = central.public_address if public else central.random_address
        theirs = peripheral.le_legacy_advertiser.address
        path = self.path(str_of(mine), str_of(theirs))
        if mine in peripheral.le_connections or not path.arrives(self.chance):
            return
        timing = path.interval_ms, path.supervision_ms
        ends = {
            central: central.join(hci.Role.CENTRAL, mine, theirs, *timing),
            peripheral: peripheral.join(hci.Role.PERIPHERAL, theirs, mine, *timing),
        }
        names = str_of(mine), str_of(theirs)
        self._links.append(Link(self.loop, self.chance, lambda: self.path(*names), ends))
        self.adverts_changed(peripheral)
        self.listeners_changed()

    def link_at(self, radio: Radio, handle: int) -> Link | None:
        """The connection that has this handle at that radio."""
        self._links = [link for link in self._links if link.ends]
        return next((link for link in self._links if link.ends.get(radio) == handle), None)

    def hang_up(self, link: Link, radio: Radio, reason: int, own_reason: int) -> None:
        """One end says that it is over; it is once the other has heard."""

        def arrive() -> None:
            ends = dict(link.ends)
            link.close()
            for end, handle in ends.items():
                end.left(handle, own_reason if end is radio else reason)

        link.send(radio, Packet(arrive))

    def vanish(self, radio: Radio) -> None:
        """It stops all, without a word."""
        for link in list(self._links):
            if radio in link.ends:
                link.vanish(radio)
        self.adverts_changed(radio)
        self.listeners_changed()

    def send_ll_control_pdu(
        self, sender_address: hci.Address, receiver_address: hci.Address, packet: ll.ControlPdu
    ) -> None:
        """What bumble's controllers say to each other."""
        for radio in self.radios:
            connection = radio.le_connections.get(receiver_address)
            if connection is not None and connection.self_address == sender_address:
                link = self.link_at(radio, connection.handle)
                if link is not None and (peer := link.peer(radio)) is not None:
                    link.send(radio, Packet(lambda: peer.control(sender_address, packet)))
                return


def str_of(address: hci.Address) -> str:
    """An address without its type."""
    return str(address).removesuffix("/P")


def _own_address(radio: Radio) -> str:
    if radio.random_address != hci.Address("00:00:00:00:00:00"):
        return str_of(radio.random_address)
    return str_of(radio.public_address)


def _address(radio: Radio, handle: int) -> str:
    connection = radio.find_le_connection_by_handle(handle)
    assert connection is not None
    return str_of(connection.self_address)
