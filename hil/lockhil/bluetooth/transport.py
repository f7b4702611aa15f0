"""The link's bytes over Bluetooth: a `lockhil.client.Transport` on bleak, on whichever adapter.

What was lost with a connection isn't said again here: whether it was done nobody knows but who
looks. The connection is made again when something new is to be said.
"""

import asyncio
from collections import deque
from collections.abc import Callable

from bleak import BleakClient
from bleak.backends.client import BaseBleakClient
from bleak.backends.device import BLEDevice
from bleak.exc import BleakError

from lockhil.bluetooth.failures import FAILURES, no_adapter, reason
from lockhil.bluetooth.nus import RX, TX
from lockhil.radio.runner import Runner
from lockhil.targets.realclock import ContactLostError

# How long one attempt takes at most, what is waited before the next ones, and when to give up.
ATTEMPT_S = 8.0
BACK_OFF_S = (0.5, 1.0, 2.0, 4.0)
PATIENCE_S = 20.0
# An attribute is no longer, however long the packets are.
_LONGEST = 512
_OPEN = "what was asked was done, or not: look how it is before you ask again"


class BleTransport:
    """A connection to the unit at an address, or that was found. ContactLostError.

    `runner`: what lets the adapter's time pass; `backend`: of which adapter, if not the default's;
    `starts`: where somebody knows how often the unit started; a connection doesn't outlive that,
    and waiting for its time-out to find out would leave open what was asked meanwhile.
    """

    def __init__(
        self,
        device: BLEDevice | str,
        runner: Runner,
        backend: type[BaseBleakClient] | None = None,
        starts: Callable[[], int] = lambda: 0,
    ) -> None:
        self._starts = starts
        self._started = starts()
        self._lost_ones = 0
        self._device = device
        self._runner = runner
        self._backend = backend
        address = device if isinstance(device, str) else device.address
        self._address = address
        self._lost = f"the connection to {address} was lost"
        self._client: BleakClient | None = None
        self._arrived: deque[tuple[int, bytes]] = deque()
        self._ended = True
        runner.run(self._join())

    @property
    def now_ms(self) -> int:
        return self._runner.now_ms

    @property
    def contact(self) -> int:
        return self._lost_ones + self._is_over

    @property
    def _is_over(self) -> bool:
        """Whether the unit started since it was connected to, which nobody here noticed yet."""
        return self._client is not None and self._starts() != self._started

    @property
    def connected(self) -> bool:
        """Whether there is a connection, as far as is known."""
        return self._client is not None

    def write(self, data: bytes) -> None:
        self._runner.run(self._say(data))

    def read(self, timeout_ms: int) -> tuple[int, bytes] | None:
        if not self._arrived and timeout_ms:
            self._runner.wait(lambda: bool(self._arrived) or not self.connected, timeout_ms)
        if self._arrived:
            return self._arrived.popleft()
        if timeout_ms and not self.connected:
            raise ContactLostError(f"{self._lost}; {_OPEN}")
        return None

    def close(self) -> None:
        """Leave the unit."""
        client, self._client = self._client, None
        if client is not None:
            self._runner.run(_leave(client))

    async def _join(self) -> None:
        """Connect, if need be more than once. ContactLostError."""
        loop = asyncio.get_running_loop()
        until = loop.time() + PATIENCE_S
        waits = list(BACK_OFF_S)
        while True:
            try:
                await self._try()
                return
            except FAILURES as error:
                if no_adapter(error) is not None:
                    raise ContactLostError(reason(error)) from None
                if not waits or loop.time() > until:
                    raise ContactLostError(
                        f"no connection to {self._address}: {reason(error)}; is it near and "
                        "powered, and is nobody else connected to it?"
                    ) from None
            await asyncio.sleep(waits.pop(0))

    async def _try(self) -> None:
        client = BleakClient(self._device, self._left, timeout=ATTEMPT_S, backend=self._backend)
        await client.connect()
        self._client, self._started = client, self._starts()
        try:
            await client.start_notify(TX, lambda _, data: self._heard(bytes(data)))
        except BaseException:
            self._client = None
            await _leave(client)
            raise

    def _heard(self, data: bytes) -> None:
        self._arrived.append((self._runner.now_ms, data))
        self._ended = data.endswith(b"\n")

    def _left(self, client: BleakClient) -> None:
        if client is not self._client:
            return
        self._client = None
        self._lost_ones += 1
        if not self._ended:
            # Half a line mustn't spoil the first one of the next connection.
            self._heard(b"\n")

    async def _say(self, data: bytes) -> None:
        if self._client is not None and self._is_over:
            gone = self._client
            self._left(gone)
            await _leave(gone)
        if self._client is None:
            await self._join()
        client = self._client
        assert client is not None
        rx = client.services.get_characteristic(RX)
        try:
            if rx is None:
                raise BleakError("it has no line for commands: it is no lock unit")
            size = min(_LONGEST, rx.max_write_without_response_size)
            for at in range(0, len(data), size):
                came = data[: at + size]
                await client.write_gatt_char(rx, data[at : at + size], response=True)
        except FAILURES as error:
            why = f": {reason(error)}" if client.is_connected else ""
            # Whoever can't be written to isn't connected: the next attempt begins anew.
            await _leave(client)
            self._left(client)
            # A line of which the end never left was never taken for one.
            what = _OPEN if b"\n" in came else "what was asked didn't reach it: nothing was done"
            raise ContactLostError(f"{self._lost}{why}; {what}") from None


async def _leave(client: BleakClient) -> None:
    try:
        await client.disconnect()
    except FAILURES:
        return  # it is gone anyway
