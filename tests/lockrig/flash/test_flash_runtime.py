"""`lockrig flash --runtime`: what is refused before anything changes, and what is run.

No chip is here: esptool is the real one where it finds none, and a fake that does nothing where
only the words matter that it is given.
"""

import json
import os
import pty
from collections.abc import Callable
from pathlib import Path

import pytest

from lockhil.runtime import bootsel
from tests.full import slow
from tests.lockhil.runtime.images import RP2350, Esp, uf2
from tests.lockhil.runtime.test_bootsel import drive, taken
from tests.lockrig.flash.rom import rom
from tests.lockrig.trace.samples import lockrig

UNCHANGED = "nothing was changed"
FAKE = """#!/bin/sh
# A fake of esptool for tests: it writes down what it is given, and no chip.
printf '%s\\n' "$*" >> {told}
case "$*" in *write-flash*) exit {written};; esac
echo "Detected flash size: {flash}"
"""
Fake = Callable[..., Path]


@pytest.fixture
def fake_esptool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fake:
    """Puts such a fake on the path; where it writes down what it was given."""

    def put(flash: str = "4MB", written: int = 0) -> Path:
        folder, told = tmp_path / "bin", tmp_path / "told"
        folder.mkdir()
        program = folder / "esptool"
        program.write_text(FAKE.format(told=told, flash=flash, written=written))
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
        return told

    return put


@pytest.fixture
def esp(tmp_path: Path) -> Path:
    """A file for an ESP32-S3."""
    path = tmp_path / "s3.bin"
    path.write_bytes(Esp().file())
    return path


@pytest.fixture
def pico(tmp_path: Path) -> Path:
    """A file for an RP2040."""
    path = tmp_path / "pico.uf2"
    path.write_bytes(uf2())
    return path


@pytest.mark.parametrize(
    ("chip", "base", "words"),
    [(0, 0x1000, "esp32 0x1000"), (9, 0, "esp32s3 0x0"), (5, 0, "esp32c3 0x0")],
)
def test_esptool_is_given_the_chip_and_where_it_goes(
    tmp_path: Path, fake_esptool: Fake, chip: int, base: int, words: str
) -> None:
    told, file = fake_esptool(), tmp_path / "it.bin"
    file.write_bytes(Esp(chip, base).file())
    ran = lockrig("flash", "serial:/dev/ttyUSB7", "--runtime", file)
    name, offset = words.split()
    assert (ran.code, told.read_text().splitlines()) == (
        0,
        [
            f"--chip {name} --port /dev/ttyUSB7 flash-id",
            f"--chip {name} --port /dev/ttyUSB7 --baud 460800 write-flash --no-progress "
            f"{offset} {file.resolve()}",
        ],
    )
    assert "next: lockrig flash serial:/dev/ttyUSB7 --unit LABEL" in ran.out


def test_too_little_flash_is_told_before_anything_is_written(fake_esptool: Fake, esp: Path) -> None:
    told = fake_esptool(flash="2MB")
    ran = lockrig("flash", "serial:/dev/ttyUSB7", "--runtime", esp)
    assert (ran.code, "for 4 MB of flash" in ran.err, UNCHANGED in ran.err) == (1, True, True)
    assert "write-flash" not in told.read_text()


def test_what_breaks_off_leaves_no_whole_micropython_and_says_so(
    fake_esptool: Fake, esp: Path
) -> None:
    fake_esptool(written=2)
    ran = lockrig("flash", "serial:/dev/ttyUSB7", "--runtime", esp, "--json")
    found = json.loads(ran.out)
    assert (ran.code, found["exit_code"], found["result"]) == (4, 4, "failed")
    assert "no whole MicroPython now: run the same command again" in found["error"]


def test_the_real_esptool_finds_no_port(esp: Path) -> None:
    ran = lockrig("flash", "serial:/dev/ttyNOPE", "--runtime", esp)
    assert ran.code == 4
    assert "no esp32s3 answers on /dev/ttyNOPE: Could not open /dev/ttyNOPE" in ran.err
    assert UNCHANGED in ran.err


@slow("it tries for seconds")
def test_the_real_esptool_finds_no_chip(esp: Path) -> None:
    ours, theirs = pty.openpty()
    try:
        ran = lockrig("flash", f"serial:{os.ttyname(theirs)}", "--runtime", esp)
    finally:
        os.close(ours)
        os.close(theirs)
    assert ran.code == 4
    assert "Failed to connect to ESP32-S3" in ran.err
    assert UNCHANGED in ran.err


@pytest.mark.parametrize(("chip", "name"), [(5, "ESP32-C3"), (77, "another chip")])
def test_the_real_esptool_finds_another_chip(esp: Path, chip: int, name: str) -> None:
    with rom(chip) as port:
        ran = lockrig("flash", f"serial:{port}", "--runtime", esp)
    assert (ran.code, UNCHANGED in ran.err) == (1, True), ran.err
    assert f"the file is for esp32s3, and {name} answers" in ran.err


def test_without_esptool_it_says_how_to_get_it(esp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    ran = lockrig("flash", "serial:/dev/ttyUSB7", "--runtime", esp)
    assert (ran.code, "lockrig[runtime]" in ran.err) == (2, True)


def test_a_pico_takes_it_from_its_drive(tmp_path: Path, pico: Path) -> None:
    path = drive(tmp_path / "RPI-RP2")
    with taken(path, pico.stat().st_size):
        ran = lockrig("flash", "--runtime", pico, "--drive", path, "--json")
    found = json.loads(ran.out)
    assert (ran.code, found["result"]) == (0, "installed")
    assert (found["chip"], found["version"]) == ("RP2040", "1.29.0")
    assert (path / "micropython.uf2").read_bytes() == pico.read_bytes()


def test_another_chips_drive_is_left_as_it_is(tmp_path: Path, pico: Path) -> None:
    pico.write_bytes(uf2(RP2350))
    path = drive(tmp_path / "RPI-RP2")
    ran = lockrig("flash", "--runtime", pico, "--drive", path)
    assert (ran.code, UNCHANGED in ran.err) == (1, True)
    assert [file.name for file in path.iterdir()] == [bootsel.INFO]


def test_a_drive_that_is_not_there_is_told(tmp_path: Path, pico: Path) -> None:
    ran = lockrig("flash", "--runtime", pico, "--drive", tmp_path)
    assert (ran.code, "hold BOOTSEL" in ran.err, UNCHANGED in ran.err) == (4, True, True)


@pytest.mark.parametrize("kind", ["esp", "pico"])
def test_a_file_that_is_cut_short_changes_nothing(
    kind: str, esp: Path, pico: Path, fake_esptool: Fake, tmp_path: Path
) -> None:
    file = {"esp": esp, "pico": pico}[kind]
    file.write_bytes(file.read_bytes()[:-700])
    told, path = fake_esptool(), drive(tmp_path / "RPI-RP2")
    where = ["serial:/dev/ttyUSB7"] if kind == "esp" else ["--drive", path]
    ran = lockrig("flash", *where, "--runtime", file)
    assert (ran.code, "cut short" in ran.err, UNCHANGED in ran.err) == (2, True, True)
    assert not told.exists()
    assert [left.name for left in path.iterdir()] == [bootsel.INFO]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--runtime", "{esp}"), "expected TARGET"),
        (("virtual:V-1", "--runtime", "{esp}"), "has its MicroPython already"),
        (("ble:AA", "--runtime", "{esp}"), "expected serial:PORT"),
        (("serial:/dev/x", "--runtime", "{esp}", "--drive", "/mnt"), "leave --drive out"),
        (("serial:/dev/x", "--runtime", "{pico}"), "leave TARGET out"),
        (("serial:/dev/x", "--runtime", "{esp}", "--unit", "A-17"), "leave --unit out"),
        (("serial:/dev/x", "--runtime", "/nowhere"), "can't read /nowhere"),
        (("serial:/dev/x", "--runtime", "/dev/zero"), "at most 32 MB"),
        (("serial:/dev/x", "--drive", "/mnt"), "expected TARGET, or --runtime FILE"),
        ((), "expected TARGET, or --runtime FILE"),
    ],
)
def test_wrong_usage_is_told(words: tuple[str, ...], why: str, esp: Path, pico: Path) -> None:
    ran = lockrig("flash", *(word.format(esp=esp, pico=pico) for word in words))
    assert (ran.code, why in ran.err) == (2, True), ran.err
