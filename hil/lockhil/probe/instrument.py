"""The probe on its line: its methods, its clock beside ours, and the events it saw.

It carries no meaning: what a stimulus is for stands in `bench`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lockhil.client import Link, LinkTimeoutError, RpcError, Transport
from lockhil.targets.realclock import BenchBrokenError, ContactLostError
from lockhil.targets.remote import first_id

_HELLO_MS = 500
_HELLO_TRIES = 20
_ANSWER_MS = 3_000
# So often the clocks are compared, to take the quickest; and again after so long.
_COMPARISONS = 8
_AGAIN_US = 10_000_000
# Two crystals part by no more than that, in millionths.
_DRIFT_PPM = 200


@dataclass(frozen=True, slots=True)
class Relation:
    """How the probe's clock stood to ours: `ours = probe + offset`, give or take `uncertain`; us.

    `since`: when that was, on ours.
    """

    offset: int
    uncertain: int
    since: int


class Probe:
    """A probe that answers. `now_us`: our clock, of which all times are; ContactLostError."""

    def __init__(self, transport: Transport, now_us: Callable[[], int]) -> None:
        self._link = Link(transport, first_id())
        self._now_us = now_us
        self._after = 0
        self._glitches = 0
        self.hello = self._meet()
        self._relation = self._compare()
        self._worst_us = self._relation.uncertain

    @property
    def uncertain_ms(self) -> int:
        """How far times of events may be off, whole milliseconds."""
        return -(-self._worst_us // 1_000)

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """A method's result; its own refusal is a ValueError."""
        try:
            return self._link.call(f"probe.{method}", timeout_ms=_ANSWER_MS, **params)
        except RpcError as error:
            raise ValueError(f"the probe refuses {method}: {error}") from None
        except LinkTimeoutError:
            raise BenchBrokenError(
                f"the probe fell silent at {method}; look at its cable, and run again"
            ) from None

    def our_us(self, probe_us: int) -> int:
        """A time of the probe on our clock."""
        return probe_us + self._relation.offset

    def events(self) -> list[tuple[int, str, Any]]:
        """What happened since the last call: (us on our clock, channel, value). BenchBrokenError:
        some of it is lost."""
        if self._now_us() - self._relation.since > _AGAIN_US:
            self._relation = self._compare()
            self._worst_us = max(self._worst_us, self._relation.uncertain)
        found: list[tuple[int, str, Any]] = []
        while True:
            try:
                page = self.call("events", run=self.hello["run"], after=self._after)
            except ValueError as error:
                raise BenchBrokenError(f"the probe started anew in the middle: {error}") from None
            if page["lost"]:
                raise BenchBrokenError(
                    f"the probe saw {page['lost']} events more than it could keep: too much "
                    "happens on its wires; is one of them loose?"
                )
            self._glitches = page["glitches"]
            found += [(self.our_us(us), ch, v) for us, ch, v in page["events"]]
            self._after = page["first"] - 1 + len(page["events"])
            if self._after >= page["last"]:
                return found

    @property
    def glitches(self) -> int:
        """Edges that were gone before the probe looked."""
        return self._glitches

    def _meet(self) -> dict[str, Any]:
        # Half a line may lie there from whoever was here before.
        self._link.send_raw(b"\n")
        for _ in range(_HELLO_TRIES):
            try:
                hello = self._link.call("probe.hello", timeout_ms=_HELLO_MS)
            except LinkTimeoutError:
                continue
            except RpcError as error:
                raise ContactLostError(
                    f"what answers is no probe: {error}; swap the ports?"
                ) from None
            if {"probe", "run", "version"} <= set(hello):
                return hello
        raise ContactLostError(
            "no probe answers; is it flashed (lockrig flash --probe), and wired?"
        )

    def _compare(self) -> Relation:
        """The quickest of some round trips: the probe looked at its clock in the middle of it."""
        found = []
        for _ in range(_COMPARISONS):
            before = self._now_us()
            probe_us = self.call("now")["us"]
            after = self._now_us()
            found.append((after - before, (before + after) // 2 - probe_us, after))
        took, offset, since = min(found)
        drift = _AGAIN_US * _DRIFT_PPM // 1_000_000 if took else 0
        return Relation(offset, took // 2 + drift, since)
