"""Where a board's console is: `serial:PORT`, or `virtual:NAME` of a virtual board that runs.

Nothing is opened here.
"""

from dataclasses import dataclass

from lockhil.lab.entries import Board, boards
from lockhil.virtual.running import running


class AddressError(Exception):
    """No such address; the message says what is expected."""


class NotThereError(Exception):
    """No virtual board of that name runs."""


@dataclass(frozen=True, slots=True)
class Address:
    """A console's port, and the link's if it is known."""

    console: str
    link: str | None = None


def parse(target: str) -> Address:
    """AddressError, NotThereError."""
    if (board := boards().get(target)) is not None:
        return _configured(target, board)
    if target in ("virtual", "virtual:real", "sim"):
        raise AddressError(
            f"the target {target} lives inside the process that tests it and can't be flashed; "
            "start a board with `lockrig virtual NAME`, and flash virtual:NAME"
        )
    kind, _, rest = target.partition(":")
    if kind == "serial" and rest:
        return Address(rest)
    if kind == "virtual" and rest:
        return _virtual(rest)
    raise AddressError(
        f"expected serial:PORT (a device, socket://HOST:PORT, rfc2217://HOST:PORT) or "
        f"virtual:NAME, or a board's name, got {target!r}; `lockrig boards` lists what there is"
    )


def _configured(name: str, board: Board) -> Address:
    if not board.console:
        raise AddressError(
            f"{name} has no console in lockrig.toml: boards.{name}.console says where it is"
        )
    link = "" if board.link.startswith("ble:") else board.link
    return Address(board.console, link or None)


def _virtual(name: str) -> Address:
    boards = running()
    for board in boards:
        if board.name == name:
            return Address(board.console, board.link)
    others = ", ".join(board.name for board in boards) or "none"
    raise NotThereError(
        f"no virtual board {name} runs, of those that do: {others}; "
        f"start it with `lockrig virtual {name}`"
    )
