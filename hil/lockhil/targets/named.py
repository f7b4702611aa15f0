"""The target of a board that has a name: what is configured of it, opened by its link's own kind.

It holds the board's lock, and refuses another unit in its place; what there is around the unit, a
probe or nothing, the board's description says.
"""

import importlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from lockhil.client import Link, LinkTimeoutError, RpcError, Transport
from lockhil.lab.entries import Supply, boards
from lockhil.lab.locks import BusyError, held
from lockhil.probe.bench import ProbeBench
from lockhil.probe.supply import ScpiSupply
from lockhil.session.credentialfile import Carried, decode
from lockhil.targets import KINDS
from lockhil.targets.base import Target
from lockhil.targets.probed import open_bench, open_probed
from lockhil.targets.realclock import ContactLostError
from lockhil.targets.remote import HELLO_MS, first_id, refuse, unit_on

# As `ble:` has it, which is the worse of the two.
TOLERANCE_MS = 250


@contextmanager
def wire(name: str) -> Iterator[Transport]:
    """The line behind a board's name. ContactLostError: none, busy, or another unit's."""
    with _line(name) as transport:
        unit = boards()[name].unit
        if unit:
            _refuse_another(name, unit, _who(transport, name))
        yield transport


@contextmanager
def _line(name: str) -> Iterator[Transport]:
    """The line, with all of the board's ports locked; its unit may have no power yet."""
    link = boards()[name].link
    if not link:
        raise ContactLostError(f"{name} has no link in lockrig.toml: boards.{name}.link says where")
    kind, _, _ = link.partition(":")
    target = link if kind in KINDS else f"serial:{link}"
    module = importlib.import_module(KINDS[target.partition(":")[0]][1])
    try:
        with held(name), module.wire(target) as transport:
            yield transport
    except BusyError as error:
        raise ContactLostError(str(error)) from None


def _who(transport: Transport, name: str) -> str:
    """Which unit answers. ContactLostError: none."""
    link = Link(transport, first_id())
    link.send_raw(b"\n")
    try:
        return str(link.call("unit.hello", timeout_ms=HELLO_MS).get("unit"))
    except (LinkTimeoutError, RpcError) as error:
        raise ContactLostError(f"no lock unit answers on {name}: {error}") from None


def _refuse_another(name: str, expected: str, came: str) -> None:
    if expected not in ("", came):
        raise ContactLostError(
            f"{name} must be the unit {expected}, and what answers there is {came}: "
            "is another board plugged in?"
        )


@contextmanager
def open_target(name: str, wallet: Carried | None = None, **options: Any) -> Iterator[Target]:
    """With its probe, if it has one; else see `unit_on`. ValueError: its wiring can't be used."""
    board = boards()[name]
    if wallet is None and board.credential:
        wallet = Carried(decode(Path(board.credential).read_bytes()))
    kind = "ble" if board.link.startswith("ble:") else "serial"
    if board.probe is None:
        refuse(options)
        with wire(name) as transport:
            yield unit_on(transport, name, kind, TOLERANCE_MS, wallet=wallet, options=options)
        return
    if board.probe.erases and not (board.unit and board.console):
        raise ContactLostError(
            f"boards.{name}.probe.erases: expected unit and console in boards.{name} too, "
            "for only what is known to be that unit is erased"
        )
    with ExitStack() as stack:
        supply = None if board.supply is None else _supply(stack, board.supply)
        target = stack.enter_context(
            open_probed(
                name,
                lambda: _line(name),
                board.probe.port,
                board.probe.wiring,
                target_kind=kind,
                console=board.console if board.probe.erases else None,
                erased=board.unit,
                supply=supply,
                wallet=wallet,
                **options,
            )
        )
        _refuse_another(name, board.unit, target.unit_id)
        yield target


@contextmanager
def open_wired(name: str) -> Iterator[tuple[ProbeBench, Transport]]:
    """The bench of a board that has a probe, and its unit's line. ContactLostError, ValueError."""
    board = boards()[name]
    if board.probe is None:
        raise ContactLostError(f"{name} has no probe in lockrig.toml: boards.{name}.probe says")
    with ExitStack() as stack:
        supply = None if board.supply is None else _supply(stack, board.supply)
        opening = open_bench(board.probe.port, board.probe.wiring, supply=supply)
        yield stack.enter_context(opening), stack.enter_context(_line(name))


def _supply(stack: ExitStack, supply: Supply) -> ScpiSupply:
    made = ScpiSupply(supply.scpi, supply.voltage_mv, supply.limit_ma)
    stack.callback(made.close)
    return made
