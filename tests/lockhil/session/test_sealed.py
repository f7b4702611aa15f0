"""A client's channel: its lines in order, each once, and nothing after the first that isn't."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockhil.session.sealed import LONGEST_PLAIN, Channel, SealError

KEYS = {"to_lock": bytes(range(16)), "to_client": bytes(range(16, 32))}
TURNED = {"to_lock": KEYS["to_client"], "to_client": KEYS["to_lock"]}


class Unit(Channel):
    """The other end: what goes to the client there comes from here."""

    def _nonce(self, direction: int, n: int) -> bytes:
        return super()._nonce(1 - direction, n)


def pair() -> tuple[Channel, Channel]:
    return Channel(5, **KEYS), Unit(5, **TURNED)


@given(st.lists(st.binary(max_size=40), max_size=5))
def test_lines_come_in_order(plains: list[bytes]) -> None:
    client, unit = pair()
    for plain in plains:
        assert unit.open_line(client.seal_line(plain)) == plain
        assert client.open_line(unit.seal_line(plain)) == plain


@given(
    st.lists(st.binary(max_size=9), min_size=3, max_size=3),
    st.permutations(range(3)),
    st.integers(0, 2),
)
def test_another_order_is_none(plains: list[bytes], order: list[int], twice: int) -> None:
    client, unit = pair()
    lines = [unit.seal_line(plain) for plain in plains]
    told = [lines[at] for at in order] + [lines[twice]]
    for expected, line in enumerate(told):
        if expected < 3 and order[: expected + 1] == list(range(expected + 1)):
            assert client.open_line(line) == plains[expected]
        else:
            with pytest.raises(SealError):
                client.open_line(line)
            assert client.closed


@given(st.binary(min_size=1, max_size=20), st.integers(0, 500), st.integers(1, 255))
def test_no_altered_line_is_opened(plain: bytes, at: int, by: int) -> None:
    client, unit = pair()
    line = bytearray(unit.seal_line(plain))
    line[at % len(line)] ^= by
    try:
        # Base64 and JSON have more than one spelling for the same.
        assert client.open_line(bytes(line)) == plain
    except SealError:
        assert client.closed


def test_its_own_line_comes_back_as_nothing() -> None:
    client, _ = pair()
    line = client.seal_line(b"bolt.unlock")
    with pytest.raises(SealError, match="altered"):
        client.open_line(line)
    with pytest.raises(SealError, match="over"):
        client.seal(b"")
    with pytest.raises(SealError, match="over"):
        client.open(5, 0, bytes(8))


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{}",
        b"[]",
        b'"s"',
        b'{"s":5,"n":0}',
        b'{"s":5,"n":0,"c":5}',
        b'{"s":5,"n":0,"c":"\xff"}',
        b'{"s":5,"n":0,"c":"AAA"}',
        b'{"s":6,"n":0,"c":"AAAA"}',
        b'{"s":5,"n":"0","c":"AAAA"}',
        b'{"s":5,"n":0,"c":"AAAA"}',
        b'{"jsonrpc":"2.0","id":1,"result":{}}',
    ],
)
def test_what_is_no_sealed_line_closes_it(line: bytes) -> None:
    client, _ = pair()
    with pytest.raises(SealError):
        client.open_line(line)
    assert client.closed


def test_what_would_not_fit_a_line_is_refused_and_costs_nothing() -> None:
    client, unit = pair()
    with pytest.raises(ValueError, match="at most 730 bytes"):
        client.seal_line(bytes(LONGEST_PLAIN + 1))
    assert unit.open_line(client.seal_line(bytes(LONGEST_PLAIN))) == bytes(LONGEST_PLAIN)
