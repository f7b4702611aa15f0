"""The schema that editors get says what the loader does: neither takes what the other doesn't."""

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockhil import targets
from lockhil.lab.entries import RESERVED
from lockrig.config import load
from lockrig.config.shape import SCHEMA, schema
from lockrig.config.wrong import faults, first_fault
from lockrig.main import run

CHECK = jsonschema.Draft202012Validator(schema())
GOOD = {
    "note": "left",
    "place": "desk",
    "board": "esp32",
    "unit": "A-17",
    "link": "usb:10C4:EA60:7C:DF:A1:00",
    "console": "/dev/serial/by-id/usb-0001-if00",
    "credential": "keys/a.credential",
    "probe": {"port": "rfc2217://bench:4001", "wiring": "esp32"},
    "supply": {"scpi": "socket://bench:5025", "voltage_mv": 6_000, "limit_ma": 500},
}


def test_the_published_schema_is_the_one_that_is_enforced() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    told = "make it again: lockrig config schema > tools/lockrig/config/lockrig.schema.json"
    assert json.loads(SCHEMA.read_text("utf-8")) == schema(), told


def test_no_name_hides_a_target() -> None:
    assert {name for name in targets.NAMES if ":" not in name} | set(targets.KINDS) <= set(RESERVED)


def test_it_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["config", "schema"]) == 0
    assert json.loads(capsys.readouterr().out) == schema()


PORTS = st.sampled_from(
    [
        *("/dev/ttyUSB0", "/dev/tty 0", "ttyUSB0", "COM3", "COM", "", "usb:10c4:ea60", "usb:1:2"),
        *("usb:10C4:EA60:0001\n", "id:", "id:0001", "socket://a:1", "socket://a", "rfc2217://:1"),
        *("rfc2217://a:1?ign_set_control", "loop://", "virtual:a", "virtual:real", "virtual:"),
        *("ble:C4:64:E3:12:34:56", "ble:C4", "ble:C464E312-3456-0000-0000-000000000000", "sim"),
    ]
)
WORDS = st.one_of(PORTS, st.text(max_size=4), st.text(alphabet="aA-1.\n", max_size=40))
JUNK = st.one_of(
    WORDS, st.none(), st.booleans(), st.integers(-1, 20), st.just(1.0), st.just([]), st.just({})
)


def tables(keys: list[str], values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    names = st.one_of(st.sampled_from(keys), st.text(max_size=3))
    return st.dictionaries(names, values, max_size=4)


PARTS = st.one_of(
    st.fixed_dictionaries({"port": PORTS, "wiring": WORDS}),
    st.fixed_dictionaries(
        {"scpi": PORTS, "voltage_mv": st.integers(-1, 70_000)}, optional={"limit_ma": JUNK}
    ),
    tables(["port", "wiring", "scpi", "voltage_mv"], JUNK),
)
BOARD = st.one_of(
    tables(list(GOOD), st.one_of(JUNK, PARTS)),
    st.sampled_from(sorted(GOOD)).flatmap(
        lambda key: st.one_of(JUNK, PARTS).map(lambda value: {**GOOD, key: value})
    ),
)
NAMES = st.one_of(
    st.sampled_from([*RESERVED, "desk-1", "desk.1", "serial:a", "sim2"]),
    st.text(max_size=3),
    st.text(alphabet="aA-1.\n", max_size=40),
)
FILES = st.one_of(
    st.fixed_dictionaries({"boards": st.dictionaries(NAMES, st.one_of(BOARD, JUNK), max_size=2)}),
    st.fixed_dictionaries({"service_desk": st.one_of(JUNK, tables(["phone", "email"], JUNK))}),
    tables(["service_desk", "boards"], JUNK),
)


@given(FILES)
def test_what_the_schema_takes_is_taken_and_nothing_else(data: dict[str, Any]) -> None:
    fault = first_fault(Path("file"), data)
    assert CHECK.is_valid(data) == (fault is None)
    # And whatever is refused is put into words.
    assert bool(list(faults(data))) == (fault is not None)


@given(FILES)
def test_a_file_with_it_is_read_or_refused_in_one_line(data: dict[str, Any]) -> None:
    fault = first_fault(Path("file"), data)
    assert fault is None or (str(fault).isprintable() and fault.exit_code == 2)


def test_the_full_example_is_taken() -> None:
    assert CHECK.is_valid({"boards": {"desk-1": GOOD}})
    for key, value in GOOD.items():
        assert CHECK.is_valid({"boards": {"desk-1": {key: value}}})


def test_the_example_in_the_documentation_is_right() -> None:
    path = Path(__file__).parents[3] / "docs/lab/lockrig.toml"
    config = load(path)
    assert config.boards
    assert CHECK.is_valid(tomllib.loads(path.read_text("utf-8")))
    schema_of = path.read_text("utf-8").splitlines()[0].removeprefix("#:schema ")
    assert (path.parent / schema_of).resolve() == SCHEMA.resolve()
