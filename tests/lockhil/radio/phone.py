"""Centrals at the link of the firmware's own radio, and what the board's main.py is then."""

import json
from collections.abc import Iterable
from typing import Any

from bumble.device import Connection, Device, Peer

from lockunit import lockkey
from tests.lockhil.radio.rig import PHONE, Board, connect, nus
from tests.lockunit.sealed import KEY, START_S

FIRMWARE = "from lockboards.app import main\nmain()\n"
OTHER, THIRD = "C0:00:00:00:00:02", "C0:00:00:00:00:03"


def stored(files: dict[str, bytes]) -> str:
    """Code that leaves these in the unit's storage."""
    return f"""
import os
if "data" not in os.listdir("/"):
    os.mkdir("/data")
for name, data in {files!r}.items():
    with open("/data/" + name, "wb") as file:
        file.write(data)
"""


SEALED = stored(dict(lockkey.provisions(KEY, 1, START_S))) + FIRMWARE


def line(method: str, ident: int = 1) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": ident, "method": method}).encode() + b"\n"


class Phone:
    """A central at the unit's link. `heard`: each notification as it came."""

    def __init__(self, one: Board, address: str = PHONE) -> None:
        self.one = one
        self.device: Device = one.central(address)
        self.heard: list[bytes] = []
        self.connection: Connection | None = None

    async def enter(self, mtu: int = 0) -> "Phone":
        self.connection = await connect(self.device)
        if mtu:
            await Peer(self.connection).request_mtu(mtu)
        self.rx, tx = await nus(self.connection)
        await tx.subscribe(lambda value: self.heard.append(bytes(value)))
        return self

    @property
    def lines(self) -> list[Any]:
        return [json.loads(each) for each in b"".join(self.heard).split(b"\n") if each]

    def write(self, data: bytes, *, response: bool = True) -> None:
        self.one.run(self.rx.write_value(data, with_response=response))

    def write_all(self, lines: Iterable[bytes]) -> None:
        for each in lines:
            self.write(each)

    def answer(self, ident: int = 1, within_ms: int = 5_000) -> Any:
        found: list[Any] = []

        def there() -> bool:
            if b"".join(self.heard).endswith(b"\n"):
                found[:] = [told for told in self.lines if told.get("id") == ident]
            return bool(found)

        assert self.one.wait(there, within_ms), self.heard
        return found[0].get("result") or found[0]["error"]

    @property
    def here(self) -> bool:
        return self.connection is not None and bool(self.device.connections)


def phone(one: Board, address: str = PHONE, mtu: int = 0) -> Phone:
    return one.run(Phone(one, address).enter(mtu))
