"""`lockrig scan`: who is in the air, in words and as JSON, and what there is to say if nobody can
listen."""

import json
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockhil.bluetooth.sighting import Battery, Sighting
from lockrig.i18n import speak
from lockrig.main import run
from lockrig.scan.listing import document, lines
from tests.lockrig.schemas.test_schemas import schema

_USE_IT = ("lockhil.bluetooth", "lockhil.radio", "lockhil.targets.", "lockrig.scan")
BATTERIES = st.sampled_from(list(Battery))


@pytest.fixture(autouse=True)
def english() -> None:
    """Whatever was spoken before."""
    speak("en")


def made(**other: object) -> Sighting:
    fields: dict[str, object] = {
        "address": "24:0A:C4:00:00:01",
        "name": "LOCK-1",
        "battery": Battery.GOOD,
        "percent": 100,
        "development": False,
        "dismounted": False,
        "rssi_dbm": -60,
        "heard_ms": 1_000,
    }
    return Sighting(**(fields | other))  # type: ignore[arg-type]


def test_a_made_up_air_remembered_for_the_overview(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("micropython_module", reason="there is no MicroPython for this machine")
    here = ["--records", str(tmp_path)]
    assert run(["scan", "ble:virtual", "--json", "--remember", *here]) == 0
    told = json.loads(capsys.readouterr().out)
    schema("scan").validate(told)
    assert run(["battery", "overview", "--training", "--json", *here]) == 0
    overview = json.loads(capsys.readouterr().out)
    schema("battery-overview").validate(overview)
    assert [(unit["unit"], unit["shown"]) for unit in overview["units"]] == [
        ("LOCK-0103", "suspected"),
        ("LOCK-0102", "soon"),
        ("BENCH-1", "good"),
        ("LOCK-0101", "good"),
        ("STREET-01", "good"),
    ]
    assert [(unit["name"], unit["battery"]) for unit in told["units"]] == [
        ("BENCH-1", "good"),
        ("LOCK-0101", "good"),
        ("LOCK-0102", "change_soon"),
        ("LOCK-0103", "service_desk_only"),
        ("STREET-01", "good"),
    ]
    assert [unit["development"] for unit in told["units"]] == [True, *[False] * 4]
    assert all(-95 < unit["rssi_dbm"] < -45 for unit in told["units"])
    assert all(0 <= unit["age_ms"] < 1_100 for unit in told["units"])
    assert run(["scan", "ble:virtual", "--lang", "sv"]) == 0
    said = capsys.readouterr().out
    assert "öppna inte: bara servicedesk" in said
    assert said.splitlines()[-1] == "Om ett batteri får bytas avgör bara diagnosen."


def test_words_for_each_state() -> None:
    def said(**other: object) -> str:
        return next(lines([made(**other)], 2_500))

    assert said() == "LOCK-1  24:0A:C4:00:00:01  -60 dBm, 1.5 s ago  battery good"
    assert said(battery=Battery.CHANGE_SOON, percent=20).endswith("battery change soon")
    assert said(battery=Battery.CHANGE_NOW, percent=None).endswith(
        "battery change now, the level is old"
    )
    assert said(battery=Battery.UNKNOWN, percent=None).endswith("battery level not known")
    assert said(battery=Battery.SERVICE_DESK_ONLY, percent=0).endswith(
        "do not open: service desk only"
    )
    assert said(development=True, dismounted=True).endswith("dismounted, development unit")
    assert said(name="").startswith("(no name)")


@given(st.text(max_size=40), st.text(max_size=20), BATTERIES, st.integers(-128, 127))
def test_what_somebody_calls_a_device_cant_steer_a_terminal(
    name: str, address: str, battery: Battery, rssi: int
) -> None:
    unit = made(name=name, address=address, battery=battery, rssi_dbm=rssi)
    (line,) = lines([unit], 0)
    assert line.isprintable()
    assert "good" not in line.replace(name, "") or battery is Battery.GOOD
    json.dumps(document([unit], 0, 1.0))


def test_nothing_to_listen_with(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LOCKRIG_RADIO", raising=False)
    assert run(["scan", "--radio", "tcp-client:127.0.0.1:1"]) == 4
    told = capsys.readouterr().err
    assert "tcp-client:127.0.0.1:1: no Bluetooth there: no controller answers" in told
    assert run(["scan", "--radio", "nonsense:1\x1b[2J"]) == 4
    assert "\x1b" not in capsys.readouterr().err
    monkeypatch.setenv("LOCKRIG_RADIO", "nonsense:2")
    assert run(["scan", "--lang", "sv"]) == 4
    assert "nonsense:2: ingen Bluetooth där" in capsys.readouterr().err


def test_without_bumble(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who installed the base alone."""
    for name in [name for name in sys.modules if name.startswith(("bumble", *_USE_IT))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "bumble", None)
    for words in (["scan", "ble:virtual"], ["scan", "--radio", "usb:0"]):
        assert run(words) == 4
        assert "needs bumble: pip install" in capsys.readouterr().err
    assert run(["monitor", "ble:virtual", "--for", "1"]) == 4
    assert "needs bumble: pip install" in capsys.readouterr().err


def test_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["scan", "sim"]) == 2
    assert "ble:virtual for a made-up air" in capsys.readouterr().err
    assert run(["scan", "--seconds", "0"]) == 2


def test_a_machine_without_an_adapter_says_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """D-Bus isn't where it is looked for: as on a machine that has none."""
    monkeypatch.delenv("LOCKRIG_RADIO", raising=False)
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere/at/all")
    code = run(["scan", "--seconds", "0.1"])
    told = capsys.readouterr().err
    assert (code, told.count("\n")) == (4, 1)
    assert "can't do Bluetooth" in told
    assert "--radio" in told
