"""RADIO: the link through the air, whatever the packets, and whoever else is there."""

import json

import pytest

from lockhil.client import RpcError
from lockhil.plugin import Measure, Opener
from lockhil.session.credentials import Role
from lockhil.session.link import SealedLink
from lockhil.suite.inair import ABOUT, HELLO, LEVEL, SERIAL, STATUS, air_of, runs, said
from lockhil.targets.base import Target

# How long a stranger stays: while another connection is free, while none is.
STAYS_MS, CROWDED_MS = 15_000, 5_000


@pytest.fixture
def locked(open_unit: Opener) -> Target:
    """A unit with a key, which nobody is in a session with."""
    return open_unit(sealed=True, role="")


@pytest.mark.req("RADIO-1")
@pytest.mark.parametrize("mtu", [23, 24, 64, 185, 247, 517])
def test_lines_of_any_length_in_packets_of_any_length(unit: Target, mtu: int) -> None:
    """The longest line that there is goes whole in any packets, and so do the answers."""
    link = air_of(unit).phone(mtu).link()
    padded = HELLO.strip().ljust(1_024) + b"\n"
    for line in (HELLO, padded):
        (answer,) = said(unit, link, line)
        assert json.loads(answer)["result"]["unit"] == unit.unit_id, f"RADIO-1: {line[:60]!r}"
    assert "last" in json.dumps(link.call("battery.report")), "RADIO-1"
    (answer,) = said(unit, link, b" " + padded)
    assert "error" in json.loads(answer), "RADIO-1: 1,025 bytes"


@pytest.mark.req("RADIO-1")
def test_lines_are_cut_anywhere(unit: Target) -> None:
    """Byte by byte, several in one packet, halves across packets: each line is one."""
    link = air_of(unit).phone().link()
    bytewise = [bytes([byte]) for byte in HELLO]
    assert len(said(unit, link, *bytewise)) == 1, "RADIO-1: byte by byte"
    assert len(said(unit, link, HELLO * 3 + HELLO[:20])) == 3, "RADIO-1: three and a half"
    assert len(said(unit, link, HELLO[20:] + HELLO)) == 2, "RADIO-1: the other half, and one"


@pytest.mark.req("RADIO-2")
def test_a_stranger_hears_nothing(locked: Target) -> None:
    """Subscribed while a carer opens and locks: not a byte. Asked, it says what is everybody's."""
    radio, issuer = air_of(locked), locked.issuer
    assert issuer is not None
    carer = SealedLink(radio.phone().transport(), issuer, Role.CARER)
    stranger = radio.phone().link()
    assert carer.call("bolt.unlock")["result"] == "done"
    locked.bench.thumb_turn("locked")
    locked.bench.press()
    assert said(locked, stranger, ms=5_000) == [], "RADIO-2: told to a stranger"
    assert {told.method for told in carer.notifications} >= {"bolt.moved", "selftest.step"}
    assert stranger.call("unit.hello")["unit"] == locked.unit_id
    assert "level" in stranger.call("battery.report")
    for method in ("bolt.unlock", "bolt.state", "swap.state", "selftest.last", "journal.read"):
        with pytest.raises(RpcError, match="-32001"):
            stranger.call(method)


@pytest.mark.req("RADIO-3")
def test_two_phones_at_once(unit: Target) -> None:
    """Each gets its own answers and no half of the other's lines; both are told what happens."""
    radio = air_of(unit)
    # The target's own connection is one of two: this leaves it.
    unit.link.transport.close()  # type: ignore[attr-defined]
    one, other = radio.phone().link(), radio.phone(23).link()
    one.send_raw(HELLO[:25])
    other.send_raw(HELLO[:10])
    assert len(said(unit, one, HELLO[25:])) == 1, "RADIO-3"
    assert other.lines == [], "RADIO-3: the other's answer"
    assert len(said(unit, other, HELLO[10:])) == 1, "RADIO-3"
    assert len(one.lines) == 1, "RADIO-3: the other's answer"
    asked = one.begin("bolt.unlock")
    assert other.call("bolt.lock")["result"] == "BUSY", "RADIO-3"
    assert one.wait(asked)["result"] == "done", "RADIO-3"
    # In packets of 20 bytes it takes a while.
    unit.bench.clock.advance(seconds=2)
    for link in (one, other):
        assert "bolt.moved" in [told.method for told in link.notifications], "RADIO-3"


@pytest.mark.req("RADIO-4")
def test_strangers_shut_nobody_out(locked: Target, measure: Measure) -> None:
    """A hundred connections in a row by phones that prove nothing, two at a time and in silence:
    a carer gets in whenever one of them has been sent away."""
    radio, issuer = air_of(locked), locked.issuer
    assert issuer is not None
    strangers = [radio.phone() for _ in range(3)]
    locked.link.transport.close()  # type: ignore[attr-defined]
    for number in range(100):
        stranger = strangers[number % 3]
        stranger.link().call("unit.hello")
    begun = locked.bench.clock.now_ms
    carer = SealedLink(radio.phone().transport(), issuer, Role.CARER)
    assert carer.call("bolt.unlock")["result"] == "done", "RADIO-4"
    measure("RADIO-4", "from the carer's first attempt to the open bolt",
            locked.bench.clock.now_ms - begun, "ms", at_most=CROWDED_MS + 5_000)  # fmt: skip


@pytest.mark.req("RADIO-4")
def test_how_long_a_stranger_stays(locked: Target, measure: Measure) -> None:
    """He is sent away after 15 s; whoever is in a session stays."""
    radio, issuer = air_of(locked), locked.issuer
    assert issuer is not None
    locked.link.transport.close()  # type: ignore[attr-defined]
    carer = SealedLink(radio.phone().transport(), issuer, Role.CARER)
    carer.call("bolt.state")
    wire = radio.phone().transport()
    begun = locked.bench.clock.now_ms
    radio.air.runner.wait(lambda: not wire.connected, 60_000)
    measure("RADIO-4", "a stranger's stay", locked.bench.clock.now_ms - begun, "ms",
            at_most=STAYS_MS + 1_000)  # fmt: skip
    assert carer.transport.contact == 0, "RADIO-4: it was the carer's connection that ended"


@pytest.mark.req("RADIO-5")
@pytest.mark.parametrize(
    ("pack", "percent"), [("good", 100), ("weak", 20), ("low", 5), ("discharged", 0)]
)
def test_anybody_reads_level_and_device(open_unit: Opener, pack: str, percent: int) -> None:
    """A client that knows nothing of locks: the level, who made it; no serial number, no more."""
    unit = open_unit(pack=pack, sealed=True, role="")
    phone = air_of(unit).phone()
    unit.bench.clock.advance(seconds=70)
    client = phone.client()
    assert phone.run(client.read_gatt_char(LEVEL)) == bytes([percent]), "RADIO-5"
    flags, power, level = phone.run(_status(client))
    assert (flags, level) == (2, percent), "RADIO-5: 2BED"
    assert power & 1, "RADIO-5: a battery is there"
    for uuid in ABOUT:
        assert phone.run(client.read_gatt_char(uuid)).decode().isprintable(), "RADIO-5"
    assert client.services.get_characteristic(SERIAL) is None, "RADIO-5"
    phone.run(client.disconnect())


async def _status(client: object) -> tuple[int, int, int]:
    data = await client.read_gatt_char(STATUS)  # type: ignore[attr-defined]
    return data[0], int.from_bytes(data[1:3], "little"), data[3]


@pytest.mark.req("RADIO-4")
def test_a_crowd_moves_nothing(unit: Target) -> None:
    """Phones that come and go drive nothing."""
    radio, mark = air_of(unit), unit.bench.mark()
    phone = radio.phone()
    for _ in range(10):
        phone.run(phone.client().disconnect())
    assert runs(unit, mark) == [], "RADIO-4"
