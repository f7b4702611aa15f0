"""A programmable supply: tested against a small server of SCPI on a real socket, not a real one."""

import shutil
import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from lockhil.bench import NotOnThisBenchError
from lockhil.client import Link
from lockhil.probe.bench import ProbeBench
from lockhil.probe.files import laid_out
from lockhil.probe.instrument import Probe
from lockhil.probe.overheard import Overheard
from lockhil.probe.supply import ScpiSupply
from lockhil.probe.wiring import check_wiring, read_wiring
from lockhil.targets.onboard import parts
from lockhil.targets.options import Options
from lockhil.targets.pair import VirtualClock
from lockhil.targets.probed import run_check
from lockhil.targets.realclock import ContactLostError
from lockhil.virtual.image import build
from lockhil.virtual.pair import VirtualPair


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


def test_a_bench_takes_it_in_place_of_the_probes_switch(supply: FakeSupply, tmp_path: Path) -> None:
    """The unit is plugged in as the server says; the probe has no wire to a switch."""
    whole = read_wiring("virtual").data
    data = {**whole, "wires": [wire for wire in whole["wires"] if wire["net"] != "supply"]}
    wiring = check_wiring("no switch", data)
    disk = tmp_path / "probe.img"
    shutil.copyfile(build(laid_out(wiring, "PROBE-1")), disk)
    with parts(Options()) as made, VirtualPair(data, made.disk, disk) as pair:

        class Plugged(ScpiSupply):
            def switch(self, on: bool) -> None:
                super().switch(on)
                (pair.restart if supply.on else pair.kill)("unit")

        clock = VirtualClock(pair)
        scpi = Plugged(supply.url, 6_000)
        probe = Probe(pair.transport("probe"), lambda: pair.now * 1_000)
        bench = clock.bench = ProbeBench(
            probe, wiring, lambda: pair.now * 1_000, clock, supply=scpi, instant=pair.advance
        )
        line = Overheard(pair.transport("unit"), bench, lambda: pair.boots["unit"])
        rows = run_check(bench, Link(line))
        assert ("supply", "the unit answers with power alone") in rows
        with pytest.raises(NotOnThisBenchError, match="the probe's own switch"):
            bench.power_cut(10)
        scpi.close()
        assert [event.v for event in pair.events if event.ch == "unit"][-1] == "gone"
