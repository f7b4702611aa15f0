"""The target of a board that has a name: what is configured of it, opened by its link's own kind.

It holds the board's lock, and refuses another unit in its place; what there is around the unit, a
probe or nothing, the board's description says.
"""

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lockhil.bench import NotOnThisBenchError
from lockhil.client import Link, LinkTimeoutError, RpcError, Transport
from lockhil.lab.entries import Board, boards
from lockhil.lab.locks import BusyError, held
from lockhil.session.credentialfile import Carried, decode
from lockhil.targets import KINDS
from lockhil.targets.base import Target
from lockhil.targets.realclock import ContactLostError
from lockhil.targets.remote import HELLO_MS, first_id, refuse, unit_on

# As `ble:` has it, which is the worse of the two.
TOLERANCE_MS = 250


@contextmanager
def wire(name: str) -> Iterator[Transport]:
    """The line behind a board's name. ContactLostError: none, busy, or another unit's."""
    board = boards()[name]
    if not board.link:
        raise ContactLostError(f"{name} has no link in lockrig.toml: boards.{name}.link says where")
    kind = board.link.partition(":")[0]
    target = board.link if kind in KINDS else f"serial:{board.link}"
    module = importlib.import_module(KINDS[target.partition(":")[0]][1])
    try:
        with held(name), module.wire(target) as transport:
            _refuse_another(transport, name, board)
            yield transport
    except BusyError as error:
        raise ContactLostError(str(error)) from None


def _refuse_another(transport: Transport, name: str, board: Board) -> None:
    if not board.unit:
        return
    link = Link(transport, first_id())
    link.send_raw(b"\n")
    try:
        unit = link.call("unit.hello", timeout_ms=HELLO_MS).get("unit")
    except (LinkTimeoutError, RpcError) as error:
        raise ContactLostError(f"no lock unit answers on {name}: {error}") from None
    if unit != board.unit:
        raise ContactLostError(
            f"{name} must be the unit {board.unit}, and what answers there is {unit}: "
            "is another board plugged in? Nothing was done to it"
        )


@contextmanager
def open_target(name: str, wallet: Carried | None = None, **options: Any) -> Iterator[Target]:
    """With its probe, if it has one; else see `unit_on`."""
    board = boards()[name]
    if wallet is None and board.credential:
        wallet = Carried(decode(Path(board.credential).read_bytes()))
    if board.probe is not None:
        raise NotOnThisBenchError("its probe can't be opened yet")
    refuse(options)
    with wire(name) as transport:
        kind = "ble" if board.link.startswith("ble:") else "serial"
        yield unit_on(transport, name, kind, TOLERANCE_MS, wallet=wallet, options=options)
