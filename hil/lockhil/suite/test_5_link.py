"""LINK: whatever comes in, the unit answers by JSON-RPC 2.0 and goes on."""

import json

import pytest

from lockhil.client import RpcError
from lockhil.plugin import Measure, Opener
from lockhil.session.link import SealedLink
from lockhil.suite.observe import changes
from lockhil.targets.base import Target

HELLO = b'{"jsonrpc":"2.0","id":7,"method":"unit.hello"}\n'


def _answers(unit: Target, sent: bytes) -> list[dict[str, object]]:
    before = len(unit.link.lines)
    unit.link.send_raw(sent)
    unit.bench.clock.advance(ms=1_000)
    told = [json.loads(line) for line in unit.link.lines[before:]]
    # What it tells unasked in that second answers nothing.
    return [line for line in told if "method" not in line]


@pytest.mark.req("LINK-2")
def test_hello(unit: Target) -> None:
    """The unit tells who it is, what it runs, and whether it is for development."""
    hello = unit.link.call("unit.hello")
    assert hello["unit"] == unit.unit_id
    assert hello["kind"] == "door"
    assert hello["sealed"] is (unit.issuer is not None or isinstance(unit.link, SealedLink))
    assert hello["development"] is not hello["sealed"]


BAD = [
    (b"garbage", -32700),
    (b"\x00\xff\xfe\x80", -32700),
    (b"{", -32700),
    (b'{"jsonrpc":"2.0","id":1,"method":"unit.hello"}}', -32700),
    (b'{"jsonrpc":"2.0","id":1,"id":2,"method":"unit.hello"}', -32700),
    (b"[" * 1_000, -32700),
    (b'{"a":' * 200, -32700),
    (b"NaN", -32700),
    (b"[]", -32600),
    (b"1", -32600),
    (b'"unit.hello"', -32600),
    (b'[{"jsonrpc":"2.0","id":1,"method":"unit.hello"}]', -32600),
    (b'{"id":1,"method":"unit.hello"}', -32600),
    (b'{"jsonrpc":"1.0","id":1,"method":"unit.hello"}', -32600),
    (b'{"jsonrpc":"2.0","id":1}', -32600),
    (b'{"jsonrpc":"2.0","id":1,"method":5}', -32600),
    (b'{"jsonrpc":"2.0","id":[1],"method":"unit.hello"}', -32600),
    (b'{"jsonrpc":"2.0","id":1.5,"method":"unit.hello"}', -32600),
    (b'{"jsonrpc":"2.0","id":true,"method":"unit.hello"}', -32600),
    (b'{"jsonrpc":"2.0","id":"' + b"x" * 65 + b'","method":"unit.hello"}', -32600),
    (b'{"jsonrpc":"2.0","id":1,"method":"unit.hello","params":5}', -32600),
    (b'{"jsonrpc":"2.0","id":1,"method":"unit.nothing"}', -32601),
    (b'{"jsonrpc":"2.0","id":1,"method":""}', -32601),
    (b'{"jsonrpc":"2.0","id":1,"method":"unit.hello","params":[1]}', -32602),
    (b'{"jsonrpc":"2.0","id":1,"method":"unit.hello","params":{"x":1}}', -32602),
]


@pytest.mark.req("LINK-1", "LINK-2")
def test_bad_lines_get_the_standards_errors(unit: Target) -> None:
    """Each kind of bad line gets its own JSON-RPC error, and the unit goes on."""
    for line, code in BAD:
        answers = _answers(unit, line + b"\n")
        codes = [answer["error"]["code"] for answer in answers]  # type: ignore[index]
        assert codes == [code], f"LINK-2: {line[:60]!r}: {answers}"
        assert len(_answers(unit, HELLO)) == 1, f"LINK-1: silent after {line[:60]!r}"


@pytest.mark.req("LINK-2")
def test_ids_come_back_as_they_were(unit: Target) -> None:
    """An id is answered as it came: integer, text, null; none at all gets no answer."""
    for ident in ("0", "-5", "123456789012345", '"a\\"\\u00e5\\n"', '""', "null"):
        line = f'{{"jsonrpc":"2.0","id":{ident},"method":"unit.hello"}}\n'
        assert _answers(unit, line.encode())[0]["id"] == json.loads(ident), f"LINK-2: {ident}"
    for silent in (b'{"jsonrpc":"2.0","method":"unit.hello"}\n', b"\n", b"  \r\n"):
        assert _answers(unit, silent) == [], f"LINK-2: {silent!r}"


@pytest.mark.req("LINK-1")
def test_long_and_half_lines(unit: Target, measure: Measure) -> None:
    """A line of 1,024 bytes is taken, a longer one refused once; halves come together or go."""
    padded = HELLO.strip().ljust(1_024) + b"\n"
    assert "result" in _answers(unit, padded)[0], "LINK-1: 1,024 bytes"
    assert "error" in _answers(unit, b" " + padded)[0], "LINK-1: 1,025 bytes"
    answers = _answers(unit, b"x" * 1_000_000 + b"\n")
    measure("LINK-1", "answers to a line of 1 MB", len(answers), "answers", at_least=1, at_most=1)
    assert _answers(unit, HELLO[:20]) == []
    assert "result" in _answers(unit, HELLO[20:])[0], "LINK-1: two halves"
    assert _answers(unit, b'{"jsonrpc":') == []
    unit.bench.clock.advance(seconds=10)
    assert "result" in _answers(unit, HELLO)[0], "LINK-1: after a half line that was left lying"


@pytest.mark.req("LINK-1")
def test_garbage_moves_nothing(open_unit: Opener) -> None:
    """Ten thousand bytes of noise: no motor, no light, and the unit answers."""
    unit = open_unit()
    noise = bytes((i * 7919 + i // 251) % 256 for i in range(10_000))
    unit.link.send_raw(noise + b"\n")
    unit.bench.clock.advance(seconds=10)
    trace = unit.bench.trace()
    assert [v for ch in ("motor", "led.green", "led.red") for _, v in changes(trace, ch) if v] == []
    assert unit.link.call("unit.hello")["unit"] == unit.unit_id, "LINK-1"


@pytest.mark.req("LINK-2")
def test_errors_name_what_was_wrong(unit: Target) -> None:
    """A refused parameter is named."""
    with pytest.raises(RpcError, match="colour"):
        unit.link.call("bolt.lock", colour="red")
