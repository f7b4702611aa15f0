"""A unit on a line, with nobody's hands or eyes around it: what `serial:` and `ble:` share.

What needs more than the link isn't run here, and says why; which line it is doesn't matter.
"""

import secrets
import time
from collections.abc import Callable
from typing import Any

from lockhil.bench import NotOnThisBenchError
from lockhil.client import Link, LinkTimeoutError, RpcError, Transport
from lockhil.session.credentialfile import Carried
from lockhil.session.link import SealedLink
from lockhil.targets.base import Target
from lockhil.targets.realclock import ContactLostError, RealClock

HELLO_MS = 2_000
# What can be seen on the link alone is seen within seconds.
PATIENCE_MS = 15_000
# What begins a new epoch, or takes the unit from the line.
_ENDS = ("unit.couple", "unit.move", "unit.dismount", "epoch.bump", "maintenance.enter")
# A diagnostic's load or a motor run that somebody began is over by then.
_BUSY_S = 10


def wall_clock() -> Callable[[], int]:
    """Milliseconds from now on."""
    began = time.monotonic()
    return lambda: int((time.monotonic() - began) * 1_000)


def first_id() -> int:
    """What requests are numbered from: the answer to what somebody before began isn't ours."""
    return secrets.randbelow(1_000_000) * 1_000


class BareBench:
    """A bench with nothing on it but the clock."""

    def __init__(self, clock: RealClock) -> None:
        self.clock = clock

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)

        def missing(*_: Any, **__: Any) -> Any:
            raise NotOnThisBenchError(f"{name} needs hands and eyes on the unit: no probe is there")

        return missing


class _Guest(SealedLink):
    """With somebody's own credential: of that role alone, and what ends it isn't asked for."""

    def __init__(self, transport: Transport, wallet: Carried, first_id: int) -> None:
        super().__init__(transport, wallet, wallet.role, first_id=first_id)
        self._own_role = wallet.role

    def enter(self) -> None:
        if self.role != self._own_role:
            raise NotOnThisBenchError(f"needs a credential of {self.role.name.lower()} too")
        super().enter()

    def begin(self, method: str, **params: Any) -> int:
        if method in _ENDS:
            raise NotOnThisBenchError(f"{method} would end the credential that it was given")
        return super().begin(method, **params)


def guest(transport: Transport, wallet: Carried, begin: int) -> Link:
    """A link in sessions of somebody's own credential."""
    return _Guest(transport, wallet, begin)


def unit_on(
    transport: Transport,
    name: str,
    kind: str,
    tolerance_ms: int,
    *,
    wallet: Carried | None,
    options: dict[str, Any],
) -> Target:
    """The unit at the other end, in sealed sessions if there is a credential for it.

    ContactLostError; NotOnThisBenchError for what it isn't.
    """
    begin = first_id()
    link = Link(transport, begin) if wallet is None else guest(transport, wallet, begin)
    hello = _hello(link, name)
    if hello.get("sealed"):
        raise NotOnThisBenchError("the unit's sessions are sealed, and nobody here has its key")
    if options.get("kind", hello["kind"]) != hello["kind"]:
        raise NotOnThisBenchError(f"needs a unit that begins with kind={options['kind']!r}")
    if hello["kind"] == "door":
        _begin_locked(link)
    return Target(
        name=name,
        kind=kind,
        clock_kind="real",
        tolerance_ms=tolerance_ms,
        bench=BareBench(RealClock(lambda: transport.now_ms, PATIENCE_MS)),
        link=link,
        unit_id=str(hello["unit"]),
        firmware=str(hello["firmware"]),
    )


def _hello(link: Link, name: str) -> dict[str, Any]:
    """What the unit says of itself. ContactLostError: nothing, or something else."""
    # Half a line may lie there from whoever was here before.
    link.send_raw(b"\n")
    try:
        hello = link.call("unit.hello", timeout_ms=HELLO_MS)
    except (LinkTimeoutError, RpcError) as error:
        raise ContactLostError(f"no lock unit answers on {name}: {error}") from None
    if not {"unit", "kind", "firmware"} <= set(hello):
        raise ContactLostError(f"what answers on {name} is no lock unit: it says {hello}")
    return hello


def refuse(options: dict[str, Any]) -> None:
    """The unit is as it is: what a test wants otherwise isn't there. NotOnThisBenchError.

    It needs no contact, and so costs no time.
    """
    for option, wanted in options.items():
        if option != "kind":
            raise NotOnThisBenchError(f"needs a unit that begins with {option}={wanted!r}")


def _begin_locked(link: Link) -> None:
    answer = link.call("bolt.lock")
    until = time.monotonic() + _BUSY_S
    while answer["result"] == "BUSY" and time.monotonic() < until:
        time.sleep(0.5)
        answer = link.call("bolt.lock")
    if answer["result"] != "done":
        raise NotOnThisBenchError(f"the unit doesn't lock to begin with: {answer}")
