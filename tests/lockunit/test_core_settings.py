"""A unit's settings: what each may be, and the bytes that they are stored as."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockunit.settings import LIMITS, Settings, decode

# What the limits are, in words of their own: a wrong one lets a door relock at once, or never.
ALLOWED = {
    "relock_ms": (0, 3_600_000),
    "release_ms": (1_000, 60_000),
    "cells": (1, 8),
    "soon_mv": (0, 5_000),
    "now_mv": (0, 5_000),
    "discharged_mv": (0, 5_000),
    "fresh_mv": (0, 5_000),
    "sag_cold": (100, 1_000),
    "sag_cool": (100, 1_000),
    "sag_hot": (20, 100),
    "motor_min_mv": (0, 16_000),
    "stall_ma": (100, 4_000),
    "sample_ms": (60_000, 86_400_000),
    "advertising_ms": (100, 10_240),
}


def test_everything_but_the_kind_has_limits() -> None:
    assert set(vars(Settings())) == {"kind", "refused", *ALLOWED}
    assert set(LIMITS) == set(ALLOWED)


@pytest.mark.parametrize("name", ALLOWED)
def test_limits_are_inclusive(name: str) -> None:
    least, most = ALLOWED[name]
    for value in (least, most):
        settings = Settings()
        settings.set(name, value)
        assert getattr(settings, name) == value
    for value in (least - 1, most + 1):
        settings = Settings()
        with pytest.raises(ValueError, match=f"^{name}: expected {least} to {most}$"):
            settings.set(name, value)
        assert getattr(settings, name) == getattr(Settings(), name), "a refused one changes nothing"


@pytest.mark.parametrize("value", [True, "5", None, 5.0, [5]])
def test_a_setting_is_an_integer(value: object) -> None:
    with pytest.raises(ValueError, match=r"^cells: expected 1 to 8$"):
        Settings().set("cells", value)


@pytest.mark.parametrize("name", ["kind", "set", "x" * 50, ""])
def test_nothing_else_can_be_set(name: str) -> None:
    with pytest.raises(ValueError, match=f"^no setting is called {name[:40]}$"):
        Settings().set(name, 1)


def test_they_are_stored_as_json_in_a_fixed_order() -> None:
    assert Settings("laundry").encode() == (
        b'{"schema":1,"kind":"laundry","advertising_ms":1000,"cells":2,'
        b'"discharged_mv":2200,"fresh_mv":3700,'
        b'"motor_min_mv":3600,"now_mv":2450,"release_ms":5000,"relock_ms":30000,"sag_cold":100,'
        b'"sag_cool":100,"sag_hot":100,"sample_ms":21600000,"soon_mv":2600,"stall_ma":900,'
        b'"crc32":3181863616}'
    )


@given(
    kind=st.sampled_from(["door", "entrance", "laundry"]),
    values=st.fixed_dictionaries(
        {}, optional={name: st.integers(*limits) for name, limits in ALLOWED.items()}
    ),
)
def test_what_is_stored_comes_back(kind: str, values: dict[str, int]) -> None:
    settings = Settings(kind)
    # In their order, as far as they are given.
    for names in (("discharged_mv", "now_mv", "soon_mv", "fresh_mv"), ("sag_cool", "sag_cold")):
        given = {**{name: getattr(settings, name) for name in names}, **values}
        values.update(zip(names, sorted(given[name] for name in names), strict=True))
    for name, value in values.items():
        settings.set(name, value)
    assert vars(decode(settings.encode())) == vars(settings)
    told = json.dumps({"kind": kind, **values}).encode()
    assert vars(decode(told)) == vars(settings), "what it doesn't tell is as by default"


def test_a_door_lock_unless_it_says_otherwise() -> None:
    assert vars(decode(b"{}")) == vars(Settings("door"))


@pytest.mark.parametrize(
    ("stored", "says"),
    [
        (b"", "expected a value"),
        (b"[]", "^expected an object$"),
        (b'{"kind":"shed"}', "got 'shed'$"),
        (b'{"kind":null}', "got 'None'$"),
        (b'{"cells":9}', "^cells: expected 1 to 8$"),
        (b'{"colour":1}', "^no setting is called colour$"),
        (b'{"fresh_mv":2599}', "^expected fresh_mv >= soon_mv >= now_mv >= discharged_mv$"),
        (b'{"soon_mv":2449}', "^expected fresh_mv >= soon_mv >= now_mv >= discharged_mv$"),
        (b'{"now_mv":2199}', "^expected fresh_mv >= soon_mv >= now_mv >= discharged_mv$"),
        (b'{"sag_cool":101}', "^expected sag_cold >= sag_cool$"),
        (b'{"schema":2}', "^schema: expected 1, got 2$"),
        (b'{"schema":0}', "^schema: expected 1, got 0$"),
        (b'{"schema":true}', "^schema: expected 1, got True$"),
        (b'{"schema":"1"}', "^schema: expected 1, got 1$"),
        (b'{"crc32":1}', "^crc32: it was changed since it was stored$"),
        (b'{"cells":2, "crc32":1}', "^crc32: "),
        (b'{"crc32":1,"cells":2}', "^crc32: "),
        (b'{"crc32":null}', "^crc32: "),
    ],
)
def test_what_is_no_settings_is_refused(stored: bytes, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        decode(stored)


def test_settings_of_a_newer_firmware_are_refused_by_their_schema_first() -> None:
    with pytest.raises(ValueError, match=r"^schema: expected 1, got 2$"):
        decode(b'{"schema":2,"colour":1,"crc32":1}')


@given(st.data())
def test_no_changed_bit_passes(data: st.DataObject) -> None:
    stored = bytearray(Settings("entrance").encode())
    place = data.draw(st.integers(0, len(stored) - 1))
    stored[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(ValueError, match=r"."):
        decode(bytes(stored))


def test_a_piece_of_them_is_refused() -> None:
    stored = Settings().encode()
    for length in range(len(stored)):
        with pytest.raises(ValueError, match=r"."):
            decode(stored[:length])
