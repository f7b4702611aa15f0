"""`lockrig virtual NAME --air`: a generic central, with no code of ours, in another process."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from lockrig.errors import LockrigError
from lockrig.virtual.around import Around
from lockrig.virtual.command import command
from locksim.timeline import Timeline
from tests.lockhil.radio.test_capture import packets_of
from tests.lockrig.plugged import plugged


def test_bumbles_own_application_reads_the_unit_and_all_is_captured(tmp_path: Path) -> None:
    capture, config = tmp_path / "air.pcapng", tmp_path / "phone.json"
    config.write_text(json.dumps({"address": "C0:00:00:00:00:01"}))
    with plugged(tmp_path, "--air", "0", "--capture", str(capture)) as board:
        found = re.fullmatch(r"air: (tcp-client:127\.0\.0\.1:\d+), the unit is (.*)", board.air)
        assert found is not None
        where, unit = found.groups()
        words = ["-m", "bumble.apps.gatt_dump", "--device-config", str(config), where, f"{unit}/P"]
        done = subprocess.run(
            [sys.executable, *words], capture_output=True, text=True, timeout=120, check=True
        )
    told = re.sub("\x1b\\[[0-9;]*m", "", done.stdout)
    values = dict(re.findall(r"type=UUID-16:(\w{4})[^\n]*\n([0-9a-f]+)\n", told))
    assert bytes.fromhex(values["2A00"]) == b"T-1"
    assert bytes.fromhex(values["2A29"]) == b"lockrig"
    # No level is known in its first minute.
    assert values["2A19"] in ("00", "64")
    packets = packets_of(capture.read_bytes())
    assert {name for name, *_ in packets} == {f"unit {unit}/P", "host 1"}
    assert any(b"lockrig" in data for name, _, _, data in packets if name == "host 1")


def test_a_capture_of_no_air_is_refused(tmp_path: Path) -> None:
    done = CliRunner().invoke(command, ["T-1", "--capture", str(tmp_path / "air.pcapng")])
    assert isinstance(done.exception, LockrigError)
    assert str(done.exception) == "--capture needs --air PORT: without it there is none"
    assert not list(tmp_path.iterdir())


def test_the_weather_is_changed_by_words() -> None:
    around = Around("T-1", 0, None)
    assert around.act(["loss", "0.3"]) == "expected a board in an air: begin with --air PORT"
    around.radio(Timeline())
    assert around.act(["loss", "0.3"]) == "done"
    assert around.act(["within", "0"]) == "done"
    assert around.act(["rssi_dbm", "-80"]) == "done"
    assert around.act(["loss", "3"]) == "expected a loss of 0 to 1, got 3.0"
    for wrong in (["fog", "1"], ["loss"], []):
        assert around.act(wrong).startswith("expected one of rssi_dbm, loss, within")
    assert "could not convert" in around.act(["loss", "much"])
    around.close()


def test_a_name_has_its_address() -> None:
    addresses = {Around(name, 0, None).address for name in ("T-1", "T-2", "T-1")}
    assert len(addresses) == 2
    assert all(re.fullmatch("24:0A:C4(:[0-9A-F]{2}){3}", one) for one in addresses)


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
