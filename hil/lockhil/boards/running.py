"""Whether a board runs its firmware after a flash, and then its confirmation, on link or console.

A unit prints nothing while it runs, so on the console it is interrupted once, and started again.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lockhil.boards import onboard
from lockhil.boards.repl import BoardError, NoContactError, Repl
from lockhil.client import Link, LinkTimeoutError, RpcError, Transport
from lockhil.lab.ports import RESTART_S
from lockhil.targets.realclock import ContactLostError, SerialTransport

# A board starts within a second or two; USB takes as long to come back.
_PATIENCE_S = 20
_ASK_MS = 300
_LOOK_S = 0.05
# Quiet for so long, main.py has got past its imports; a slow board gets more. No more tries than a
# trial has starts.
_QUIET_S = (1, 3, 6)
# Nobody else answers on this line, so asking again costs time and nothing else. A virtual board
# dies of every fourth ctrl-C while it starts: docs/virtual.md.
_TRIES = 8
_ENDED = b">>> "
_OURS = b"lockboards/loop.py"


class NotRunningError(Exception):
    """The board was started and doesn't run what it should; the message says what it does."""


class FellBackError(NotRunningError):
    """The new firmware was on trial, and the board runs again what it had."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """What should come up: this version, and the slot where it is on trial, if it is.

    `seal`: makes the link on which a unit with a lock's key is told to confirm it.
    """

    version: str
    trial: str | None = None
    seal: Callable[[Transport, int], Link] | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """What a unit said on its link: its hello, and its last diagnostic, which a production unit
    tells in a session alone."""

    hello: dict[str, Any]
    selftest: dict[str, Any] | None


def ask_link(repl: Repl, url: str, awaited: Awaited) -> Answered:
    """Wait for the unit on the link, just reset; confirm it. NotRunningError, NoContactError."""
    began = time.monotonic()
    try:
        # It is just reset, and its link may be on the same USB as its console.
        transport = SerialTransport(
            url, lambda: int((time.monotonic() - began) * 1_000), restart_s=RESTART_S
        )
    except ContactLostError as error:
        raise NoContactError(f"the link: {error}") from None
    try:
        # Who asked before may still be answered.
        first_id = secrets.randbelow(1_000_000) * 1_000
        link = Link(transport, first_id)
        hello, printed = _hello(repl, link, url, began)
        _refuse_other(hello, url, awaited, printed)
        tells = hello.get("sealed") is not True
        selftest = link.call("selftest.last") if tells else None
        if awaited.trial is not None:
            if awaited.seal is not None:
                link = awaited.seal(transport, first_id + 500)
            _confirm(link)
        return Answered(hello, selftest)
    except (ContactLostError, RpcError, LinkTimeoutError) as error:
        raise NoContactError(f"the link: {error}") from None
    finally:
        transport.close()


def _hello(repl: Repl, link: Link, url: str, began: float) -> tuple[dict[str, Any], bytes]:
    """The unit's hello, and what its console showed before."""
    printed = b""
    while True:
        link.send_raw(b"\n")
        try:
            return link.call("unit.hello", timeout_ms=_ASK_MS), printed
        except LinkTimeoutError:
            printed += _printed(repl, _LOOK_S)
            _refuse_ended(printed)
            if time.monotonic() - began > _PATIENCE_S:
                raise NotRunningError(
                    f"nobody answers on the link {url} after the reset; is it this board's?"
                ) from None


def _refuse_other(hello: dict[str, Any], url: str, awaited: Awaited, printed: bytes) -> None:
    version = hello.get("firmware")
    if awaited.trial is not None and hello.get("trial") is not True:
        raise FellBackError(f"the new firmware didn't come up{_why(printed)}; it runs {version}")
    if version != awaited.version:
        raise NotRunningError(
            f"on the link {url} the unit {hello.get('unit')} says it runs "
            f"{version}, not {awaited.version}; is it this board's?"
        )


def _confirm(link: Link) -> None:
    try:
        result = link.call("update.confirm").get("result")
    except RpcError as error:
        result = error
    if result != "done":
        raise NotRunningError(
            f"the unit runs the new firmware and can't take it into use: {result}"
        )


def look_at_console(repl: Repl, awaited: Awaited) -> None:
    """See on the console, just reset, that main.py is in its loop; confirm it.

    NotRunningError, NoContactError.
    """
    shown = b""
    for quiet_s in _QUIET_S:
        shown += _printed(repl, quiet_s)
        _refuse_ended(shown)
        said = _interrupted(repl)
        if _ENDED not in said:
            raise NoContactError(f"{repl.port}: the board doesn't answer after its reset")
        if _OURS in said:
            if awaited.trial is not None:
                _confirm_there(repl, awaited.trial, shown)
            repl.restart()
            _refuse_ended(_printed(repl, quiet_s))
            return
        repl.restart()
    raise NotRunningError("main.py doesn't come to its loop; look at its console")


def _confirm_there(repl: Repl, slot: str, shown: bytes) -> None:
    repl.enter()
    [started] = repl.values(onboard.STARTED)
    if started != (slot, True):
        raise FellBackError(f"the new firmware didn't come up{_why(shown)}")
    try:
        repl.run(onboard.CONFIRM)
    except BoardError as error:
        raise NotRunningError(f"the board can't take the new firmware into use: {error}") from None


def _interrupted(repl: Repl) -> bytes:
    """What the console says to ctrl-C. While boot.py runs none is heard."""
    said = b""
    for _ in range(_TRIES):
        said += repl.interrupt(_QUIET_S[0])
        if _ENDED in said:
            break
    return said


def _printed(repl: Repl, seconds: float) -> bytes:
    """What the console shows for so long; a port that went with the reset is opened again."""
    until = time.monotonic() + seconds
    try:
        return repl.listen(seconds)
    except NoContactError:
        last = until + _PATIENCE_S
        while True:
            time.sleep(0.2)
            try:
                repl.reopen()
                return b""
            except NoContactError:
                if time.monotonic() > last:
                    raise


def _why(printed: bytes) -> str:
    """The last error that the console showed, to be added to a sentence."""
    lines = printed.decode("utf-8", "backslashreplace").replace(">>>", "").split("\n")
    said = [line.strip() for line in lines if "Error" in line or "Exception" in line]
    return f" ({said[-1]})" if said else ""


def _refuse_ended(printed: bytes) -> None:
    if printed.rstrip().endswith(_ENDED.rstrip()):
        raise NotRunningError(f"main.py ended on the board{_why(printed) or ', at a prompt'}")
