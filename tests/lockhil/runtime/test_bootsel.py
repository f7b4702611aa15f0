"""The BOOTSEL drive, as a folder: found, refused, filled, and waited for."""

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lockhil.runtime import bootsel
from lockhil.runtime.bootsel import Drive, NoDriveError, NotTakenError, WrongChipError
from lockhil.runtime.image import Uf2Image
from tests.lockhil.runtime.images import uf2

RP2040 = "UF2 Bootloader v3.0\r\nModel: Raspberry Pi RP2\r\nBoard-ID: RPI-RP2\r\n"
RP2350 = "UF2 Bootloader v1.0\r\nModel: Raspberry Pi RP2350\r\nBoard-ID: RP2350\r\n"
IMAGE = Uf2Image("RP2040", "1.29.0")


def drive(path: Path, info: str = RP2040) -> Path:
    """A folder that looks like one."""
    path.mkdir(parents=True, exist_ok=True)
    (path / bootsel.INFO).write_bytes(info.encode())
    return path


@contextmanager
def taken(path: Path, size: int) -> Iterator[None]:
    """The drive goes once a file of that size is there, as the boot ROM lets it."""
    ended = threading.Event()

    def play() -> None:
        file = path / "micropython.uf2"
        while not ended.is_set() and not (file.exists() and file.stat().st_size == size):
            time.sleep(0.01)
        (path / bootsel.INFO).unlink(missing_ok=True)

    rom = threading.Thread(target=play)
    rom.start()
    try:
        yield
    finally:
        ended.set()
        rom.join()


@pytest.mark.parametrize(("info", "chip"), [(RP2040, "RP2040"), (RP2350, "RP2350")])
def test_a_drive_tells_its_chip(tmp_path: Path, info: str, chip: str) -> None:
    assert bootsel.only(drive(tmp_path / "it", info)) == Drive(tmp_path / "it", chip)


def test_another_board_with_uf2_is_refused_by_its_name(tmp_path: Path) -> None:
    found = bootsel.only(drive(tmp_path / "it", "UF2 Bootloader\nBoard-ID: SAMD21G18A-Feather\n"))
    with pytest.raises(WrongChipError, match=r"for RP2040, and .* is SAMD21G18A-Feather's"):
        bootsel.check(found, IMAGE, 1)


def test_of_the_mounted_the_drives_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = drive(tmp_path / "RPI RP2")
    (tmp_path / "stick").mkdir()
    blank = drive(tmp_path / "blank", "")
    places = [one, tmp_path / "stick", tmp_path / "gone", blank]
    monkeypatch.setattr(bootsel, "_mounted", lambda: places)
    assert bootsel.only(None) == Drive(one, "RP2040")
    places.append(drive(tmp_path / "two", RP2350))
    with pytest.raises(NoDriveError, match=r"there are .*RPI RP2, .*two: give --drive"):
        bootsel.only(None)
    del places[:]
    with pytest.raises(NoDriveError, match="hold BOOTSEL"):
        bootsel.only(None)


def test_a_path_that_is_no_drive_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoDriveError, match=f"is at {tmp_path}"):
        bootsel.only(tmp_path)


def test_the_table_of_mounts_is_read_with_blanks_in_its_paths() -> None:
    table = (
        "proc /proc proc rw 0 0\n/dev/sdb1 /media/me/RPI-RP2 vfat rw 0 0\n"
        "/dev/sdc1 /media/my\\040self/RP2350 vfat rw 0 0\n\n"
    )
    found = bootsel._in_table(table)
    assert found == [Path("/media/me/RPI-RP2"), Path("/media/my self/RP2350")]


def test_this_machine_can_be_looked_through() -> None:
    assert isinstance(bootsel.drives(), list)


def test_it_is_copied_whole_and_waited_for(tmp_path: Path) -> None:
    path, data, went = drive(tmp_path / "it"), uf2(), []
    with taken(path, len(data)):
        bootsel.copy(bootsel.only(path), data, went.append)
    assert (path / "micropython.uf2").read_bytes() == data
    assert sum(went) == len(data)


def test_a_drive_that_stays_did_not_take_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootsel, "PATIENCE_S", 0)
    with pytest.raises(NotTakenError, match="still there"):
        bootsel.copy(bootsel.only(drive(tmp_path / "it")), uf2(), lambda _: None)


def test_a_drive_that_is_too_small_is_refused_before_anything(tmp_path: Path) -> None:
    found = bootsel.only(drive(tmp_path / "it"))
    more = shutil.disk_usage(tmp_path).free * 2
    with pytest.raises(WrongChipError, match="bytes free, the file needs"):
        bootsel.check(found, IMAGE, more)


def test_a_drive_that_went_midway_took_it_not(tmp_path: Path) -> None:
    found = bootsel.only(drive(tmp_path / "it"))
    shutil.rmtree(found.path)
    with pytest.raises(NotTakenError, match="No such file"):
        bootsel.copy(found, uf2(), lambda _: None)
