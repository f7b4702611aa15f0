"""Advertisements are foreign bytes: whatever they are, they are read, and never for the better."""

from hypothesis import given
from hypothesis import strategies as st

from lockhil.bluetooth.fields import Fields, fields_of, structures
from lockhil.bluetooth.nus import BATTERY, SERVICE
from lockhil.bluetooth.sighting import LONGEST_NAME, Battery, Sighting, sighting

NUS = bytes.fromhex("9ecadc240ee5a9e093f3a3b50100406e")
ADVERT = b"\x02\x01\x06\x11\x07" + NUS + b"\x09\x08LOCK-000"
ANSWER = b"\x03\x19\x08\x07\x05\x16\x0f\x18\x64\x00\x0a\x09LOCK-0001"


def seen(told: Fields) -> Sighting | None:
    return sighting(
        address="24:0A:C4:00:00:01",
        name=told.name,
        uuids=told.uuids,
        service_data=told.service_data,
        rssi_dbm=-60,
        heard_ms=7,
    )


def battery(*data: int) -> Sighting:
    found = seen(Fields(uuids=[SERVICE], service_data={BATTERY: bytes(data)}))
    assert found is not None
    return found


def test_a_units_advert_and_answer() -> None:
    told = fields_of(ADVERT, ANSWER)
    assert (told.name, told.uuids) == ("LOCK-0001", [SERVICE])
    assert told.service_data == {BATTERY: b"\x64\x00"}
    assert seen(told) == Sighting(
        address="24:0A:C4:00:00:01",
        name="LOCK-0001",
        battery=Battery.GOOD,
        percent=100,
        development=False,
        dismounted=False,
        rssi_dbm=-60,
        heard_ms=7,
    )


def test_without_its_answer_the_level_isnt_known() -> None:
    found = seen(fields_of(ADVERT))
    assert found is not None
    assert (found.name, found.battery, found.percent) == ("LOCK-000", Battery.UNKNOWN, None)


def test_other_devices_are_no_units() -> None:
    assert seen(fields_of(ANSWER)) is None
    assert seen(Fields(uuids=[BATTERY], service_data={BATTERY: b"\x64\x00"})) is None


def test_what_the_flags_say() -> None:
    assert (battery(20, 1).battery, battery(20, 1).percent) == (Battery.CHANGE_SOON, 20)
    assert battery(5, 1 | 8).battery is Battery.CHANGE_NOW
    assert battery(5, 8).battery is Battery.CHANGE_NOW
    assert battery(0, 2).battery is Battery.SERVICE_DESK_ONLY
    assert (battery(100, 4).battery, battery(100, 4).percent) == (Battery.UNKNOWN, None)
    assert (battery(20, 1 | 4).battery, battery(20, 1 | 4).percent) == (Battery.CHANGE_SOON, None)
    assert (battery(100, 16).development, battery(100, 32).dismounted) == (True, True)
    assert (battery(100, 0).development, battery(100, 0).dismounted) == (False, False)


@given(st.binary(max_size=4))
def test_in_doubt_the_worse(data: bytes) -> None:
    """Good takes both bytes, a percent, and no flag of the battery's; suspicion goes before all."""
    found = battery(*data)
    good = len(data) >= 2 and data[0] <= 100 and not data[1] & 0b1111
    assert (found.battery is Battery.GOOD) == good
    if len(data) >= 2 and data[1] & 2:
        assert found.battery is Battery.SERVICE_DESK_ONLY
    assert found.percent is None or 0 <= found.percent <= 100


@given(st.binary(max_size=80), st.binary(max_size=80))
def test_any_bytes_are_read(advert: bytes, answer: bytes) -> None:
    told = fields_of(advert, answer)
    assert all(len(uuid) == 36 for uuid in [*told.uuids, *told.service_data])
    assert told.tx_power is None or -128 <= told.tx_power <= 127
    found = seen(told)
    assert found is None or len(found.name) <= LONGEST_NAME


@given(st.lists(st.tuples(st.integers(0, 255), st.binary(max_size=30)), max_size=6), st.binary())
def test_structures_are_what_was_put_in(put: list[tuple[int, bytes]], rest: bytes) -> None:
    """A zero ends them; what is cut off is left out."""
    data = b"".join(bytes((1 + len(value), kind)) + value for kind, value in put)
    assert structures(data + b"\0" + rest) == put
    assert structures(data[:-1]) == put[:-1]


@given(st.text(max_size=20), st.text(max_size=20), st.booleans())
def test_the_whole_name_goes_before_the_short_one(whole: str, short: str, first: bool) -> None:
    pieces = [bytes((1 + len(name.encode()), kind)) + name.encode()
              for kind, name in ((9, whole), (8, short))]  # fmt: skip
    told = fields_of(b"".join(pieces if first else pieces[::-1]))
    assert told.name == whole
