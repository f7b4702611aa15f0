"""UPD: updates over the link: what is refused changes nothing, what isn't verified never runs."""

from collections.abc import Callable
from typing import Any

import pytest

from lockhil.client import RpcError
from lockhil.plugin import Measure, Opener
from lockhil.session.credentials import LockKey, Role
from lockhil.session.link import SealedLink
from lockhil.suite.observe import acting_as
from lockhil.suite.peer import Peer, credential, stays_shut
from lockhil.suite.update import (
    Carrier,
    Update,
    carrier,
    on_trial,
    runs,
    small,
    starts_as_before,
    update_for,
)
from lockhil.targets.base import Target
from lockunit import VERSION

NEW_YEAR_S = 1_767_225_600
_RESTART_MS = 1_000
# One more than fits any of these flashes, in a header that is signed.
_FAR_TOO_MUCH = 0x3FFFFFFF


@pytest.fixture
def sealed(open_unit: Opener) -> Target:
    """A production unit, and a service session on its link."""
    unit = open_unit(sealed=True, role="service")
    unit.bench.clock.advance(seconds=2)
    return unit


@pytest.mark.req("UPD-1")
def test_an_update_is_put_in_place_tried_and_confirmed(sealed: Target, measure: Measure) -> None:
    """All of the firmware: what the unit has it keeps, the rest comes over the link."""
    link, clock = sealed.link, sealed.bench.clock
    link.call("unit.couple", role="service", customer="K-1")
    link.call("bolt.unlock")
    before = link.call("unit.life", role="service"), link.call("journal.read")["last"]
    update, brought = update_for(sealed), carrier(sealed)
    assert brought.fill(update) == "done", "UPD-1"
    assert brought.finish() == "done", "UPD-1"
    told = clock.now_ms
    assert brought.call("state")["phase"] == "restarting", "UPD-1"
    boots = link.transport.contact
    clock.advance(seconds=3)
    assert on_trial(sealed), "UPD-1: it isn't tried"
    if not sealed.in_air:
        assert link.transport.contact == boots + 1, "UPD-1"
        starts = [event.t_ms for event in sealed.bench.trace().events if event.ch == "reset"]
        measure("UPD-1", "from the answer to the restart", starts[-1] - told, "ms",
                at_least=_RESTART_MS, at_most=_RESTART_MS + 200)  # fmt: skip
    assert brought.result("confirm") == "done", "UPD-1"
    assert brought.call("state")["phase"] == "none", "UPD-1"
    assert not on_trial(sealed), "UPD-1"
    sealed.bench.reset()
    clock.advance(seconds=3)
    assert not on_trial(sealed), "UPD-1: it isn't in use"
    assert link.call("unit.life", role="service") == before[0], "UPD-1: whose it is"
    assert link.call("journal.read", after=before[1])["at"] == before[1] + 1, "UPD-1: the journal"
    assert link.call("bolt.lock")["result"] == "done", "UPD-1"


@pytest.mark.req("UPD-1")
def test_nobody_confirms_it(sealed: Target) -> None:
    """It falls back by itself, and the next update is taken as the first was."""
    brought, had, update = carrier(sealed), runs(sealed), update_for(sealed)
    assert brought.fill(update) == "done", "UPD-1"
    assert brought.finish() == "done", "UPD-1"
    sealed.bench.clock.advance(seconds=3)
    assert on_trial(sealed), "UPD-1"
    assert brought.begin(update) == "BUSY", "UPD-1: into the slot that is in use"
    sealed.bench.clock.advance(minutes=11)
    assert not on_trial(sealed), "UPD-1"
    assert runs(sealed) == had, "UPD-1"
    assert brought.begin(update) == "done", "UPD-1"
    assert brought.write(0, update.listed()) == "done", "UPD-1"


_Forged = tuple[Update, dict[str, Any], str]
# What somebody may try instead: the update, what they altered in what was signed, the unit's word.
_FORGED: dict[str, Callable[[Update], _Forged]] = {
    "no tag": lambda it: (it, {"tag": ""}, "NOT_PROVED"),
    "a tag of zeros": lambda it: (it, {"tag": "00" * 32}, "NOT_PROVED"),
    "no hex": lambda it: (it, {"tag": "x" * 64}, "NOT_PROVED"),
    "half a tag": lambda it: (it, {"tag": it.params()["tag"][:32]}, "NOT_PROVED"),
    "another key": lambda it: (it.but(key=LockKey(bytes(32))), {}, "NOT_PROVED"),
    "another unit's tag": lambda it: (it.but(unit="X-1"), {"unit": it.unit}, "NOT_PROVED"),
    "another unit's": lambda it: (it.but(unit="X-1", signs=it.unit), {}, "WRONG_UNIT"),
    "another manifest": lambda it: (it, {"manifest": "ab" * 32}, "NOT_PROVED"),
    "another size": lambda it: (it, {"size": 200}, "NOT_PROVED"),
    "less room": lambda it: (it, {"room": 1}, "NOT_PROVED"),
    "another version": lambda it: (it, {"version": "9.9.10"}, "NOT_PROVED"),
    "a downgrade that nobody signed": lambda it: (
        it.but(version="0.0.1"),
        {"downgrade": 1},
        "NOT_PROVED",
    ),
    "another board's": lambda it: (it.but(board="esp32"), {}, "WRONG_BOARD"),
    "older": lambda it: (it.but(version="0.0.9"), {}, "OLDER"),
    "too large": lambda it: (it.but(room=_FAR_TOO_MUCH), {}, "FULL"),
}


@pytest.mark.req("UPD-2")
def test_what_is_not_for_this_unit_is_refused(sealed: Target) -> None:
    """Before anything is changed: an update that is under way goes on where it was."""
    brought, good = carrier(sealed), small(update_for(sealed))
    assert brought.begin(good) == "done"
    assert brought.write(0, good.listed()) == "done"
    before = brought.call("state")
    for what, make in _FORGED.items():
        update, altered, word = make(good)
        assert brought.begin(update, **altered) == word, f"UPD-2: {what}"
        assert brought.call("state") == before, f"UPD-2: {what}"
    assert brought.write(1, good.files["board.json"]) == "done", "UPD-2"


@pytest.mark.req("UPD-2")
def test_a_signed_downgrade_and_the_same_version_are_taken(sealed: Target) -> None:
    """Whoever holds the key may; another update takes the place of the first."""
    brought, update = carrier(sealed), update_for(sealed)
    assert brought.begin(update.but(version="0.0.9", downgrade=1)) == "done", "UPD-2"
    assert brought.begin(update.but(version=VERSION)) == "done", "UPD-2"


@pytest.mark.req("UPD-2")
def test_a_development_unit_takes_none(open_unit: Opener) -> None:
    """It has no key to prove anything by, and its console is open."""
    unit = open_unit(sealed=False, role="")
    update = Update(LockKey(bytes(32)), unit.unit_id, {"board.json": b"{}"})
    brought = carrier(unit)
    assert brought.begin(update) == "UNPROVISIONED", "UPD-2"
    assert brought.call("finish")["result"] == "NOT_BEGUN", "UPD-2"


@pytest.mark.req("UPD-3")
def test_only_the_service_updates(sealed: Target) -> None:
    """No other role, and nobody in the open, not even with a good update."""
    update = small(update_for(sealed))
    for role in (Role.CARER, Role.TECHNICIAN):
        with acting_as(sealed, role.name), pytest.raises(RpcError, match="NOT_AUTHORISED"):
            carrier(sealed).begin(update)
    link = sealed.link
    assert isinstance(link, SealedLink)
    with pytest.raises(RpcError, match="NOT_AUTHORISED"):
        link.call_open("update.begin", **update.params())
    assert carrier(sealed).call("state")["phase"] == "none", "UPD-3"


@pytest.mark.req("UPD-3")
def test_what_was_recorded_updates_nothing(open_unit: Opener) -> None:
    """An update's sealed lines, said again later; and its header, where something newer runs."""
    unit = open_unit(sealed=True, role="", utc_s=NEW_YEAR_S)
    service = Peer(unit, credential(unit, role=Role.SERVICE)).enter()
    update = small(update_for(unit))
    begun = service.line("update.begin", **update.params())
    assert service.say(begun)["result"] == "done", "UPD-3"
    assert service.call("update.cancel")["result"] == "done"
    stays_shut(unit, begun)
    again = Peer(unit, credential(unit, role=Role.SERVICE)).enter()
    stays_shut(unit, begun)
    old = update.but(version="0.0.1").params()
    again = Peer(unit, credential(unit, role=Role.SERVICE)).enter()
    assert again.call("update.begin", **old)["result"] == "OLDER", "UPD-3"
    assert again.call("update.state")["phase"] == "none", "UPD-3"


@pytest.mark.req("UPD-5")
def test_the_door_is_used_meanwhile(sealed: Target, measure: Measure) -> None:
    """Locked and unlocked between any two lines; the button finds out how the pack is."""
    link, clock = sealed.link, sealed.bench.clock
    brought, update = carrier(sealed), update_for(sealed)
    moves: dict[str, list[int]] = {"bolt.unlock": [], "bolt.lock": []}

    def use() -> None:
        for method, took_ms in moves.items():
            told = link.call(method)
            assert told["result"] == "done", f"UPD-5: {told}"
            took_ms.append(told["ms"])

    use()
    assert brought.begin(update) == "done"
    use()
    assert brought.write(0, update.listed()) == "done", "UPD-5"
    for number in range(1, 4):
        use()
        assert brought.result("keep", file=number) in ("done", "DIFFERENT"), "UPD-5"
        if brought.call("state")["file"] == number:
            path = sorted(update.files)[number - 1]
            assert brought.write(number, update.files[path]) == "done", "UPD-5"
    # A line that comes while the motor runs waits for its end.
    asked = link.begin("bolt.unlock")
    assert brought.call("keep", file=4)["result"] == "BUSY", "UPD-5"
    assert link.wait(asked)["result"] == "done", "UPD-5"
    sealed.bench.press()
    clock.advance(seconds=1)
    assert brought.call("keep", file=4)["result"] == "BUSY", "UPD-5"
    clock.advance(seconds=35)
    assert link.call("selftest.last")["outcome"] == "passed", "UPD-5"
    assert brought.result("keep", file=4) == "done", "UPD-5"
    for method, took_ms in moves.items():
        late_ms = max(took_ms) - took_ms[0]
        measure("UPD-5", f"{method}, slower than before", late_ms, "ms", at_most=0)


@pytest.mark.req("UPD-6")
def test_it_goes_on_in_another_session(sealed: Target) -> None:
    """Contact is lost after any line, and the last one is said again: nothing is written twice."""
    link, brought = sealed.link, carrier(sealed)
    assert isinstance(link, SealedLink)
    update = small(update_for(sealed))
    assert brought.begin(update) == "done"
    for number, data in enumerate((update.listed(), *map(update.files.get, sorted(update.files)))):
        assert data is not None
        assert brought.write(number, data[:100]) == "done", "UPD-6"
        link.leave()
        before = brought.call("state")
        assert brought.piece(number, 0, data[:100]) == "done", "UPD-6: said again"
        assert brought.call("state") == before, "UPD-6"
        if data[100:]:
            where = {"file": number, "at": 100}
            assert {name: before[name] for name in where} == where, "UPD-6"
            assert brought.piece(number, 0, data[:50]) == "WRONG_PLACE", "UPD-6: something else"
            _rest(brought, number, data)
    assert brought.finish() == "done", "UPD-6"


def _rest(brought: Carrier, number: int, data: bytes) -> None:
    for at in range(100, len(data), 400):
        assert brought.piece(number, at, data[at : at + 400]) == "done", "UPD-6"


@pytest.mark.req("UPD-6")
def test_one_that_nobody_goes_on_with_is_dropped(sealed: Target) -> None:
    """After ten minutes, by its cancellation, or with a start."""
    brought, update = carrier(sealed), small(update_for(sealed))
    clock = sealed.bench.clock
    ends = (
        lambda: clock.advance(minutes=10, seconds=1),
        lambda: brought.result("cancel"),
        sealed.bench.reset,
    )
    for end in ends:
        assert brought.begin(update) == "done"
        clock.advance(minutes=9)
        assert brought.write(0, update.listed()) == "done", "UPD-6"
        clock.advance(minutes=9)
        assert brought.call("state")["phase"] == "files", "UPD-6"
        end()
        clock.advance(seconds=3)
        assert brought.call("state")["phase"] == "none", "UPD-6"
        assert brought.call("write", file=1, at=0, data="AAAA")["result"] == "NOT_BEGUN", "UPD-6"
        assert starts_as_before(sealed), "UPD-6"
