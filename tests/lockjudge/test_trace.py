"""A trace is read strictly: what is doubtful was not seen, and what is foreign is no trace."""

import json

import pytest

from lockjudge import trace
from lockjudge.trace import (
    FORMAT,
    T_MAX_MS,
    BadEventError,
    Defect,
    Event,
    NotATraceError,
    Trace,
    check_event,
    check_header,
    format_trace,
    parse_trace,
)

HEADER = {"format": FORMAT}
HEAD = '{"format":"lockrig-trace/1"}\n'
EXPECTED = "expected format 'lockrig-trace/1', got"
NO_JSON = "the first line is no JSON header: "
PRESS = '{"t_ms":5,"ch":"button","v":1}\n'


def parsed(text: str) -> Trace:
    return parse_trace(text.encode())


# The first line


def test_the_format_names_itself() -> None:
    assert FORMAT == "lockrig-trace/1"
    assert trace.OBSERVERS == ("instrument", "person", "unit")
    assert trace.TAPS == ("start", "green_on", "green_off", "red", "undo")
    assert T_MAX_MS == 9007199254740992


def test_the_format_is_all_that_a_header_needs() -> None:
    assert parsed(HEAD) == Trace({"format": "lockrig-trace/1"}, [], None)


def test_traces_share_no_events() -> None:
    one, other = Trace(HEADER), Trace(HEADER)
    one.events.append(Event(1, "button", 1))
    assert other.events == []


def test_a_header_keeps_what_it_says_beside_the_format() -> None:
    header = HEADER | {"observer": "person", "t_uncertainty_ms": 500, "extra": [None, 1.5]}
    assert parsed(json.dumps(header)).header == header
    assert check_header(header) is header


@pytest.mark.parametrize(
    ("first", "reason"),
    [
        ("", f"{NO_JSON}Expecting value: line 1 column 1 (char 0)"),
        ("hello", f"{NO_JSON}Expecting value: line 1 column 1 (char 0)"),
        ("[]", "expected a header object with format 'lockrig-trace/1'"),
        ("null", "expected a header object with format 'lockrig-trace/1'"),
        ("{}", f"{EXPECTED} None"),
        ('{"format": "lockrig-trace/2"}', f"{EXPECTED} 'lockrig-trace/2'"),
        ('{"format": ["lockrig-trace/1"]}', f"{EXPECTED} ['lockrig-trace/1']"),
        (PRESS.strip(), f"{EXPECTED} None"),
        ('{"format": "lockrig-trace/1", "seed": NaN}', f"{NO_JSON}NaN is not JSON"),
        (
            '{"format": "x", "format": "lockrig-trace/1"}',
            f"{NO_JSON}a key stands twice",
        ),
    ],
)  # fmt: skip
def test_another_first_line_is_no_trace(first: str, reason: str) -> None:
    with pytest.raises(NotATraceError) as caught:
        parsed(first + "\n" + PRESS)
    assert str(caught.value) == reason


def test_a_long_foreign_format_is_cut_short() -> None:
    with pytest.raises(NotATraceError) as caught:
        check_header({"format": "x" * 100_000})
    assert str(caught.value) == f"{EXPECTED} '" + "x" * 59


def test_bytes_that_are_no_text_are_no_trace() -> None:
    with pytest.raises(NotATraceError, match="no JSON header"):
        parse_trace(b"\xff\xfe\x00\x01")
    with pytest.raises(NotATraceError, match="no JSON header"):
        parse_trace(HEAD.encode("utf-16"))


@pytest.mark.parametrize("bracket", ["[", '{"a":'])
def test_nesting_without_end_is_no_trace(bracket: str) -> None:
    with pytest.raises(NotATraceError) as caught:
        parsed(bracket * 100_000)
    assert str(caught.value) == f"{NO_JSON}nested too deeply"


# The lines after it


def test_events_are_read_in_order() -> None:
    found = parsed(
        HEAD + PRESS + '{"t_ms":5,"ch":"led.green","v":1}\n{"t_ms":9,"ch":"end","v":null}\n'
    )
    assert found.events == [Event(5, "button", 1), Event(5, "led.green", 1), Event(9, "end", None)]
    assert found.defect is None


def test_further_keys_of_an_event_are_no_defect() -> None:
    assert parsed(HEAD + '{"t_ms":5,"ch":"button","v":1,"by":"me"}').events == [
        Event(5, "button", 1)
    ]


BROKEN = [
    ("{", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
    ("", "Expecting value: line 1 column 1 (char 0)"),
    ("[1]", "expected an object with t_ms, ch and v"),
    ('"t_ms ch v"', "expected an object with t_ms, ch and v"),
    ("{}", "t_ms, ch, v missing"),
    ('{"t_ms":6,"v":0}', "ch missing"),
    ('{"t_ms":6,"ch":"button"}', "v missing"),
    ('{"ch":"button","v":0}', "t_ms missing"),
    ('{"t_ms":6.0,"ch":"button","v":0}', "t_ms must be an integer of milliseconds, got 6.0"),
    ('{"t_ms":true,"ch":"button","v":0}', "t_ms must be an integer of milliseconds, got True"),
    ('{"t_ms":"6","ch":"button","v":0}', "t_ms must be an integer of milliseconds, got '6'"),
    (
        '{"t_ms":9007199254740993,"ch":"button","v":0}',
        "t_ms must be an integer of milliseconds, got 9007199254740993",
    ),
    ('{"t_ms":6,"ch":"buton","v":0}', "unknown channel 'buton'"),
    ('{"t_ms":6,"ch":7,"v":0}', "unknown channel 7"),
    ('{"t_ms":6,"ch":["button"],"v":0}', "unknown channel ['button']"),
    ('{"t_ms":4,"ch":"button","v":0}', "t_ms 4 comes after 5"),
    ('{"t_ms":6,"ch":"button","v":NaN}', "NaN is not JSON"),
    ('{"t_ms":6,"ch":"note","v":Infinity}', "Infinity is not JSON"),
    ('{"t_ms":6,"ch":"note","v":-Infinity}', "-Infinity is not JSON"),
    ('{"t_ms":6,"ch":"button","v":0,"v":1}', "a key stands twice"),
    ('{"t_ms":6,"ch":"note","v":{"a":1,"a":1}}', "a key stands twice"),
    ('{"t_ms":6,"ch":"note","v":' + "[" * 100_000, "nested too deeply"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "reason"), BROKEN, ids=[line[:40] for line, _ in BROKEN])
def test_after_a_broken_line_nothing_was_seen(line: str, reason: str) -> None:
    found = parsed(HEAD + PRESS + line + "\n" + '{"t_ms":7,"ch":"button","v":0}\n')
    assert found.events == [Event(5, "button", 1)]
    assert found.defect == Defect(3, reason)


def test_a_digit_string_too_long_for_an_integer_is_a_defect() -> None:
    found = parsed(HEAD + '{"t_ms":' + "9" * 100_000 + ',"ch":"button","v":1}')
    assert found.events == []
    assert found.defect is not None
    assert found.defect.line == 2


def test_what_came_is_cut_short_in_the_reason() -> None:
    for field, start in [
        ('"t_ms":"{}","ch":"button","v":0', "t_ms must be an integer of milliseconds, got '"),
        ('"t_ms":1,"ch":"{}","v":0', "unknown channel '"),
        ('"t_ms":1,"ch":"button","v":"{}"', "button must be 0 or 1, got '"),
    ]:
        defect = parsed(HEAD + "{" + field.replace("{}", "x" * 1_000_000) + "}").defect
        assert defect == Defect(2, start + "x" * 59)


def test_a_line_of_a_megabyte_is_a_line() -> None:
    text = "å" * 1_000_000
    found = parsed(HEAD + json.dumps({"t_ms": 1, "ch": "note", "v": text}) + "\n" + PRESS)
    assert found.events == [Event(1, "note", text), Event(5, "button", 1)]


def test_a_line_that_is_no_text_is_a_defect() -> None:
    found = parse_trace((HEAD + PRESS).encode() + b'{"t_ms":6,"ch":"note","v":"\xff"}\n')
    assert found.events == [Event(5, "button", 1)]
    assert found.defect is not None
    assert found.defect.line == 3


def test_an_empty_line_in_between_is_a_defect_and_at_the_end_is_none() -> None:
    assert parsed(HEAD + "\n" + PRESS).defect is not None
    assert parsed(HEAD + PRESS + "\n\n \n") == parsed(HEAD + PRESS)


def test_the_last_line_needs_no_line_end() -> None:
    assert parsed((HEAD + PRESS).rstrip()) == parsed(HEAD + PRESS)


def test_a_last_line_that_was_cut_off_is_a_defect() -> None:
    found = parsed(HEAD + PRESS + PRESS[:-4])
    assert found.events == [Event(5, "button", 1)]
    assert found.defect is not None


def test_a_byte_order_mark_and_foreign_line_ends_are_taken() -> None:
    text = (HEAD + PRESS).replace("\n", "\r\n")
    assert parse_trace(b"\xef\xbb\xbf" + text.encode()) == parsed(HEAD + PRESS)


def test_a_byte_order_mark_elsewhere_is_a_defect() -> None:
    assert parsed(HEAD + "\ufeff" + PRESS).defect is not None


def test_a_line_separator_inside_a_text_ends_no_line() -> None:
    line = json.dumps({"t_ms": 1, "ch": "note", "v": "a\u2028b\x85c"}, ensure_ascii=False)
    assert parsed(HEAD + line).events == [Event(1, "note", "a\u2028b\x85c")]


def test_times_may_be_negative_equal_and_very_large() -> None:
    events = [Event(t, "button", 0) for t in (-T_MAX_MS, -1, -1, 0, T_MAX_MS)]
    assert parsed("\n".join(format_trace(HEADER, events))).events == events
    for t_ms in (T_MAX_MS + 1, -T_MAX_MS - 1):
        with pytest.raises(BadEventError, match=f"got {t_ms}$"):
            check_event({"t_ms": t_ms, "ch": "button", "v": 0}, None)


def test_nothing_comes_after_the_end() -> None:
    end = Event(5, "end", None)
    with pytest.raises(BadEventError, match=r"^an event after the end$"):
        check_event({"t_ms": 5, "ch": "note", "v": ""}, end)
