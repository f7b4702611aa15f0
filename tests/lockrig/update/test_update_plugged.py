"""`lockrig update` on a virtual board: the real interpreter, its flash, its boot selector."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.full import slow
from tests.lockrig.plugged import Plugged, firmware_copy, plugged
from tests.lockrig.trace.samples import lockrig

PATIENCE_S = 300


class Bench:
    """A provisioned board's key store and credential."""

    def __init__(self, folder: Path, keys: tuple[str, ...]) -> None:
        self.folder, self.keys = folder, keys
        self.credential = folder / "s.credential"

    def provision(self, board: Plugged) -> None:
        """Give it a key, and its service man a credential."""
        for _ in range(20):
            ran = lockrig("provision", f"serial:{board.console}", *self.keys)
            if ran.code == 0:
                break
            time.sleep(0.5)  # it is at its first start
        assert ran.code == 0, ran.err
        words = ("--role", "service", "--id", "S-1", "--until", "2099-01-01")
        ran = lockrig("credential", board.name, *words, "--out", self.credential, *self.keys)
        assert ran.code == 0, ran.err

    def package(self, version: str, *breaks: str) -> Path:
        """The firmware of that version; what `breaks` says is at the end of its unit."""

        def change(folder: Path) -> None:
            unit = folder / "lockunit" / "unit.py"
            unit.write_text("\n".join((unit.read_text(), *breaks)))

        out = self.folder / f"{version}.update"
        firmware = firmware_copy(self.folder / version, version, change)
        words = ("--board", "virtual", "--firmware", firmware, "--out", out)
        ran = lockrig("package", "T-1", *words, *self.keys)
        assert ran.code == 0, ran.err
        return out

    def update(self, target: str, package: Path, **environment: str) -> "subprocess.Popen[str]":
        """The command, as a process of its own."""
        words = [target, str(package), "--credential", str(self.credential), "--json"]
        return subprocess.Popen(
            [sys.executable, "-m", "lockrig", "update", *words],
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


@pytest.fixture
def bench(tmp_path: Path, keys: tuple[str, ...]) -> Bench:
    return Bench(tmp_path, keys)


def ended(process: "subprocess.Popen[str]") -> dict[str, object]:
    """What it came to."""
    out, err = process.communicate(timeout=PATIENCE_S)
    found = json.loads(out)
    assert isinstance(found, dict), err
    return found


def test_a_killed_host_goes_on_and_what_has_it_is_up_to_date(bench: Bench) -> None:
    with plugged(bench.folder / "data") as board:
        bench.provision(board)
        package, target = bench.package("0.2.0"), f"serial:{board.link}"
        first = bench.update(target, package)
        time.sleep(3)
        first.kill()
        first.communicate(timeout=PATIENCE_S)
        found = ended(bench.update(target, package))
        assert (found["exit_code"], found["left"]) == (0, "done"), found
        assert (found["version_before"], found["version"]) == ("0.1.0", "0.2.0")
        again = ended(bench.update(target, package))
        assert (again["result"], again["bytes"]) == ("up to date", 0), again


@slow("three starts of a production unit that can't")
def test_firmware_that_does_not_come_up_leaves_what_was(bench: Bench) -> None:
    with plugged(bench.folder / "data") as board:
        bench.provision(board)
        package = bench.package("0.2.0", "raise ValueError('broken')")
        found = ended(bench.update(f"serial:{board.link}", package))
        assert (found["exit_code"], found["left"]) == (1, "kept"), found


@slow("a unit that is cut midway, and its update from the beginning")
def test_a_unit_without_power_for_a_while_gets_it_all_the_same(bench: Bench) -> None:
    with plugged(bench.folder / "data") as board:
        bench.provision(board)
        package = bench.package("0.2.0")
        data = {"XDG_DATA_HOME": str(board.data)}
        process = bench.update(f"virtual:{board.name}", package, **data)
        time.sleep(4)
    with plugged(bench.folder / "data"):
        found = ended(process)
    assert (found["exit_code"], found["left"]) == (0, "done"), found


@slow("an update at the pace of the air")
def test_it_comes_over_the_air(bench: Bench) -> None:
    with plugged(bench.folder / "data", "--air", "0") as board:
        bench.provision(board)
        told = re.fullmatch(r"air: (\S+), the unit is (\S+)", board.air)
        assert told is not None
        radio = {"LOCKRIG_RADIO": told[1]}
        found = ended(bench.update(f"ble:{told[2]}", bench.package("0.2.0"), **radio))
        assert (found["exit_code"], found["left"]) == (0, "done"), found
