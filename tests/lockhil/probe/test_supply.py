"""A programmable supply: tested against a small server of SCPI on a real socket, not a real one."""

import socketserver
import threading
from collections.abc import Iterator

import pytest

from lockhil.probe.supply import ScpiSupply
from lockhil.targets.realclock import ContactLostError


class FakeSupply(socketserver.ThreadingTCPServer):
    """A double of a supply: it keeps what it is told, and answers for it."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Line)
        self.told: list[str] = []
        self.on = False
        self.stuck = self.silent = False
        self.identity = "Lab,PSU-1,42,1.0"
        self.error = '0,"No error"'

    def serve(self, line: str) -> str | None:
        self.told.append(line)
        if line.startswith("OUTP ") and not self.stuck:
            self.on = line == "OUTP ON"
        answers = {"*IDN?": self.identity, "OUTP?": str(int(self.on)), "SYST:ERR?": self.error}
        return None if self.silent else answers.get(line)

    @property
    def url(self) -> str:
        return f"socket://127.0.0.1:{self.server_address[1]}"


class _Line(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        for line in self.rfile:
            assert isinstance(self.server, FakeSupply)
            answer = self.server.serve(line.decode().strip())
            if answer is not None:
                self.wfile.write(answer.encode() + b"\r\n")


@pytest.fixture
def supply() -> Iterator[FakeSupply]:
    with FakeSupply() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_it_is_set_up_while_it_is_off_then_switched_and_asked(supply: FakeSupply) -> None:
    scpi = ScpiSupply(supply.url, 6_000)
    assert scpi.identity == "Lab,PSU-1,42,1.0"
    said = ["*IDN?", "*CLS", "OUTP OFF", "OUTP?", "VOLT 6.000", "CURR 2.000", "SYST:ERR?"]
    assert supply.told == said
    scpi.switch(True)
    assert supply.on
    scpi.close()
    assert not supply.on


def test_one_that_refuses_is_named(supply: FakeSupply) -> None:
    supply.error = '-222,"Data out of range"'
    with pytest.raises(ContactLostError, match="refuses what it was told: -222"):
        ScpiSupply(supply.url, 99_000)


def test_one_that_does_not_switch_is_named(supply: FakeSupply) -> None:
    scpi = ScpiSupply(supply.url, 6_000)
    supply.stuck = True
    with pytest.raises(ContactLostError, match="switched on, and says '0'"):
        scpi.switch(True)
    scpi.close()


def test_what_is_no_supply_is_named(supply: FakeSupply) -> None:
    supply.identity = "hello"
    with pytest.raises(ContactLostError, match="maker and model"):
        ScpiSupply(supply.url, 6_000)


def test_one_that_is_silent_or_gone_is_named(supply: FakeSupply) -> None:
    supply.silent = True
    with pytest.raises(ContactLostError, match="doesn't answer"):
        ScpiSupply(supply.url, 6_000)
    with pytest.raises(ContactLostError, match="is it on"):
        ScpiSupply("socket://127.0.0.1:9", 6_000)
