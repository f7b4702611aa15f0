"""What each channel may hold, and that whatever is written is read back."""

import io
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lockjudge.trace import (
    CHANNELS,
    FORMAT,
    T_MAX_MS,
    BadEventError,
    Event,
    NotATraceError,
    Trace,
    check_event,
    format_trace,
    parse_trace,
    read_trace,
    write_trace,
)

HEADER = {"format": FORMAT}
HEAD = '{"format":"lockrig-trace/1"}\n'
PRESS = '{"t_ms":5,"ch":"button","v":1}\n'


def parsed(text: str) -> Trace:
    return parse_trace(text.encode())


# The channels

BIT = ([0, 1], [2, -1, True, False, None, "1", 1.0, [1]], "0 or 1")
WORD = (["a word", ""], [None, 1, True, ["a"], {}], "a word")
LINE = (["{}", ""], [None, 1, True, {}], "a line of text")
NUMBER = ([0, -5, 2**60, None], [True, 1.5, "1", []], "an integer or null")
VALUES = {
    "button": BIT,
    "led.green": BIT,
    "led.red": BIT,
    "motor": ([-1, 0, 1], [2, -2, True, None, "0"], "-1, 0 or 1"),
    "load": BIT,
    "bolt": WORD,
    "door": WORD,
    "battery.mv": NUMBER,
    "battery.ma": NUMBER,
    "power": BIT,
    "power.source": (
        ["battery", "external", "unknown"],
        ["usb", "", None, 0],
        "battery, external or unknown",
    ),
    "reset": WORD,
    "rx": LINE,
    "tx": LINE,
    "tap": (
        ["start", "green_on", "green_off", "red", "undo"],
        ["green", "", None, 1],
        "one of start, green_on, green_off, red, undo",
    ),
    "screen": (["visible", "hidden"], ["off", None, True], "visible or hidden"),
    "answers": ([{}, {"red_blinks": 1}], [None, [], "yes"], "an object"),
    "note": (["", None, 1.5, [True], {"a": 1}], [], "anything"),
    "end": (["", None, 1.5, [True], {"a": 1}], [], "anything"),
}


def test_every_channel_is_known_here() -> None:
    assert list(CHANNELS) == list(VALUES)
    assert {ch: wanted for ch, (wanted, _) in CHANNELS.items()} == {
        ch: wanted for ch, (_, _, wanted) in VALUES.items()
    }


@pytest.mark.parametrize("ch", VALUES)
def test_a_channel_takes_its_values_and_no_others(ch: str) -> None:
    good, bad, wanted = VALUES[ch]
    for v in good:
        assert check_event({"t_ms": 1, "ch": ch, "v": v}, None) == Event(1, ch, v)
    for v in bad:
        with pytest.raises(BadEventError) as caught:
            check_event({"t_ms": 1, "ch": ch, "v": v}, None)
        assert str(caught.value) == f"{ch} must be {wanted}, got {v!r}"


# The writer

NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
EVENT = st.one_of(
    *(
        st.tuples(st.just(ch), st.sampled_from(good) if ch not in ("note", "answers") else JSON)
        for ch, (good, _, _) in VALUES.items()
        if ch not in ("end", "answers")
    )
)


@st.composite
def traces(draw: st.DrawFn) -> Trace:
    times = sorted(draw(st.lists(st.integers(-T_MAX_MS, T_MAX_MS), max_size=20)))
    header = draw(st.dictionaries(st.text(), JSON, max_size=4)) | HEADER
    events = [Event(t_ms, *draw(EVENT)) for t_ms in times]
    if events and draw(st.booleans()):
        events.append(Event(events[-1].t_ms, "end", None))
    return Trace(header, events)


@given(traces())
@example(Trace(HEADER | {"unit": "\ud7ff\ue000\u2028"}, []))
def test_what_is_written_is_read_back(whole: Trace) -> None:
    out = io.StringIO()
    write_trace(out, whole.header, whole.events)
    assert parsed(out.getvalue()) == whole
    assert out.getvalue().count("\n") == 1 + len(whole.events)


@given(traces(), st.data())
def test_a_trace_cut_anywhere_holds_nothing_that_was_not_written(
    whole: Trace, data: st.DataObject
) -> None:
    text = "\n".join(format_trace(whole.header, whole.events)).encode()
    head = text.find(b"\n") + 1 or len(text)
    found = parse_trace(text[: data.draw(st.integers(head, len(text)))])
    assert found.events == whole.events[: len(found.events)]
    assert found.defect is not None or len(found.events) in (
        len(whole.events),
        text[:head].count(b"\n") * len(found.events),
    )


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    assert isinstance(parse_trace(HEAD.encode() + data), Trace)


def test_a_trace_is_written_without_spaces_and_as_it_is_spelt() -> None:
    lines = list(format_trace(HEADER | {"unit": "Nyå"}, [Event(1, "button", 0)]))
    assert lines == [
        '{"format":"lockrig-trace/1","unit":"Nyå"}',
        '{"t_ms":1,"ch":"button","v":0}',
    ]


def test_the_writer_refuses_what_the_reader_would() -> None:
    with pytest.raises(NotATraceError):
        list(format_trace({"format": "mine"}, []))
    with pytest.raises(BadEventError, match="0 or 1"):
        list(format_trace(HEADER, [Event(1, "button", 2)]))
    with pytest.raises(BadEventError, match="comes after"):
        list(format_trace(HEADER, [Event(2, "button", 1), Event(1, "button", 0)]))
    with pytest.raises(ValueError, match="not JSON compliant"):
        list(format_trace(HEADER, [Event(1, "note", float("nan"))]))


# Files


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes((HEAD + PRESS).encode())
    assert read_trace(path) == parsed(HEAD + PRESS)


def test_a_missing_file_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_trace(tmp_path / "none")
