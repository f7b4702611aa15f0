"""With what the air is listened to: this machine's adapter, another one by its HCI, or made up.

It opens; what is heard is `lockhil.bluetooth.watch`'s business.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bleak.backends.scanner import BaseBleakScanner

from lockhil.radio.runner import Runner, ThreadRunner
from lockrig.errors import Exit, LockrigError
from lockrig.i18n import _
from lockrig.targets import one_line
from lockrig.trace.terminal import safe

# For a controller that is there to say that it is.
_OPEN_S = 10.0


@dataclass(frozen=True, slots=True)
class Ear:
    """Who listens, and on whose clock; `backend` None: bleak's own for this machine."""

    runner: Runner
    backend: type[BaseBleakScanner] | None


@contextmanager
def adapter() -> Iterator[Ear]:
    """This machine's."""
    runner = ThreadRunner()
    try:
        yield Ear(runner, None)
    finally:
        runner.close()


@contextmanager
def radio(spec: str) -> Iterator[Ear]:
    """A controller by bumble's name for it: `usb:0`, `tcp-client:127.0.0.1:9000`. LockrigError."""
    try:
        # Whoever has an adapter needs none of it.
        from bumble import transport  # noqa: PLC0415
        from bumble.device import Device  # noqa: PLC0415
        from bumble.hci import Address  # noqa: PLC0415

        from lockhil.bluetooth.adapter import Adapter  # noqa: PLC0415
        from lockhil.bluetooth.scanner import scanner_on  # noqa: PLC0415
    except ImportError:
        told = _("--radio needs bumble: pip install 'lockrig[virtual]'")
        raise LockrigError(told, Exit.USAGE) from None

    async def begin() -> tuple[transport.Transport, Device]:
        async with asyncio.timeout(_OPEN_S):
            opened = await transport.open_transport(spec)
            own = Address.generate_static_address()
            device = Device.with_hci("lockrig", own, opened.source, opened.sink)
            await device.power_on()
            return opened, device

    runner = ThreadRunner()
    try:
        try:
            opened, device = runner.run(begin())
        except Exception as error:
            # Whatever a transport of theirs may raise.
            told = _("{spec}: no Bluetooth controller answers there: {why}").format(
                spec=safe(spec),
                why=one_line(error) or type(error).__name__,
            )
            raise LockrigError(told, Exit.NO_CONTACT) from None
        try:
            yield Ear(runner, scanner_on(Adapter(device)))
        finally:
            runner.run(opened.close())
    finally:
        runner.close()
