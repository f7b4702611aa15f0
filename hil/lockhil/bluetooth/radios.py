"""What this process reaches the air by: the machine's adapter, or another controller by its HCI.

Which one it is, is the caller's to say; what is done with it, too.
"""

from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass

from bleak.backends.client import BaseBleakClient
from bleak.backends.scanner import BaseBleakScanner

from lockhil.radio.runner import Runner, ThreadRunner

# Names the controller for every command, as bumble calls it (`usb:0`): else the machine's adapter.
VARIABLE = "LOCKRIG_RADIO"
NEEDS_BUMBLE = "it needs bumble: pip install 'lockrig[virtual]'"


class NoRadioError(Exception):
    """The controller can't be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Station:
    """Where Bluetooth's coroutines run, and bleak's backends there; None: bleak's own for here."""

    runner: Runner
    client: type[BaseBleakClient] | None = None
    scanner: type[BaseBleakScanner] | None = None


@contextmanager
def station(spec: str = "") -> Iterator[Station]:
    """The machine's adapter, which isn't looked for yet; or the controller `spec`. NoRadioError."""
    runner = ThreadRunner()
    held = AsyncExitStack()
    try:
        yield _at(spec, runner, held) if spec else Station(runner)
    finally:
        runner.run(held.aclose())
        runner.close()


def _at(spec: str, runner: Runner, held: AsyncExitStack) -> Station:
    try:
        # They need bumble, which nobody does who has an adapter.
        from lockhil.bluetooth.hci import adapter_at  # noqa: PLC0415
        from lockhil.bluetooth.install import client_on  # noqa: PLC0415
        from lockhil.bluetooth.scanner import scanner_on  # noqa: PLC0415
    except ImportError:
        raise NoRadioError(NEEDS_BUMBLE) from None
    try:
        adapter = runner.run(held.enter_async_context(adapter_at(spec)))
    except Exception as error:
        # Whatever a transport of theirs may raise.
        why = str(error) or type(error).__name__
        raise NoRadioError(f"no controller answers: {why}") from None
    return Station(runner, client_on(adapter), scanner_on(adapter))
