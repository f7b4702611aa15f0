"""One unit on a link that may come and go: looks at it, asks it, and says when there is no contact.

It repeats nothing by itself. In training the unit is a simulated one, and there are hands.
"""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Any

from lockhil.bench import NotOnThisBenchError
from lockhil.client import Link, LinkTimeoutError, RpcError
from lockhil.firmware import FirmwareError
from lockhil.targets.base import Target
from lockrig.battery.change import Run, Seen
from lockrig.i18n import _
from lockrig.targets import LOST, one_line

# An answer that takes no motor and no load.
ASK_MS = 2_000
# A run of the motor, or the proof under load.
WORK_MS = 20_000
# A street door's release is counted when it has held again.
STEP_MS = 15_000
_SLICE_MS = 200
_GONE = (*LOST, NotOnThisBenchError, FirmwareError, OSError)
_NO_METHOD = -32601


class NoContactError(Exception):
    """The unit can't be reached, or didn't answer; the message says why."""


class Unit:
    """A unit at the other end of what `opened` opens, again and again if it must."""

    def __init__(self, opened: Callable[[], AbstractContextManager[Link]]) -> None:
        self._opened = opened
        self._held = ExitStack()
        self._link: Link | None = None

    @property
    def link(self) -> Link:
        """The link; NoContactError."""
        if self._link is None:
            try:
                self._link = self._held.enter_context(self._opened())
                # Half a line may lie there from whoever was here before.
                self._link.send_raw(b"\n")
            except _GONE as error:
                raise self._lost(error) from None
        return self._link

    def close(self) -> None:
        """Leave the line; the next question opens it anew."""
        self._link = None
        held, self._held = self._held, ExitStack()
        try:
            held.close()
        except _GONE:
            return  # it is gone anyway

    def call(self, method: str, timeout_ms: int = ASK_MS, **params: Any) -> dict[str, Any]:
        """A method's result. NoContactError; RpcError: the unit's own, but for one it has not."""
        try:
            return self.link.call(method, timeout_ms=timeout_ms, **params)
        except LinkTimeoutError:
            raise NoContactError(_("it doesn't answer")) from None
        except RpcError as error:
            if error.code == _NO_METHOD:
                return {"result": "NO_METHOD"}
            return {"result": error.message, "cause": error.data}
        except _GONE as error:
            raise self._lost(error) from None

    def look(self) -> Seen:
        """What the unit says of itself; NoContactError."""
        hello = self.call("unit.hello")
        report = self.call("battery.report")
        bolt = self.call("bolt.state")
        swap = self.call("swap.state")
        return Seen(
            unit=str(hello.get("unit", "")),
            kind=str(hello.get("kind", "")),
            firmware=str(hello.get("firmware", "")),
            level=str(report.get("level", "UNKNOWN")),
            ground=str(report.get("ground", "unknown")),
            fresh=report.get("fresh") is True,
            bolt=str(bolt.get("state", "UNKNOWN")),
            phase=str(swap.get("phase", "")),
            role=str(swap.get("role", "")),
            locks=_number(swap.get("locks")),
            unlocks=_number(swap.get("unlocks")),
            needed=_number(swap.get("needed"), 5),
            swaps=_number(swap.get("swaps")),
            report=report,
        )

    def run(self, method: str) -> Run:
        """Command one run, once, and wait until it was counted or not; NoContactError."""
        steps, moves = len(self._told("swap.step")), len(self._told("bolt.moved"))
        answer = self.call(method, WORK_MS)
        waited, done = 0, answer.get("result") == "done"
        while done and len(self._told("swap.step")) == steps and waited < STEP_MS:
            self.pause(_SLICE_MS)
            waited += _SLICE_MS
        state, bolt = self.call("swap.state"), self.call("bolt.state")
        step = {**state, **(self._told("swap.step")[steps:] or [{}])[-1]}
        # The run itself; a street door's hold comes after it.
        moved = (self._told("bolt.moved")[moves:] or [{}])[0]
        ground = str(self.call("battery.report").get("ground", "unknown"))
        return Run(method, answer, step, moved, str(bolt.get("state", "UNKNOWN")), ground)

    def _told(self, method: str) -> list[dict[str, Any]]:
        try:
            told = self.link.notifications
        except _GONE as error:
            raise self._lost(error) from None
        return [note.params for note in told if note.method == method]

    def pause(self, ms: int) -> None:
        """Let time pass."""
        time.sleep(ms / 1_000)

    def turn(self, t_ms: int) -> None:
        """It is `t_ms`, by the driver's clock."""

    def change_pack(self) -> None:
        """A person does that; in training it is done here."""

    @property
    def target(self) -> Target | None:
        """The simulated target, in training."""
        return None

    def _lost(self, error: Exception) -> NoContactError:
        self.close()
        return NoContactError(one_line(error))


def _number(value: object, otherwise: int = 0) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else otherwise
