"""The target `serial:PORT`: a unit on a line, with nobody's hands or eyes around it.

PORT is a device or any pyserial URL (`socket://host:port`, `rfc2217://host:port`); `virtual:NAME`
is the same on the link of a virtual board that runs. What needs more than the link isn't run here,
and says why.
"""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from lockhil.bench import NotOnThisBenchError
from lockhil.client import Link, LinkTimeoutError, RpcError
from lockhil.targets.base import Target
from lockhil.targets.realclock import ContactLostError, RealClock, SerialTransport
from lockhil.virtual.running import running

HELLO_MS = 2_000
TOLERANCE_MS = 100
# What can be seen on the link alone is seen within seconds.
PATIENCE_MS = 15_000
# A diagnostic's load or a motor run that somebody began is over by then.
_BUSY_S = 10


def port_of(name: str) -> str:
    """The port behind a target's name. ContactLostError: no virtual board of that name runs."""
    kind, _, rest = name.partition(":")
    if kind == "serial":
        return rest
    for board in running():
        if board.name == rest:
            return board.link
    raise ContactLostError(f"no virtual board {rest} runs; start it: lockrig virtual {rest}")


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


@contextmanager
def open_target(name: str, **options: Any) -> Iterator[Target]:
    """The unit at the other end. ContactLostError; NotOnThisBenchError for what it isn't."""
    began = time.monotonic()

    def now() -> int:
        return int((time.monotonic() - began) * 1_000)

    transport = SerialTransport(port_of(name), now)
    try:
        # The answer to what somebody before began may still come: it isn't ours.
        link = Link(transport, first_id=secrets.randbelow(1_000_000) * 1_000)
        hello = _hello(link, name)
        if hello.get("sealed"):
            raise NotOnThisBenchError("the unit's sessions are sealed, and nobody here has its key")
        _expect(options, hello)
        if hello["kind"] == "door":
            _begin_locked(link)
        yield Target(
            name=name,
            kind="serial",
            clock_kind="real",
            tolerance_ms=TOLERANCE_MS,
            bench=BareBench(RealClock(now, PATIENCE_MS)),
            link=link,
            unit_id=str(hello["unit"]),
            firmware=str(hello["firmware"]),
        )
    finally:
        transport.close()


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


def _expect(options: dict[str, Any], hello: dict[str, Any]) -> None:
    """The unit is as it is: what a test wants otherwise isn't there."""
    for option, wanted in options.items():
        if option == "kind" and wanted == hello["kind"]:
            continue
        raise NotOnThisBenchError(f"needs a unit that begins with {option}={wanted!r}")


def _begin_locked(link: Link) -> None:
    answer = link.call("bolt.lock")
    until = time.monotonic() + _BUSY_S
    while answer["result"] == "BUSY" and time.monotonic() < until:
        time.sleep(0.5)
        answer = link.call("bolt.lock")
    if answer["result"] != "done":
        raise NotOnThisBenchError(f"the unit doesn't lock to begin with: {answer}")
