"""The boards that have a name: where their ports are now, who has them, what they said last."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import msgspec

from lockhil.lab.entries import Board, boards
from lockhil.lab.locks import holder
from lockhil.lab.ports import PortGoneError, find
from lockhil.lab.seen import Seen, note, seen
from lockrig.boards.probed import Probed, Prober
from lockrig.errors import Exit, LockrigError
from lockrig.trace.terminal import safe


@dataclass(frozen=True, slots=True)
class Named:
    """A board that has a name; `now`: each of its ports, and the device that it is or why none."""

    name: str
    board: Board
    now: dict[str, str]
    busy: str | None
    last: Seen | None
    probed: Probed | None

    def as_json(self) -> dict[str, Any]:
        """For a document."""
        told = {"name": self.name, **msgspec.to_builtins(self.board), "now": self.now}
        told |= {"busy": self.busy, "last_probed": msgspec.to_builtins(self.last)}
        return told | ({"probed": asdict(self.probed)} if self.probed is not None else {})

    def lines(self) -> Iterator[str]:
        """For the eye."""
        board = self.board
        unit = board.unit and f"unit {board.unit}"
        said = ", ".join(part for part in (board.note, board.place, board.board, unit) if part)
        yield safe(f"{self.name}  {said}".rstrip())
        for what, where in self.now.items():
            yield f"  {what} {safe(where)}"
        if self.busy is not None:
            yield f"  {safe(self.busy)}"
        if self.probed is not None and self.probed.board is None:
            yield f"  {safe(str(self.probed))}"
        if self.last is not None:
            runs = f"unit {self.last.unit}, firmware {self.last.firmware}"
            runs = runs if self.last.firmware else "no firmware"
            yield f"  {safe(f'{self.last.board}: {runs}; board {self.last.unique_id}')}"
            yield f"  probed {self.last.at}"


def named(prober: Prober | None) -> list[Named]:
    """All of them; with a prober those that have a console are asked, and it is kept.

    LockrigError: it can't be kept, or the configuration is wrong.
    """
    found = []
    for name, board in sorted(boards().items()):
        busy = holder(name)
        said = prober.ask(board.console) if prober and board.console and busy is None else None
        if said is not None and said.board is not None:
            _keep(name, said, said.board)
        found.append(Named(name, board, _now(board), busy, seen().get(name), said))
    return found


def _keep(name: str, said: Probed, board: dict[str, Any]) -> None:
    at = datetime.now().astimezone().isoformat(" ", timespec="seconds")
    try:
        note(name, Seen(at, board["name"], board["unique_id"], said.unit, said.firmware))
    except OSError as error:
        raise LockrigError(f"what {name} said can't be kept: {error}", Exit.FAILED) from None


def _now(board: Board) -> dict[str, str]:
    probe = board.probe.port if board.probe is not None else ""
    ports = (("link", board.link), ("console", board.console), ("probe", probe))
    return {what: _where(port, what) for what, port in ports if port}


def _where(port: str, what: str) -> str:
    try:
        device = find(port, "console" if what == "console" else "link")
    except PortGoneError as error:
        return f"{port}: {error}"
    return port if device == port else f"{port}: {device}"
