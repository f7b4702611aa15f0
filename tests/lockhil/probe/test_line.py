"""The probe's line, on real MicroPython: garbage, long lines, pages of events, a long time."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockhil.client import Link, RpcError
from lockhil.probe.bench import ProbeBench
from lockhil.targets.options import Options
from lockhil.targets.pair import open_pair
from lockhil.targets.realclock import BenchBrokenError

HELLO = b'{"jsonrpc":"2.0","id":7,"method":"probe.hello"}'


@pytest.fixture(scope="module")
def opened() -> Iterator[Any]:
    with open_pair("pair", Options()) as found:
        yield found


def _asked(pair: Any, data: bytes) -> list[dict[str, Any]]:
    """What the probe answers to these bytes."""
    transport = pair.transport("probe")
    while transport.read(0):
        pass
    transport.write(data)
    came = b""
    while (piece := transport.read(0)) is not None:
        came += piece[1]
    return [json.loads(line) for line in came.splitlines()]


@given(st.binary(max_size=60).map(lambda noise: noise.replace(b"\n", b"")))
def test_whatever_comes_in_it_answers_once_and_goes_on(opened: Any, noise: bytes) -> None:
    answers = _asked(opened.pair, noise + b"\n" + HELLO + b"\n")
    assert answers[-1]["id"] == 7
    assert "result" in answers[-1]
    assert len(answers) == (2 if noise.strip() else 1)
    assert all("error" in answer for answer in answers[:-1])


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"{", -32700),
        (b"[" * 900, -32700),
        (b"x" * 5_000, -32600),
        (b"[]", -32600),
        (b'{"jsonrpc":"1.0","id":1,"method":"probe.hello"}', -32600),
        (b'{"jsonrpc":"2.0","method":"probe.hello"}', -32600),
        (b'{"jsonrpc":"2.0","id":1,"method":"probe.nothing"}', -32601),
        (b'{"jsonrpc":"2.0","id":1,"method":["probe.hello"]}', -32601),
        (b'{"jsonrpc":"2.0","id":1,"method":"probe.hello","params":[1]}', -32602),
        (b'{"jsonrpc":"2.0","id":1,"method":"probe.press"}', -32602),
        (b'{"jsonrpc":"2.0","id":1,"method":"probe.press","params":{"hold_ms":-1}}', -32602),
        (b'{"jsonrpc":"2.0","id":1,"method":"probe.pack","params":{"cells":[[1]]}}', -32602),
        (b'{"jsonrpc":"2.0","id":1,"method":"probe.pack","params":{"cells":[3]}}', -32602),
        (b'{"jsonrpc":"2.0","id":1,"method":"probe.door","params":{"state":"ajar"}}', -32602),
        (b'{"jsonrpc":"2.0","id":1,"method":"probe.drive","params":{"net":"usb"}}', -32602),
    ],
)
def test_bad_lines_get_the_standards_errors(opened: Any, line: bytes, code: int) -> None:
    assert [answer["error"]["code"] for answer in _asked(opened.pair, line + b"\n")] == [code]
    assert "result" in _asked(opened.pair, HELLO + b"\n")[0]


def test_its_clock_goes_on_when_its_counter_has_turned(opened: Any) -> None:
    """2**30 us are 17.9 minutes."""
    link = Link(opened.pair.transport("probe"), 1_000)
    before = link.call("probe.now")["us"]
    opened.pair.advance(3 * 3_600_000 + 1)
    assert link.call("probe.now")["us"] - before == (3 * 3_600_000 + 1) * 1_000


def test_events_come_in_pages_and_a_lost_one_is_never_silent() -> None:
    with open_pair("pair", Options()) as (bench, _, _, pair):
        mark = bench.mark()
        for _ in range(100):
            bench.press(hold_ms=1)
            pair.advance(2)
        flips = [event.v for event in bench.since(mark) if event.ch == "button"]
        assert flips == [1, 0] * 100
        for _ in range(300):
            bench.press(hold_ms=1)
            pair.advance(2)
        with pytest.raises(BenchBrokenError, match="88 events more than it could keep"):
            bench.mark()


def test_a_probe_that_started_anew_is_noticed() -> None:
    with open_pair("pair", Options()) as (bench, _, _, pair):
        pair.reset("probe", "soft")
        pair.advance(1_000)
        with pytest.raises(BenchBrokenError, match="started anew"):
            bench.mark()


def test_a_probe_that_is_pulled_out_falls_silent() -> None:
    with open_pair("pair", Options()) as (bench, _, _, pair):
        pair.kill("probe")
        with pytest.raises(BenchBrokenError, match="fell silent at press"):
            bench.press()


def test_another_program_on_the_line_is_no_probe() -> None:
    from lockhil.probe.instrument import Probe  # noqa: PLC0415
    from lockhil.targets.realclock import ContactLostError  # noqa: PLC0415

    with open_pair("pair", Options()) as (bench, _, _, pair):
        bench.begin("good", bolt="locked", door="closed", supply="battery", temperature=20)
        bench.power(1)
        pair.advance(1_000)
        with pytest.raises(ContactLostError, match="is no probe"):
            Probe(pair.transport("unit"), lambda: pair.now * 1_000)


def _bench(opened: Any) -> ProbeBench:
    bench: ProbeBench = opened.bench
    return bench


def test_bounces_are_made_where_the_button_is(opened: Any) -> None:
    bench = _bench(opened)
    mark, began = bench.mark(), bench.now_ms
    bench.press(hold_ms=100, bounce=(3, 2))
    opened.pair.advance(500)
    flips = [(e.t_ms - began, e.v) for e in bench.since(mark) if e.ch == "button"]
    assert flips == [(0, 1), (3, 0), (5, 1), (100, 0), (103, 1), (105, 0)]


def test_a_refusal_says_why(opened: Any) -> None:
    link = Link(opened.pair.transport("probe"), 2_000)
    with pytest.raises(RpcError, match="hold_ms: expected 0 to"):
        link.call("probe.press", hold_ms="long")
