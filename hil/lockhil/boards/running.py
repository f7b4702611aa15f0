"""Whether a board runs its firmware after a flash: its link is asked, or its console looked at.

A unit prints nothing while it runs, so on the console it is interrupted once, and started again.
"""

import secrets
import time
from dataclasses import dataclass
from typing import Any

from lockhil.boards.repl import NoContactError, Repl
from lockhil.client import Link, LinkTimeoutError, RpcError
from lockhil.targets.realclock import ContactLostError, SerialTransport

# A board starts within a second or two; USB takes as long to come back.
_PATIENCE_S = 20
_ASK_MS = 300
_LOOK_S = 0.05
# Quiet for so long, main.py has got past its imports; a slow board gets more.
_QUIET_S = (1, 3, 6)
_TRIES = 4
_ENDED = b">>> "
_OURS = b"lockboards/loop.py"


class NotRunningError(Exception):
    """The board was started and doesn't run what it should; the message says what it does."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a unit said on its link: its hello, and its last diagnostic, which a production unit
    tells in a session alone."""

    hello: dict[str, Any]
    selftest: dict[str, Any] | None


def ask_link(repl: Repl, url: str, version: str) -> Answered:
    """Wait for the unit on the link, just reset. NotRunningError, NoContactError."""
    began = time.monotonic()
    try:
        transport = SerialTransport(url, lambda: int((time.monotonic() - began) * 1_000))
    except ContactLostError as error:
        raise NoContactError(f"the link: {error}") from None
    try:
        # Who asked before may still be answered.
        link = Link(transport, first_id=secrets.randbelow(1_000_000) * 1_000)
        printed = b""
        while True:
            link.send_raw(b"\n")
            try:
                hello = link.call("unit.hello", timeout_ms=_ASK_MS)
                tells = hello.get("sealed") is not True
                answered = Answered(hello, link.call("selftest.last") if tells else None)
                break
            except LinkTimeoutError:
                printed += _printed(repl, _LOOK_S)
                _refuse_ended(printed)
                if time.monotonic() - began > _PATIENCE_S:
                    raise NotRunningError(
                        f"nobody answers on the link {url} after the reset; is it this board's?"
                    ) from None
    except (ContactLostError, RpcError) as error:
        raise NoContactError(f"the link: {error}") from None
    finally:
        transport.close()
    if hello.get("firmware") != version:
        raise NotRunningError(
            f"on the link {url} the unit {hello.get('unit')} says it runs "
            f"{hello.get('firmware')}, not {version}; is it this board's?"
        )
    return answered


def look_at_console(repl: Repl) -> None:
    """See on the console, just reset, that main.py is in its loop. NotRunningError, NoContact."""
    for quiet_s in _QUIET_S:
        printed = _printed(repl, quiet_s)
        _refuse_ended(printed)
        said = _interrupted(repl)
        if _ENDED not in said:
            raise NoContactError(f"{repl.port}: the board doesn't answer after its reset")
        repl.restart()
        if _OURS in said:
            _refuse_ended(_printed(repl, quiet_s))
            return
    raise NotRunningError("main.py doesn't come to its loop; look at its console")


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


def _refuse_ended(printed: bytes) -> None:
    if printed.rstrip().endswith(_ENDED.rstrip()):
        lines = printed.decode("utf-8", "backslashreplace").replace(">>>", "").split("\n")
        said = [line.strip() for line in lines if "Error" in line or "Exception" in line]
        why = said[-1] if said else "it prints a prompt"
        raise NotRunningError(f"main.py ended on the board: {why}")
