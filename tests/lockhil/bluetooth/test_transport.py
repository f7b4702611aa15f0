"""The link over Bluetooth: whole lines whatever the packets, and what is known when one is lost."""

import json
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager

import pytest

from lockhil.bluetooth import transport as module
from lockhil.bluetooth.adapter import Adapter
from lockhil.bluetooth.install import client_on
from lockhil.bluetooth.transport import BleTransport
from lockhil.client import Link
from lockhil.radio.runner import ThreadRunner
from lockhil.targets.realclock import ContactLostError
from tests.lockhil.bluetooth.air import UNIT, Peripheral, air


class Air:
    """The air in its thread; `answers`: the unit says to each line what it says to a hello."""

    def __init__(self, runner: ThreadRunner, adapter: Adapter, unit: Peripheral) -> None:
        self.runner, self.adapter, self.unit = runner, adapter, unit

    def transport(self) -> BleTransport:
        return BleTransport(UNIT, self.runner, client_on(self.adapter))

    def tell(self, data: bytes) -> None:
        self.runner.run(self.unit.tell(data))

    def drop(self) -> None:
        self.runner.run(self.unit.drop())


@contextmanager
def on_air(mtu: int = 517) -> Iterator[Air]:
    runner = ThreadRunner()
    stack = AsyncExitStack()
    try:
        adapter, unit = runner.run(stack.enter_async_context(air(mtu)))
        yield Air(runner, adapter, unit)
    finally:
        runner.run(stack.aclose())
        runner.close()


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has the time to wait as a person in a stairwell does."""
    monkeypatch.setattr(module, "BACK_OFF_S", (0.01, 0.02))
    monkeypatch.setattr(module, "ATTEMPT_S", 0.3)


@pytest.mark.parametrize("mtu", [23, 24, 100, 247, 517])
def test_lines_pass_whole_both_ways(mtu: int) -> None:
    with on_air(mtu) as here:
        wire = here.transport()
        line = b"x" * 1_024 + b"\n"
        wire.write(line)
        assert b"".join(here.unit.written) == line
        assert max(map(len, here.unit.written)) == min(512, mtu - 3)
        for at in range(0, len(line), mtu - 3):
            here.tell(line[at : at + mtu - 3])
        came = b""
        while (piece := wire.read(1_000)) is not None:
            came += piece[1]
            if came == line:
                break
        assert came == line
        assert wire.read(0) is None
        wire.close()


def test_a_link_on_it_calls_and_hears() -> None:
    with on_air() as here:
        link = Link(here.transport())
        ident = link.begin("bolt.state")
        asked = json.loads(b"".join(here.unit.written))
        assert asked["method"] == "bolt.state"
        here.tell(b'{"jsonrpc":"2.0","id":%d,' % ident)
        here.tell(b'"result":{"state":"LOCKED"}}\n{"jsonrpc":"2.0","method":"bolt.moved"}\n')
        assert link.wait(ident) == {"state": "LOCKED"}
        assert [told.method for told in link.notifications] == ["bolt.moved"]


def test_who_waits_for_an_answer_is_told_that_nobody_knows() -> None:
    """The command is not said again, also not by the next connection."""
    with on_air() as here:
        wire = here.transport()
        link = Link(wire)
        ident = link.begin("bolt.unlock")
        here.drop()
        with pytest.raises(ContactLostError, match="done, or not: look how it is"):
            link.wait(ident)
        assert wire.contact == 1
        here.unit.written.clear()
        link.begin("bolt.state")
        assert b"unlock" not in b"".join(here.unit.written)
        assert b"bolt.state" in b"".join(here.unit.written)


def test_what_came_before_the_loss_comes_first() -> None:
    with on_air() as here:
        wire = here.transport()
        here.tell(b"half a li")
        here.drop()
        assert wire.read(1_000)[1] == b"half a li"  # type: ignore[index]
        assert wire.read(1_000)[1] == b"\n", "it must not spoil the next connection's first line"  # type: ignore[index]
        with pytest.raises(ContactLostError):
            wire.read(1_000)
        assert wire.read(0) is None, "nobody waits"


def test_an_idle_connection_that_was_lost_is_made_again() -> None:
    with on_air() as here:
        wire = here.transport()
        for _ in range(3):
            here.drop()
            assert here.runner.wait(lambda: not wire.connected, 1_000)
            here.unit.written.clear()
            wire.write(b"hello\n")
            assert here.unit.written == [b"hello\n"]
            here.tell(b"heard\n")
            assert wire.read(1_000)[1] == b"heard\n"  # type: ignore[index]
        assert wire.contact == 3


def test_a_line_whose_end_never_left_was_not_done() -> None:
    with on_air(23) as here:
        wire = here.transport()

        def drops(value: bytes) -> None:
            here.unit.written.append(value)
            if len(here.unit.written) == 2:
                here.runner.loop.create_task(here.unit.drop())

        here.unit.on_written = drops
        with pytest.raises(ContactLostError, match="nothing was done"):
            wire.write(b"x" * 200 + b"\n")
        assert b"\n" not in b"".join(here.unit.written)
        here.unit.written.clear()
        with pytest.raises(ContactLostError, match="done, or not"):
            wire.write(b"x" * 20 + b"\n" + b"y" * 30)


def test_a_unit_that_isnt_there() -> None:
    with on_air() as here, pytest.raises(ContactLostError, match="it isn't in the air; is it near"):
        BleTransport("F0:00:00:00:00:09", here.runner, client_on(here.adapter))


def test_a_machine_without_bluetooth_says_so() -> None:
    """As this one, or one whose service doesn't run; a machine that has an adapter finds nobody."""
    runner = ThreadRunner()
    try:
        with pytest.raises(ContactLostError, match=r"can't do Bluetooth|isn't in the air"):
            BleTransport("F0:00:00:00:00:09", runner)
    finally:
        runner.close()
