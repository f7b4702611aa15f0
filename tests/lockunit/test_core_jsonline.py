"""The unit's JSON: as strict as the standard, and as CPython's where both take a line."""

import json
import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lockunit.jsonline import Number, encode, parse

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15) + 1, 10**15 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


def _depth(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(_depth, inner), default=0)


@given(VALUES, st.booleans(), st.sampled_from([None, 1]))
def test_takes_what_the_standard_writes(value: Any, ascii_only: bool, indent: int | None) -> None:
    line = json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode()
    if _depth(value) <= 8:
        assert parse(line) == value
        assert type(parse(line)) is type(value)
    else:
        with pytest.raises(ValueError, match="deep"):
            parse(line)


def test_takes_an_escape_of_every_length() -> None:
    edges = [0x01, 0x7F, 0x80, 0x7FF, 0x800, 0xFFF, 0x1000, 0xD7FF, 0xE000, 0xFFFF]
    edges += [0x10000, 0x3FFFF, 0x40000, 0xFFFFF, 0x100000, 0x10FFFF]
    for code in (*edges, *range(0x80, 0xD800, 31), *range(0x10000, 0x110000, 997)):
        assert parse(json.dumps(chr(code)).encode()) == chr(code)
        assert json.loads(encode(chr(code))) == chr(code)


def _pairs(value: Any) -> Any:
    if isinstance(value, dict):
        return [(key, _pairs(inner)) for key, inner in value.items()]
    return tuple(map(_pairs, value)) if isinstance(value, list) else value


@given(VALUES)
def test_what_it_writes_the_standard_reads(value: Any) -> None:
    text = encode(_pairs(value))
    assert json.loads(text) == value
    assert all(char >= " " for char in text)


@given(st.text(st.sampled_from('{}[]",:\\ \ttrufalsn0123456789.-+eEu\x00\x7få'), max_size=14))
def test_takes_nothing_that_the_standard_refuses(text: str) -> None:
    try:
        mine = parse(text.encode())
    except ValueError:
        return
    theirs = json.loads(text, parse_float=lambda _: Number(), parse_constant=_refuse)
    if not _has_number(mine):
        assert mine == theirs


def _refuse(word: str) -> None:
    raise AssertionError(f"{word} isn't JSON")


def _has_number(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_has_number, value.values()))
    return any(map(_has_number, value)) if isinstance(value, list) else isinstance(value, Number)


# The reason is the error's `data`, which a person at the other end of the link reads.
REFUSED = {
    "expected a value": [
        "", " ", "}", "[1,]", "[,1]", "-", "-a", "1.", ".5", "1e", "1e+", "+1", "NaN", "Infinity",
        "nul", "tru", "'a'",
    ],
    'expected "': ["{", "{a:1}", '{"a":1,}'],
    "expected :": ['{"a" 1}'],
    "expected }": ['{"a":1 "b":2}'],
    "expected ]": ["[1 2]"],
    "leading zero": ["01", "-01"],
    "more than one value": ["1 2", "[1]]", "0x1"],
    "a key twice": ['{"a":1,"a":2}'],
    "too deep": ["[" * 9 + "]" * 9, '{"a":' * 9 + "1" + "}" * 9, '[{"a":' * 5 + "1" + "}]" * 5],
    "bad string": ['"', '"\n"', '"\x1f"'],
    "bad escape": ['"\\', '"\\x"'],
    "bad \\u": ['"\\u12', '"\\u12"', '"\\u12g4"', '"\\uXXXX"', '"\\u 123"', '"\\u+123"'],
    "expected \\u": ['"\\ud800"', '"\\ud800x"', '"\\ud800\\n"'],
    "bad surrogate": [
        '"\\udc00"', '"\\udfff"', '"\\udc00\\udc00"', '"\\ud800\\u0041"', '"\\ud800\\ud800"',
        '"\\ud800\\ue000"',
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "reason"), [(text, reason) for reason, texts in REFUSED.items() for text in texts]
)
def test_refuses(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=rf"^{re.escape(reason)}$"):
        parse(text.encode())


@given(st.characters(exclude_categories=["Cs"]))
@example("\t")
@example("\r")
@example("X")
def test_white_space_is_what_the_standard_says(char: str) -> None:
    try:
        parse(f"{char}[{char}]{char}".encode())
    except ValueError:
        assert char not in " \t\r\n"
    else:
        assert char in " \t\r\n"


def test_refuses_what_is_no_utf8() -> None:
    with pytest.raises(ValueError, match=r"^not UTF-8$"):
        parse(b'"\xff"')


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0), ("-0", 0), ("-12", -12), ("999999999999999", 10**15 - 1), ("[]", []), ("{}", {}),
        (" [ 1 , 2 ] ", [1, 2]), (' { "a" : 1 , "b" : [ ] } ', {"a": 1, "b": []}),
        ('"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"\\/\b\f\n\r\t'),
        ('"\\u00e5\\ud7ff\\ue000\\uFFFF"', "å\ud7ff\ue000\uffff"),
        ('"\\ud83d\\ude00"', "😀"),
        ('"\\udbff\\udfff"', "\U0010ffff"), ('"\\ud800\\udc00"', "\U00010000"),
        ('" "', " "), ("[1,2]", [1, 2]), ('{"a":1,"b":2}', {"a": 1, "b": 2}),
        ("[" * 7 + "1" + "]" * 7, [[[[[[[1]]]]]]]),
        ('{"a":' * 3 + "1" + "}" * 3, {"a": {"a": {"a": 1}}}),
        ('{"a":[' * 3 + '{"a":1}' + "]}" * 3, {"a": [{"a": [{"a": [{"a": 1}]}]}]}),
        ("true", True), ("false", False),
        ("null", None),
    ],
)  # fmt: skip
def test_takes(text: str, value: Any) -> None:
    assert parse(text.encode()) == value
    assert type(parse(text.encode())) is type(value)


@pytest.mark.parametrize(
    "text", ["1.5", "-0.0", "1e3", "1E-3", "2e+2", "1000000000000000", "-" + "9" * 16]
)
def test_a_number_that_is_no_integer_is_nothing_wanted(text: str) -> None:
    assert isinstance(parse(text.encode()), Number)


def test_writes_in_order_and_escapes() -> None:
    text = encode([("b", 1), ("a", (None, True, False, -5, 'Q 1q"\\\n\x01å', [])), ("c", ())])
    assert text == '{"b":1,"a":[null,true,false,-5,"Q 1q\\"\\\\\\u000a\\u0001å",{}],"c":[]}'
