"""The link's client: on the simulated unit, and on wires that carry what no unit should send."""

import contextlib
import json
from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockhil.client import Link, LinkTimeoutError, RpcError
from lockhil.targets import open_target


class Wire:
    """A wire on which these chunks come, one every 10 ms, whatever is sent."""

    def __init__(self, *chunks: bytes) -> None:
        self.now_ms = 0
        self.written = b""
        self._chunks = deque(chunks)

    def write(self, data: bytes) -> None:
        self.written += data

    def read(self, timeout_ms: int) -> tuple[int, bytes] | None:
        wait = min(timeout_ms, 10)
        self.now_ms += wait
        return (self.now_ms, self._chunks.popleft()) if self._chunks and wait == 10 else None


def test_waiting_for_an_answer_lets_time_pass_up_to_it() -> None:
    with open_target("sim") as unit:
        answer = unit.link.call("bolt.unlock")
        assert answer["result"] == "done"
        assert unit.bench.clock.now_ms == answer["ms"]


def test_notifications_bear_the_time_at_which_they_came() -> None:
    with open_target("sim") as unit:
        unit.bench.clock.advance(seconds=2)
        unit.bench.press()
        unit.bench.clock.advance(seconds=31)
        told = unit.link.notifications
        assert told[0].method == "unit.boot"
        steps = [n for n in told if n.method == "selftest.step"]
        assert (steps[0].t_ms, steps[0].params["step"]) == (2000, "pressed")
        assert steps[-1].params["step"] == "done"


def test_an_answer_to_who_asked_before_isn_t_taken() -> None:
    link = Link(Wire(b'{"jsonrpc":"2.0","id":1,"result":{"result":"done"}}\n'), first_id=7_000)
    with pytest.raises(LinkTimeoutError, match="request 7001"):
        link.call("bolt.lock", timeout_ms=100)


def test_the_units_error_is_raised_with_its_code() -> None:
    with open_target("sim") as unit:
        with pytest.raises(RpcError, match="-32601") as caught:
            unit.link.call("unit.explode")
        assert caught.value.code == -32601


def test_garbage_is_answered_and_kept_among_the_lines() -> None:
    with open_target("sim") as unit:
        unit.link.send_raw(b"garbage\n")
        assert b"-32700" in unit.link.lines[-1]
        assert unit.link.call("unit.hello")["unit"] == unit.unit_id


def test_a_unit_without_power_does_not_answer() -> None:
    with open_target("sim") as unit:
        unit.bench.power_cut(60_000)
        assert unit.link.notifications[0].method == "unit.boot"
        with pytest.raises(LinkTimeoutError, match="within 500 ms, got nothing"):
            unit.link.call("unit.hello", timeout_ms=500)
        assert unit.bench.clock.now_ms == 500


def test_answers_are_told_apart_by_their_ids() -> None:
    wire = Wire(
        b'{"jsonrpc":"2.0","id":2,"result":{"n":2}}\n{"jsonrpc":"2.0","id":7,"result":{}}\n',
        b'{"jsonrpc":"2.0","id":1,"result":{"n":1}}\n',
    )
    link = Link(wire)
    first, second = link.begin("a"), link.begin("b", x=1)
    assert link.wait(first) == {"n": 1}
    assert link.wait(second) == {"n": 2}
    assert wire.written.splitlines() == [
        b'{"jsonrpc":"2.0","id":1,"method":"a"}',
        b'{"jsonrpc":"2.0","id":2,"method":"b","params":{"x":1}}',
    ]


def test_what_came_instead_of_an_answer_is_told() -> None:
    link = Link(Wire(b"boot: \xff\n", b'{"jsonrpc":"2.0","id":9,"result":{}}\n'))
    with pytest.raises(LinkTimeoutError, match=r"boot: \\xff .*\"id\":9"):
        link.call("unit.hello", timeout_ms=100)


@pytest.mark.parametrize("error", ['"no"', "null", "[]"])
def test_an_error_of_any_shape_is_one(error: str) -> None:
    with pytest.raises(RpcError, match="isn't JSON-RPC"):
        Link(Wire(b'{"id":1,"error":%s}\n' % error.encode())).call("x")


@given(st.lists(st.binary(max_size=30)), st.lists(st.integers(1, 40), max_size=6))
def test_an_answer_is_found_in_any_noise_and_however_it_is_cut(
    noise: list[bytes], cuts: list[int]
) -> None:
    stream = b"".join(line.replace(b"\n", b"") + b"\n" for line in noise)
    stream += b'{"jsonrpc":"2.0","id":1,"result":{"ok":true}}\n'
    chunks = []
    for cut in cuts:
        chunks.append(stream[:cut])
        stream = stream[cut:]
    link = Link(Wire(*chunks, stream))
    assert link.call("x") == {"ok": True}
    assert len(link.lines) == len(noise) + 1


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
        max_leaves=8,
    ),
    st.sampled_from(["id", "error", "result", "method", "params"]),
)
def test_a_line_of_any_shape_never_stops_the_client(value: object, key: str) -> None:
    line = json.dumps({"id": 1, key: value}).encode()
    link = Link(Wire(json.dumps(value).encode() + b"\n" + line + b"\n"))
    with contextlib.suppress(RpcError, LinkTimeoutError):
        assert isinstance(link.call("x", timeout_ms=100), dict)
    assert link.lines[-1] == line


def test_a_listener_gets_all_lines_both_ways_in_their_order_and_once() -> None:
    with open_target("sim") as unit:
        [boot] = unit.link.listen(0)
        assert (boot.t_ms, boot.from_unit) == (0, True)
        unit.link.begin("unit.hello")
        unit.link.send_raw(b"half ")
        assert [line.from_unit for line in unit.link.listen(0)] == [False, True]
        unit.link.send_raw(b"a line\n")
        assert next(line.data for line in unit.link.listen(0)) == b"half a line"
        # Nothing comes for a minute, then the first sample of the battery.
        assert unit.link.listen(60_000) == []
        [level] = unit.link.listen(60_000)
        assert b"battery.level" in level.data
        assert level.t_ms == unit.link.now_ms == 60_200
        assert unit.link.lines == []


def test_what_never_ends_a_line_doesnt_fill_the_memory() -> None:
    link = Link(Wire(*[b"x" * 100] * 100))
    for _ in range(100):
        link.listen(10)
        assert len(link.unended) <= 4_096


def test_a_listener_hears_the_last_words_before_the_line_broke() -> None:
    class Breaking(Wire):
        def read(self, timeout_ms: int) -> tuple[int, bytes] | None:
            if not self.now_ms:
                self.now_ms = 1
                return 1, b"farewell\n"
            raise OSError("gone")

    link = Link(Breaking())
    assert [line.data for line in link.listen(10)] == [b"farewell"]
    for _ in range(2):
        with pytest.raises(OSError, match="gone"):
            link.listen(10)
