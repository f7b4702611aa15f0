"""A board's flash: what is on it, that nobody changes a cached one, what can't be put on it."""

import json
from pathlib import Path

import pytest

from lockhil import firmware
from lockhil.virtual import image
from lockunit.settings import Settings, decode
from tests.lockhil.virtual.rig import WIRING, board, say

WALK = """
import os
def walk(folder):
    for name, kind, *_ in os.ilistdir(folder):
        path = folder + "/" + name
        if kind == 0x4000:
            walk(path)
        else:
            say(path)
walk("")
"""


def test_the_firmware_is_there_compiled() -> None:
    files = set(say(WALK))
    sources = [place for place in firmware.firmware_files() if "/" in place]
    modules = {f"/a/{place.removesuffix('py')}mpy" for place in sources}
    assert "/a/lockunit/unit.mpy" in modules
    assert "/a/lockboards/app.mpy" in modules
    assert files == modules | {"/boot.py", "/main.py", "/a/board.json"}


def test_what_the_unit_stores_is_there() -> None:
    stored = Settings("laundry")
    stored.set("release_ms", 7_000)
    made = image.image({"settings": stored.encode(), "unit": b"UNIT-7"})
    assert made.stat().st_size == image.SIZE
    main = 'say([open("/data/settings").read(), open("/data/unit").read()])\n'
    files = {"data/settings": stored.encode(), "data/unit": b"UNIT-7"}
    ((settings, unit),) = say(main, files)
    assert decode(settings.encode()).release_ms == 7_000
    assert unit == "UNIT-7"


def test_the_same_content_is_the_same_image_and_other_content_another() -> None:
    one = image.image({"unit": b"A"})
    assert image.image({"unit": b"A"}) == one
    assert image.image({"unit": b"B"}) != one
    assert image.image({"unix": b"A"}) != one


def test_nobody_writes_into_a_cached_image() -> None:
    made = image.build({"x": b"1"})
    before = made.read_bytes()
    with board("with open('/x', 'w') as f:\n    f.write('2')\nwhile True: time.sleep(9)\n") as rig:
        rig.world.run(10)
    assert image.build({"x": b"1"}).read_bytes() == before


def test_an_image_in_use_is_kept_when_old_ones_are_tidied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(image, "_cache", lambda: tmp_path)
    monkeypatch.setattr(image, "_KEPT", 3)
    used, unused = image.build({"used": b""}), image.build({"unused": b""})
    for number in range(4):
        assert image.build({"used": b""}) == used
        image.build({str(number): b""})
    assert used.exists()
    assert not unused.exists()


def test_a_source_that_doesnt_compile_is_named(tmp_path: Path) -> None:
    source = tmp_path / "broken.py"
    source.write_text("def f(:\n")
    with pytest.raises(
        firmware.FirmwareError, match=r"(?s)broken\.py doesn't compile: .*SyntaxError"
    ):
        firmware.compile_file(source, "lockunit/broken.py", tmp_path / "out.mpy")


def test_more_than_the_flash_holds_is_refused() -> None:
    with pytest.raises(firmware.FirmwareError, match="no image could be made"):
        image.build({"large": bytes(image.SIZE + 1)})


def test_the_boards_data_is_complete() -> None:
    on_board = json.loads(firmware.wiring_file().read_text())
    assert on_board == WIRING
    pins = [*WIRING["outputs"].values(), *WIRING["inputs"].values()]
    pins += [WIRING["taps"]["pin1"], WIRING["taps"]["pin2"], WIRING["motor_ma"]["pin"]]
    pins += [WIRING["temperature"]["pin"], WIRING["link"]["tx"], WIRING["link"]["rx"]]
    assert len(pins) == len(set(pins)), "two things on one pin"
