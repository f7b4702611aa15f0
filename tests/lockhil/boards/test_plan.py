"""What a flash would do to a board, or why it is refused: no board is needed to know."""

import json
import re
from dataclasses import replace

import pytest

from lockhil.boards.contents import Contents
from lockhil.boards.firmware import Firmware, load, read_manifest, sha256, version_key
from lockhil.boards.identity import VIRTUAL, Identity
from lockhil.boards.plan import MissingError, RefusedError, Wishes, make_plan

WHO = Identity("linux", None, (1, 29, 0), 6, 4096, 200, 256, VIRTUAL)
ESP32 = replace(WHO, platform="esp32", machine="ESP32 module", unique_id=b"1")
BLANK = Contents({}, {})
NEW = Wishes(unit="T-1", kind="door")


@pytest.fixture(scope="module")
def firmware() -> Firmware:
    return load()


def flashed(firmware: Firmware, slot: str = "/a", **more: object) -> Contents:
    """A board with this firmware in this slot, as it is read from it."""
    files = {**firmware.in_slot(slot, "virtual"), **firmware.root}
    hashes = {place: sha256(data) for place, data in files.items()} | {"/data/unit": "?"}
    sizes = {place: len(data) for place, data in files.items()}
    manifest = read_manifest(files[f"{slot}/firmware.json"])
    assert manifest is not None
    found = Contents(hashes, sizes, slot, slot, {slot: manifest}, unit="T-1", version="0.1.0")
    return replace(found, **more)  # type: ignore[arg-type]


def former(firmware: Firmware) -> Contents:
    """A board as it was flashed before there were slots."""
    lies = {**firmware.in_slot("/lib", "virtual"), **firmware.root}
    found = flashed(firmware, home="/lib")
    hashes = {place: sha256(data) for place, data in lies.items() if "json" not in place}
    hashes |= {"/board.json": "x", "/firmware.json": "x", "/data/unit": "?", "/boot.py": "before"}
    root = {"/boot.py": "before", "/main.py": hashes["/main.py"]}
    manifest = replace(found.manifests["/a"], root=root)
    return replace(found, sha256=hashes, sizes={}, manifests={"/lib": manifest})


def without(found: Contents, *places: str) -> Contents:
    left = {place: digest for place, digest in found.sha256.items() if place not in places}
    return replace(found, sha256=left)


def test_a_blank_board_gets_everything_and_what_starts_it_last(firmware: Firmware) -> None:
    plan = make_plan(WHO, BLANK, firmware, NEW)
    assert not plan.trial
    assert plan.slot == "/a"
    assert plan.copy == [p for p in plan.files if p.startswith("/a/")]
    assert plan.copy[-1] == "/a/lockunit/__init__.mpy"
    assert plan.put == ["/data/settings", "/data/unit", "/boot.py", "/main.py"]
    assert plan.files["/data/unit"] == b"T-1"
    assert json.loads(plan.files["/data/settings"])["kind"] == "door"
    assert plan.before is None


def test_a_manifest_names_each_file_but_what_is_the_units(firmware: Firmware) -> None:
    plan = make_plan(WHO, BLANK, firmware, NEW)
    manifest = read_manifest(plan.files["/a/firmware.json"])
    assert manifest is not None
    named = {f"/a/{place}" for place in manifest.files} | set(manifest.root)
    assert named == set(plan.files) - {"/a/firmware.json", "/data/unit", "/data/settings"}
    assert manifest.version == firmware.version
    assert manifest.board == "virtual"


@pytest.mark.parametrize("wishes", [Wishes(), Wishes(unit="T-1"), Wishes(kind="door")])
def test_a_blank_board_needs_label_and_kind(firmware: Firmware, wishes: Wishes) -> None:
    with pytest.raises(MissingError, match=r"--unit .* --kind"):
        make_plan(WHO, BLANK, firmware, wishes)


@pytest.mark.parametrize("label", ["", "t-1", "Å", "A" * 17, "A B", "A\n"])
def test_a_label_is_at_most_16_of_a_few_characters(firmware: Firmware, label: str) -> None:
    with pytest.raises(MissingError, match="at most 16"):
        make_plan(WHO, BLANK, firmware, replace(NEW, unit=label))


def test_nothing_is_done_where_nothing_differs(firmware: Firmware) -> None:
    plan = make_plan(WHO, flashed(firmware), firmware, Wishes())
    assert plan.up_to_date
    assert plan.size == 0


def test_a_unit_keeps_its_label_and_its_settings(firmware: Firmware) -> None:
    assert "/data/unit" not in make_plan(WHO, flashed(firmware), firmware, NEW).files
    with pytest.raises(RefusedError, match="is the unit T-1, not T-2"):
        make_plan(WHO, flashed(firmware), firmware, replace(NEW, unit="T-2"))


@pytest.mark.parametrize(("slot", "other"), [("/a", "/b"), ("/b", "/a")])
def test_what_a_board_holds_counts_and_goes_into_the_other_slot(
    firmware: Firmware, slot: str, other: str
) -> None:
    found = flashed(firmware, slot)
    found.sha256[f"{slot}/lockunit/unit.mpy"] = "another"
    plan = make_plan(WHO, found, firmware, Wishes())
    assert (plan.slot, plan.trial, plan.remove, plan.put) == (other, True, [], [])
    assert plan.copy == [f"{other}/lockunit/unit.mpy"]
    assert plan.clone[f"{other}/lockunit/bolt.mpy"] == f"{slot}/lockunit/bolt.mpy"
    assert sorted([*plan.copy, *plan.clone]) == sorted(plan.in_slot)


def test_what_lies_in_the_other_slot_isn_t_copied_again(firmware: Firmware) -> None:
    found = flashed(firmware)
    later = replace(firmware, version="0.2.0")
    lies = {place: sha256(data) for place, data in later.in_slot("/b", "virtual").items()}
    found.sha256.update(lies)
    found.sha256["/b/lockunit/bolt.mpy"] = "half of it"
    del found.sha256["/b/firmware.json"]
    plan = make_plan(WHO, found, later, Wishes())
    assert list(plan.clone) == ["/b/lockunit/bolt.mpy"]
    assert plan.copy == ["/b/firmware.json"]
    assert plan.remove == ["/b/lockunit/bolt.mpy"]


def test_nothing_else_stays_in_a_slot_and_others_files_do(firmware: Firmware) -> None:
    found = flashed(firmware)
    # A .py would be imported in place of the .mpy beside it.
    ours = ["/b/lockunit/__init__.mpy", "/b/firmware.json", "/b/lockunit/unit.py", "/b/x/y"]
    others = ["/data/settings.new", "/data/latch"]
    found.sha256.update(dict.fromkeys(ours + others, "x"))
    assert make_plan(WHO, found, firmware, Wishes()).up_to_date
    plan = make_plan(WHO, found, replace(firmware, version="0.2.0"), Wishes())
    assert set(plan.remove) == set(ours)
    assert set(plan.remove[:2]) == {"/b/firmware.json", "/b/lockunit/__init__.mpy"}


def test_more_in_the_slot_in_use_than_should_be_is_another_firmware(firmware: Firmware) -> None:
    found = flashed(firmware)
    found.sha256["/a/lockunit/unit.py"] = "x"
    plan = make_plan(WHO, found, firmware, Wishes())
    assert (plan.slot, plan.trial, plan.copy, plan.remove) == ("/b", True, [], [])


def test_a_trial_ends_with_the_next_flash(firmware: Firmware) -> None:
    found = flashed(firmware)
    found.sha256.update({"/trial": "x", "/trial.new": "x", "/slot.new": "x"})
    plan = make_plan(WHO, found, firmware, Wishes())
    assert (plan.remove[0], len(plan.remove), plan.trial) == ("/trial", 3, False)
    later = make_plan(WHO, found, replace(firmware, version="0.2.0"), Wishes())
    assert (later.remove[0], later.trial) == ("/trial", True)


def test_a_board_from_before_the_slots_keeps_its_firmware_until_the_next_runs(
    firmware: Firmware,
) -> None:
    found = former(firmware)
    plan = make_plan(WHO, found, replace(firmware, version="0.2.0"), Wishes())
    assert (plan.slot, plan.trial, plan.remove, plan.keep) == ("/b", True, [], [])
    assert plan.clone["/b/lockunit/bolt.mpy"] == "/lib/lockunit/bolt.mpy"
    assert plan.put == ["/boot.py"]
    # Then it is in the way of nobody, and goes.
    after = flashed(firmware, "/b")
    after.sha256.update({"/lib/lockunit/bolt.mpy": "x", "/board.json": "x", "/firmware.json": "x"})
    plan = make_plan(WHO, after, firmware, Wishes())
    assert plan.remove == ["/lib/lockunit/bolt.mpy", "/board.json", "/firmware.json"]
    assert (plan.trial, plan.copy, plan.clone, plan.put) == (False, [], {}, [])


def test_somebody_elses_program_is_refused_or_put_aside(firmware: Firmware) -> None:
    found = replace(BLANK, sha256={"/main.py": "theirs", "/boot.py": "stock"})
    with pytest.raises(RefusedError, match=r"somebody else's /main.py .* --adopt"):
        make_plan(WHO, found, firmware, NEW)
    plan = make_plan(WHO, found, firmware, replace(NEW, adopt=True))
    assert plan.keep == ["/main.py", "/boot.py"]
    boot = replace(found, sha256={"/boot.py": "theirs"}, boot_idle=False)
    with pytest.raises(RefusedError, match=r"somebody else's /boot.py"):
        make_plan(WHO, boot, firmware, NEW)


def test_a_makers_empty_boot_py_is_nobodys_program(firmware: Firmware) -> None:
    found = replace(BLANK, sha256={"/boot.py": "stock"}, boot_idle=True)
    assert "/boot.py" in make_plan(WHO, found, firmware, NEW).put


def test_what_a_manifest_names_is_ours(firmware: Firmware) -> None:
    found = flashed(firmware)
    later = replace(firmware, root={**firmware.root, "/main.py": b"later"})
    plan = make_plan(WHO, found, later, Wishes())
    assert (plan.put, plan.keep) == (["/main.py"], [])
    found.sha256["/main.py"] = "theirs"
    with pytest.raises(RefusedError, match=r"somebody else's /main.py .* --adopt"):
        make_plan(WHO, found, later, Wishes())


def test_a_damaged_manifest_is_another_firmware(firmware: Firmware) -> None:
    found = flashed(firmware, manifests={}, damaged=True)
    found.sha256["/a/firmware.json"] = "damaged"
    assert make_plan(WHO, found, firmware, Wishes()).copy == ["/b/firmware.json"]


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"{", b"[]", b"null", b"7", b'{"format":"x"}', b"\xff", b"[" * 9000),
        b'{"format":"lockrig-firmware/1","version":"1","board":"b","sha256":[1]}',
    ],
)
def test_a_manifest_that_isn_t_ours_is_none(content: bytes) -> None:
    assert read_manifest(content) is None


@pytest.mark.parametrize("told", ["files", "manifest"])
def test_older_over_newer_needs_a_word(firmware: Firmware, told: str) -> None:
    found = flashed(firmware)
    assert found.manifest is not None
    if told == "files":
        found = replace(found, version="0.10.0")
    else:
        manifest = replace(found.manifest, version="0.10.0")
        found = replace(found, manifests={"/a": manifest})
    with pytest.raises(RefusedError, match=r"firmware 0\.10\.0, newer .* --downgrade"):
        make_plan(WHO, found, firmware, Wishes())
    assert make_plan(WHO, found, firmware, Wishes(downgrade=True)).before == "0.10.0"


def test_versions_compare_by_their_numbers() -> None:
    assert version_key("0.10.0") > version_key("0.9.9")
    assert version_key("1.0.rc1") == version_key("1.0.0")


def test_a_board_without_room_is_refused(firmware: Firmware) -> None:
    with pytest.raises(RefusedError, match=r"20 KB free, the other slot needs \d{3} KB"):
        make_plan(replace(WHO, free=5), BLANK, firmware, NEW)
    assert make_plan(replace(WHO, free=0), flashed(firmware), firmware, Wishes()).up_to_date


@pytest.mark.parametrize(
    ("platform", "machine", "board"),
    [
        ("esp32", "Generic ESP32 module with ESP32", "esp32-devkit"),
        ("esp32", "Generic ESP32 module with SPIRAM with ESP32", "esp32-devkit"),
        ("esp32", "Generic ESP32S3 module with ESP32S3", "esp32-s3-devkit"),
        ("rp2", "Raspberry Pi Pico W with RP2040", "pico-w"),
        ("rp2", "Raspberry Pi Pico 2 W with RP2350", "pico-2-w"),
    ],
)
def test_the_pins_are_those_of_the_board(
    firmware: Firmware, platform: str, machine: str, board: str
) -> None:
    who = replace(ESP32, platform=platform, machine=machine)
    assert make_plan(who, BLANK, firmware, NEW).board == board
    with pytest.raises(RefusedError, match=f"expected one of {board} for "):
        make_plan(who, BLANK, firmware, replace(NEW, board="virtual"))


def test_a_board_that_there_are_no_pins_for_is_refused(firmware: Firmware) -> None:
    who = replace(ESP32, machine="ESP32C3 module with ESP32C3")
    with pytest.raises(RefusedError, match="there is no data for ESP32C3 module"):
        make_plan(who, BLANK, firmware, NEW)
    with pytest.raises(MissingError, match="one of esp32-devkit, esp32-s3-devkit; give --board"):
        make_plan(ESP32, BLANK, firmware, NEW)


@pytest.mark.parametrize(
    ("who", "why"),
    [
        (replace(WHO, unique_id=b"pc"), "expected one of esp32, rp2 or a virtual board"),
        (replace(ESP32, platform="pyboard"), "expected one of esp32"),
        (replace(ESP32, version=(1, 22, 2)), r"expected MicroPython 1\.23 or newer"),
        (replace(ESP32, version=()), r"expected MicroPython 1\.23 or newer"),
        (replace(ESP32, mpy=5), r"takes \.mpy files of version 5, mpy-cross makes 6"),
        (replace(ESP32, mpy=None), "version None"),
        (replace(ESP32, block=0), "no file system"),
        (ESP32, None),
        (WHO, None),
    ],
)
def test_where_the_firmware_can_run(who: Identity, why: str | None) -> None:
    unfit = who.unfit(6)
    if why is None:
        assert unfit is None
    else:
        assert unfit is not None
        assert re.search(why, unfit)
