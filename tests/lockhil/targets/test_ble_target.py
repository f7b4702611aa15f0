"""The targets `ble:virtual` and `ble:ADDRESS`: a unit through the air, as on a cable but later."""

import json
import re
from pathlib import Path

import pytest

from lockhil.bench import NotOnThisBenchError
from lockhil.contact import open_contact
from lockhil.session.link import SealedLink
from lockhil.targets import NAMES, UnknownTargetError, check_target, open_target
from lockhil.targets.airbench import AirBench
from lockhil.targets.base import Target
from lockhil.targets.realclock import ContactLostError
from lockrig.main import run
from tests.lockrig.plugged import plugged

pytest.importorskip("micropython_module", reason="there is no MicroPython for this machine")


def bench(unit: Target) -> AirBench:
    assert isinstance(unit.bench, AirBench)
    return unit.bench


def motor(unit: Target) -> list[int]:
    return [event.v for event in unit.bench.trace().events if event.ch == "motor" and event.v]


def test_a_virtual_unit_through_the_air() -> None:
    with open_target("ble:virtual") as unit:
        assert (unit.kind, unit.clock_kind, unit.in_air) == ("ble:virtual", "virtual", True)
        before = unit.bench.clock.now_ms
        answer = unit.link.call("bolt.unlock")
        took = unit.bench.clock.now_ms - before
        assert answer["result"] == "done"
        assert 0 < took - answer["ms"] <= unit.tolerance_ms
        assert "bolt.moved" in [told.method for told in unit.link.notifications]
        # Nothing of it went over the cable.
        assert [e.ch for e in unit.bench.trace().events if e.ch == "rx"] == []


def test_a_command_after_a_loss_and_one_in_the_middle_of_it() -> None:
    with open_target("ble:virtual", relock_ms=600_000) as unit:
        radio = bench(unit).radio
        radio.air.loop.call_later(0.3, radio.away)
        with pytest.raises(ContactLostError, match="done, or not: look how it is"):
            unit.link.call("bolt.unlock")
        unit.bench.clock.advance(seconds=5)
        assert len(motor(unit)) == 1
        with pytest.raises(ContactLostError, match=r"no connection to .* is it near"):
            unit.link.call("bolt.state")
        radio.away(False)
        assert unit.link.call("bolt.state")["state"] == "UNLOCKED"
        assert len(motor(unit)) == 1, "nothing is done by itself"


def test_back_off_bridges_a_short_absence() -> None:
    with open_target("ble:virtual") as unit:
        radio = bench(unit).radio
        radio.away()
        unit.bench.clock.advance(seconds=1)
        radio.air.loop.call_later(10, lambda: radio.away(False))
        before = unit.bench.clock.now_ms
        assert unit.link.call("bolt.state")["state"] == "LOCKED"
        assert 10_000 < unit.bench.clock.now_ms - before < 20_000


@pytest.mark.parametrize("way", ["soft", "power"])
def test_a_session_does_not_outlive_its_connection(way: str) -> None:
    with open_target("ble:virtual", sealed=True, role="carer") as unit:
        assert isinstance(unit.link, SealedLink)
        assert unit.link.call("bolt.state")["state"] == "LOCKED"
        if way == "power":
            unit.bench.power_cut(3_000)
        else:
            unit.bench.reset(way)
        unit.bench.clock.advance(seconds=5)
        assert unit.link.call("bolt.unlock")["result"] == "done"
        # Idle sessions end with their connections; nobody needs to know.
        unit.bench.clock.advance(minutes=5)
        assert unit.link.call("bolt.lock")["result"] == "done"
        assert len(motor(unit)) == 2


def test_contact_for_commands() -> None:
    with open_contact("ble:virtual") as contact:
        assert contact.clock_kind == "virtual"
        assert contact.link.call("unit.hello")["kind"] == "door"


def test_addresses() -> None:
    for name in ("ble:24:0A:C4:00:00:01", "ble:24:0a:c4:00:00:01",
                 "ble:6E400001-B5A3-F393-E0A9-E50E24DCCA9E"):  # fmt: skip
        assert check_target(name) == "lockhil.targets.ble"
    assert "ble:virtual" in NAMES
    for name in ("ble:", "ble:24:0A:C4:00:00", "ble:LOCK-1", "ble:24:0A:C4:00:00:01:02"):
        with pytest.raises(UnknownTargetError):
            check_target(name)
    with pytest.raises(UnknownTargetError, match="lockrig scan"):
        check_target("ble:LOCK-1")


def test_a_radio_that_isnt_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCKRIG_RADIO", "tcp-client:127.0.0.1:1")
    with (
        pytest.raises(ContactLostError, match=r"LOCKRIG_RADIO=.*no controller answers"),
        open_contact("ble:24:0A:C4:00:00:01"),
    ):
        pass


def test_a_board_of_another_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same code as with an adapter, but for the controller: on the real clock."""
    with plugged(tmp_path, "--air", "0") as board:
        found = re.fullmatch(r"air: (\S+), the unit is (\S+)", board.air)
        assert found is not None
        monkeypatch.setenv("LOCKRIG_RADIO", found[1])
        name = f"ble:{found[2]}"
        assert run(["scan", "--seconds", "3", "--json"]) == 0
        (seen,) = json.loads(capsys.readouterr().out)["units"]
        assert (seen["name"], seen["address"]) == ("T-1", found[2])
        with open_target(name) as unit:
            assert (unit.unit_id, unit.kind, unit.clock_kind) == ("T-1", "ble", "real")
            assert unit.link.call("bolt.unlock")["result"] == "done"
            with pytest.raises(NotOnThisBenchError, match="no probe"):
                unit.bench.press()
        with pytest.raises(NotOnThisBenchError, match="begins with pack='weak'"):
            open_target(name, pack="weak").__enter__()
        with open_contact(name) as contact:
            assert contact.link.call("bolt.state")["state"] == "UNLOCKED"
        assert run(["monitor", name, "--for", "1"]) == 0
