"""Histories of a unit's sealed sessions, and what is owed for them after a cut.

What a unit shows of its counter, its back-off, its epoch and its bound is what its answers to
handshakes show: nobody looks into its flash.
"""

import base64
from itertools import pairwise

from lockhil.powercut.scenario import Aftermath, Invariant, Said, Scenario
from lockhil.session.credentials import Grant, Role
from lockhil.session.handshake import Handshake
from lockhil.session.link import SealedLink
from lockhil.targets import Target
from lockunit import kept
from lockunit.lockkey import COUNTER_AS

# 2026-01-01, when the unit got its key; and what somebody sets its clock to.
GIVEN_S = 1_767_225_600
SET_S = GIVEN_S + 30 * 86_400
_SEALED = {"sealed": True, "role": "service", "utc_s": GIVEN_S}
_SHORTEST_MS, _MOST_DOUBLED = 250, 5
_PATIENCE_MS = 9_000


def _link(unit: Target) -> SealedLink:
    assert isinstance(unit.link, SealedLink)
    return unit.link


def _in_the_open(unit: Target, grant: Grant | None = None, *, true: bool = True) -> str:
    """The unit's word on a handshake; a false one gives a proof of zeros."""
    assert unit.issuer is not None
    given = grant or unit.issuer.grant(Role.CARER)
    handshake = Handshake(unit.issuer.key.credential(unit.unit_id, given), bytes)
    link = _link(unit)
    told = link.call_open("session.begin", m1=base64.b64encode(handshake.m1).decode())
    proof = handshake.answer(base64.b64decode(told["m2"])) if true else bytes(32)
    number = int.from_bytes(base64.b64decode(told["m2"])[16:20], "big")
    sent = base64.b64encode(proof).decode()
    return str(link.call_open("session.prove", _PATIENCE_MS, s=number, proof=sent)["result"])


def _sessions(unit: Target) -> None:
    """Strangers guess, carers come and go: the counter and the back-off are stored."""
    for _ in range(3):
        _in_the_open(unit, true=False)
    for method in ("bolt.unlock", "bolt.lock", "bolt.state"):
        _link(unit).enter()
        _link(unit).call(method)
    _in_the_open(unit, true=False)
    _link(unit).call("bolt.state")


def _changes(unit: Target) -> None:
    """The clock is set, the lock changes hands, and all credentials are called in."""
    link = _link(unit)
    link.call("clock.set", time_s=SET_S)
    link.call("unit.couple", role="service", customer="K-1")
    link.call("epoch.bump")
    link.call("bolt.unlock")
    unit.bench.clock.advance(seconds=1)


def probe(unit: Target) -> Said:
    """What strangers and users find out: how late a false proof is refused, whether a credential
    that was over before the cut still is, and the present epoch."""
    link = _link(unit)
    asked = link.now_ms
    found: Said = {"refused": _in_the_open(unit, true=False), "delay_ms": link.now_ms - asked}
    assert unit.issuer is not None
    # Whoever heard nothing of a new epoch finds it out, and an older one, too.
    epoch = unit.issuer.epoch
    for guess in (epoch, epoch + 1, *range(1, epoch)):
        unit.issuer.told(guess)
        if _in_the_open(unit) != "EPOCH":
            found["epoch"] = epoch = guess
            break
    for name, end_s in (("given", GIVEN_S - 1), ("set", SET_S - 1)):
        found[name] = _in_the_open(unit, Grant(epoch, bytes(16), Role.CARER, 0, end_s))
    return found


def _answers(said: list[Said]) -> list[Said]:
    return [one["result"] for one in said if isinstance(one.get("result"), dict)]


def _numbers(said: list[Said]) -> list[int]:
    """S of each session that was told to be open, in order."""
    found, offered = [], -1
    for answer in _answers(said):
        if "m2" in answer:
            offered = int.from_bytes(base64.b64decode(answer["m2"])[16:20], "big")
        elif answer == {"result": "done"} and offered >= 0:
            found.append(offered)
            offered = -1
    return found


def no_session_twice(after: Aftermath) -> str:
    """Each session's number is above all that were told to be open before."""
    numbers = [*_numbers(after.told), *_numbers(after.said)]
    for before, number in pairwise(numbers):
        if number <= before:
            return f"session {number} came after {before}"
    return ""


def epoch_holds(after: Aftermath) -> str:
    """It is the one that was told, or the one that was just going to be."""
    told = [answer["epoch"] for answer in _answers(after.told) if "epoch" in answer]
    uncut = [answer["epoch"] for answer in _answers(after.uncut) if "epoch" in answer]
    allowed = [told[-1] if told else 1, *uncut[len(told) :][:1]]
    found = after.probed.get("epoch")
    return "" if found in allowed else f"it is {found}, expected one of {allowed}"


def bound_holds(after: Aftermath) -> str:
    """What was over before the time that was told to be set stays over, clock or not."""
    if after.probed.get("given") != "EXPIRED":
        return f"a credential from before it had its key: {after.probed.get('given')}"
    answers = _answers(after.told)
    # The first answer in its session that says no more than that.
    was_set = after.scenario.history is _changes and answers.count({"result": "done"}) > 1
    if was_set and after.probed.get("set") != "EXPIRED":
        return f"the clock was set, and what was over by it is {after.probed.get('set')}"
    return ""


def backoff_holds(after: Aftermath) -> str:
    """The next false proof waits as long as it would have without the cut."""
    stage = 0
    for answer in _answers(after.told):
        if answer == {"result": "NOT_PROVED"}:
            stage += 1
        elif answer == {"result": "done"}:
            stage = 0
    following = [
        one for one in _answers(after.uncut)[len(_answers(after.told)) :] if "m2" not in one
    ]
    if following and following[0] == {"result": "done"}:
        stage = 0  # it may have been proved, and not told any more
    least = _SHORTEST_MS << min(stage, _MOST_DOUBLED)
    delay = after.probed.get("delay_ms", 0)
    return "" if delay >= least else f"a false proof waited {delay} ms, expected {least}"


_OWED = (
    Invariant("SESS-10", "no session's number comes twice", no_session_twice),
    Invariant("SESS-10", "the epoch is the one that was told", epoch_holds),
    Invariant("SESS-10", "the bound of the time holds", bound_holds),
    Invariant("SESS-10", "the back-off isn't cut short", backoff_holds),
)

SCENARIOS = (
    Scenario("sessions", "strangers guess, carers come and go", _sessions, _SEALED,
             stored={COUNTER_AS: kept.pack(63)}, probe=probe, invariants=_OWED),
    Scenario("credentials", "the clock is set, and credentials are called in", _changes, _SEALED,
             probe=probe, invariants=_OWED),
)  # fmt: skip
