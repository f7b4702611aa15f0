"""RADIO: what is told in the air, and what a lost connection leaves behind."""

import pytest

from lockhil.client import Link
from lockhil.plugin import Measure, Opener
from lockhil.session.credentials import Role
from lockhil.session.link import SealedLink
from lockhil.suite.inair import LEVEL, air_of, runs
from lockhil.targets.base import Target
from lockhil.targets.realclock import ContactLostError

NUS = bytes.fromhex("9ecadc240ee5a9e093f3a3b50100406e")
DAY_MINUTES = 24 * 60
SUPERVISION_MS = 420


def _advert(unit: Target) -> bytes:
    name = unit.unit_id.encode()
    assert len(name) == 8
    return b"\x02\x01\x06" + b"\x11\x07" + NUS + b"\x09\x09" + name


@pytest.mark.req("RADIO-6")
@pytest.mark.parametrize(
    ("pack", "percent", "flags"),
    [("good", 100, 0), ("weak", 20, 1), ("low", 5, 1 | 8), ("discharged", 0, 2)],
)
def test_adverts_byte_for_byte(open_unit: Opener, pack: str, percent: int, flags: int) -> None:
    """What everybody hears, and what a scanner is answered: until the pack was read, that it
    wasn't."""
    unit = open_unit(pack=pack, sealed=True, role="")
    radio = air_of(unit)
    about = b"\x03\x19\x08\x07\x05\x16\x0f\x18"
    name = bytes([9, 9]) + unit.unit_id.encode()
    early = set(radio.adverts(5_000))
    assert early == {(False, _advert(unit)), (True, about + bytes([0, 4]) + name)}, "RADIO-6"
    unit.bench.clock.advance(seconds=70)
    found = set(radio.adverts(5_000))
    told = about + bytes([percent, flags]) + name
    assert found == {(False, _advert(unit)), (True, told)}, "RADIO-6"
    assert {answers for answers, _ in radio.adverts(5_000, active=False)} == {False}, "RADIO-6"


@pytest.mark.req("RADIO-6")
def test_adverts_come_once_a_second(unit: Target, measure: Measure) -> None:
    """So often, whoever is connected."""
    heard = air_of(unit).adverts(60_000, active=False)
    measure("RADIO-6", "adverts in a minute", len(heard), "adverts", at_least=58, at_most=61)


# From the command's first byte: on its way, the motor running, done and told, later.
@pytest.mark.req("RADIO-7")
@pytest.mark.parametrize("sealed", [False, True])
@pytest.mark.parametrize("after_ms", [0, 15, 45, 75, 150, 400, 900, 1_050, 1_100, 1_200, 2_000])
def test_out_of_range_in_the_middle_of_an_unlock(
    open_unit: Opener, after_ms: int, sealed: bool
) -> None:
    """Done once or not at all, and never again by itself; whoever comes back is told how it is."""
    unit = open_unit(sealed=sealed, role="carer" if sealed else "")
    radio, bench, mark = air_of(unit), unit.bench, unit.bench.mark()
    link = unit.link
    link.call("bolt.state")
    timeline = radio.air.loop
    timeline.call_later(after_ms / 1_000, radio.away)
    done, told = False, ""
    try:
        done = link.call("bolt.unlock")["result"] == "done"
    except ContactLostError as error:
        told = str(error)
    assert done or "done, or not" in told or "nothing was done" in told, f"RADIO-7: {told}"
    bench.clock.advance(seconds=10)
    radio.away(False)
    started = runs(unit, mark)
    assert len(started) <= 1, "RADIO-7: done twice"
    state = "UNLOCKED" if started else "LOCKED"
    assert not done or started, "RADIO-7"
    assert "nothing was done" not in told or not started, "RADIO-7: it said that nothing was"
    assert link.call("bolt.state")["state"] == state, "RADIO-7"
    assert len(runs(unit, mark)) == len(started), "RADIO-7: done again by itself"


@pytest.mark.req("RADIO-7")
@pytest.mark.parametrize("loss", [0.1, 0.5])
def test_a_bad_radio_loses_nothing(unit: Target, loss: float) -> None:
    """Packets that get lost are said again below: late, and each command once."""
    radio, mark = air_of(unit), unit.bench.mark()
    radio.air.everywhere(loss=loss, supervision_ms=6_000)
    link = radio.phone().link()
    for turn in range(10):
        told = link.call("bolt.lock" if turn % 2 else "bolt.unlock")
        assert told["result"] == "done", "RADIO-7"
    assert len(runs(unit, mark)) == 10, "RADIO-7"


@pytest.mark.req("RADIO-8")
@pytest.mark.parametrize("way", ["soft", "watchdog", "power"])
def test_a_start_while_connected(open_unit: Opener, measure: Measure, way: str) -> None:
    """The phone notices by its time-out; the unit is in the air again, and no session is left."""
    unit = open_unit(sealed=True, role="")
    radio, issuer = air_of(unit), unit.issuer
    assert issuer is not None
    wire = radio.phone().transport()
    carer = SealedLink(wire, issuer, Role.CARER)
    carer.call("bolt.state")
    begun = unit.bench.clock.now_ms
    if way == "power":
        unit.bench.power_cut(1_000)
    else:
        unit.bench.reset(way)
    radio.air.runner.wait(lambda: not wire.connected, 60_000)
    measure("RADIO-8", "until the phone knows", unit.bench.clock.now_ms - begun, "ms",
            at_most=SUPERVISION_MS + 100)  # fmt: skip
    assert carer.call("bolt.unlock")["result"] == "done", "RADIO-8: a new session"
    measure("RADIO-8", "until it opens again", unit.bench.clock.now_ms - begun, "ms",
            at_most=SUPERVISION_MS + 10_000)  # fmt: skip


@pytest.mark.req("RADIO-9")
def test_a_scanner_that_polls_for_a_day(open_unit: Opener, measure: Measure) -> None:
    """Every ten minutes somebody scans, connects, reads the level and leaves: the unit works on,
    and its pack hardly feels it."""
    unit = open_unit(sealed=True, role="carer")
    radio, world = air_of(unit), unit.bench.world  # type: ignore[attr-defined]
    phone = radio.phone()
    before = world.charge_mas
    for _ in range(DAY_MINUTES // 10):
        unit.bench.clock.advance(minutes=10)
        client = phone.client()
        assert phone.run(client.read_gatt_char(LEVEL)) is not None, "RADIO-9"
        phone.run(client.disconnect())
    measure("RADIO-9", "charge that a day took", world.charge_mas - before, "mAs",
            at_most=6_000)  # fmt: skip
    assert unit.link.call("bolt.unlock")["result"] == "done", "RADIO-9"
    assert Link(radio.phone().transport()).call("unit.hello")["refused"] == [], "RADIO-9"
