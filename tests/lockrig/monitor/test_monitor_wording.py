"""Lines of the link in words: with units, whatever comes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockhil.client import Line
from lockrig.monitor.wording import Wording


def worded(message: object, *asked: object) -> str | None:
    wording = Wording()
    for question in asked:
        assert wording.line(Line(0, False, as_bytes(question))) is None
    return wording.line(Line(61_234, True, as_bytes(message)))


def as_bytes(message: object) -> bytes:
    return message if isinstance(message, bytes) else json.dumps(message).encode()


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"state": "LOCKED", "ms": 591, "mas": 330}, "state LOCKED, took 591 ms, charge 330 mAs"),
        ({"low_cell_mv": 2820, "mohm": 600}, "low cell 2820 mV, pack 600 mohm"),
        ({"rest_mv": None, "temp_c": -7}, "rest not known, temp -7 C"),
        ({"sealed": False, "ok": True, "reason": "", "n": 0}, "sealed no, ok yes, n 0"),
        ({"deep": {"a": [1]}}, 'deep {"a": [1]}'),
        ({"n": 0, "refused": []}, "n 0"),
        ({"refused": ["settings"]}, 'refused ["settings"]'),
        ([1, 2], "[1, 2]"),
    ],
)
def test_values_bear_their_units(params: object, words: str) -> None:
    told = worded({"method": "x.y", "params": params})
    assert told == f"    61.234  x.y             {words}"


def test_an_answer_is_named_by_its_question() -> None:
    question = {"id": 3, "method": "bolt.state"}
    told = worded({"id": 3, "result": {"state": "LOCKED"}}, question)
    assert told == "    61.234  bolt.state      state LOCKED"
    told = worded({"id": 4, "result": {"state": "LOCKED"}}, question)
    assert told == "    61.234  answer          state LOCKED"


def test_errors_say_what_was_asked() -> None:
    error = {"code": -32601, "message": "Method not found", "data": "x"}
    told = worded({"id": 3, "error": error}, {"id": 3, "method": "x"})
    assert told == "    61.234  error           x: Method not found (-32601): x"
    assert worded({"id": None, "error": 5}) == "    61.234  error           5"


def test_what_is_no_message_is_shown_harmlessly() -> None:
    assert worded(b"boot \xff\x1b[2J") == r"    61.234  text            boot \xff\x1b[2J"
    assert worded(b"  \r") is None
    assert worded([1]) == "    61.234  text            [1]"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["id", "method", "params", "result", "error", "rest_mv", "ms"]),
                inner,
            )
        ),
        max_leaves=10,
    )
    | st.binary(max_size=40),
)
def test_any_line_becomes_one_harmless_line(message: object) -> None:
    told = worded(message, message)
    assert told is None or told.isprintable()
