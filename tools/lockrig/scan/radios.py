"""With what the air is listened to: this machine's adapter, another one by its HCI, or made up.

It opens; what is heard is `lockhil.bluetooth.watch`'s business.
"""

from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass

from bleak.backends.scanner import BaseBleakScanner

from lockhil.radio.runner import Runner, ThreadRunner
from lockrig.errors import Exit, LockrigError
from lockrig.i18n import _
from lockrig.targets import one_line
from lockrig.trace.terminal import safe


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
        # It needs bumble, which nobody does who has an adapter.
        from lockhil.bluetooth.hci import adapter_at  # noqa: PLC0415
        from lockhil.bluetooth.scanner import scanner_on  # noqa: PLC0415
    except ImportError:
        told = _("--radio needs bumble: pip install 'lockrig[virtual]'")
        raise LockrigError(told, Exit.USAGE) from None
    runner = ThreadRunner()
    held = AsyncExitStack()
    try:
        try:
            opened = runner.run(held.enter_async_context(adapter_at(spec)))
        except Exception as error:
            # Whatever a transport of theirs may raise.
            told = _("{spec}: no Bluetooth controller answers there: {why}").format(
                spec=safe(spec), why=one_line(error) or type(error).__name__
            )
            raise LockrigError(told, Exit.NO_CONTACT) from None
        yield Ear(runner, scanner_on(opened))
    finally:
        runner.run(held.aclose())
        runner.close()
