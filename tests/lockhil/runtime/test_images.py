"""Files with MicroPython: taken whole alone, and for what they are alone."""

from functools import reduce
from operator import xor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockhil.runtime.esp import CHIPS, _folded
from lockhil.runtime.file import read
from lockhil.runtime.image import EspImage, NotAnImageError, Uf2Image
from tests.lockhil.runtime.images import (
    BANNER,
    RP2040,
    RP2350,
    Esp,
    esp_image,
    table,
    uf2,
    uf2_block,
    waking,
)

ESP, UF2 = Esp().file(), uf2()
MB = 1 << 20


@pytest.mark.parametrize(
    ("chip", "base", "name"),
    [(0, 0x1000, "esp32"), (9, 0, "esp32s3"), (5, 0, "esp32c3"), (18, 0x2000, "esp32p4")],
)
def test_an_esp32_file_tells_its_chip_and_where_it_goes(chip: int, base: int, name: str) -> None:
    assert read(Esp(chip, base).file()) == EspImage(name, base, 4 * MB, "1.29.0")


@pytest.mark.parametrize(
    ("data", "chip"),
    [(uf2(), "RP2040"), (uf2(RP2350), "RP2350"), (waking() + uf2(RP2350), "RP2350")],
)
def test_a_uf2_file_tells_its_chip(data: bytes, chip: str) -> None:
    assert read(data) == Uf2Image(chip, "1.29.0")


def test_a_preview_is_called_by_its_whole_name() -> None:
    banner = BANNER.replace(b"1.29.0", b"1.30.0-preview.12.gabc")
    assert read(Esp(banner=banner).file()).version == "1.30.0-preview.12.gabc"


@given(st.integers(0, len(ESP) - 1))
def test_an_esp32_file_that_is_cut_short_is_refused(size: int) -> None:
    with pytest.raises(NotAnImageError):
        read(ESP[:size])


@given(st.integers(0, len(UF2) - 1))
def test_a_uf2_file_that_is_cut_short_is_refused(size: int) -> None:
    with pytest.raises(NotAnImageError):
        read(UF2[:size])


BOOT_END = len(esp_image(9, [b"boot" * 50]))


@given(st.integers(0, len(ESP) - 1), st.integers(1, 255))
def test_no_altered_byte_of_what_an_esp32_runs_is_taken(at: int, change: int) -> None:
    altered = bytearray(ESP)
    altered[at] ^= change
    try:
        read(bytes(altered))
    except NotAnImageError:
        return
    between = ESP[BOOT_END:0x8000] + ESP[0x8000 + 32 * 4 : 0x10000]
    assert ESP[at : at + 1] == b"\xff", "only what fills the gaps may differ"
    assert set(between) == {0xFF}


@given(st.integers(0, len(UF2) // 512 - 1), st.sampled_from(range(32)), st.integers(1, 255))
def test_no_altered_head_of_a_block_is_taken(block: int, at: int, change: int) -> None:
    altered = bytearray(UF2)
    altered[512 * block + at] ^= change
    try:
        read(bytes(altered))
    except NotAnImageError:
        return
    # Further flags, and the places of two pieces of the program that stay in order.
    assert 8 <= at < 16


@given(st.permutations(range(3)), st.sets(st.integers(0, 2)))
def test_blocks_in_another_order_or_not_all_are_refused(order: list[int], gone: set[int]) -> None:
    data = uf2(content=BANNER.ljust(768, b"x"))
    blocks = [data[512 * n : 512 * n + 512] for n in order if n not in gone]
    if (order, gone) == ([0, 1, 2], set()):
        read(b"".join(blocks))
        return
    with pytest.raises(NotAnImageError):
        read(b"".join(blocks))


@given(st.one_of(st.binary(max_size=700), st.builds(b"\xe9".__add__, st.binary(max_size=200))))
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(NotAnImageError):
        read(data)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "expected MicroPython's .bin"),
        (b"\x7fELF" + bytes(99), "expected MicroPython's .bin"),
        (esp_image(9, [BANNER]).ljust(0x8C00, b"\0"), "is it an application alone"),
        (Esp(99).file(), "a chip of Espressif's that we don't know: 99"),
        (Esp(banner=b"Arduino").file(), "expected MicroPython in it"),
        (Esp(banner=BANNER.replace(b"29", b"22")).file(), "1.23 or newer, this is 1.22.0"),
        (Esp(application=esp_image(5, [BANNER])).file(), "different chips"),
        (Esp(rows=table([(1, 2, 0x9000, 0x6000, b"nvs")])).file(), "partition for an application"),
        (Esp(rows=table([(0, 0, 0x20, 0x6000, b"x")])).file(), "behind its bootloader"),
        (Esp(0, 0).file(), "no table"),
        (uf2(0xADA52840), "its family is ada52840"),
        (uf2(content=b"CircuitPython"), "expected MicroPython in it"),
        (uf2() + uf2(RP2350), "one program"),
        (uf2() + uf2(), "in their order"),
        (waking(), "there are none"),
        (uf2_block(RP2040, 0x20000000, 0, 1, BANNER.ljust(256)), "where no flash is"),
        (uf2_block(RP2040, 0x10000000, 0, 1, BANNER.ljust(256), flags=0x2001), "chip's flash"),
        (uf2_block(RP2040, 0x10000000, 0, 1, BANNER), "chip's flash"),
        (
            uf2_block(RP2040, 0x10000000, 0, 2, BANNER.ljust(256))
            + uf2_block(RP2040, 0x10000000, 1, 2, BANNER.ljust(256)),
            "to one place",
        ),
    ],
)
def test_what_is_refused_is_told(data: bytes, why: str) -> None:
    with pytest.raises(NotAnImageError, match=why):
        read(data)


def test_an_image_without_a_hash_is_taken_by_its_checksum() -> None:
    application = esp_image(9, [BANNER, b"code" * 99], hashed=False)
    data = Esp(application=application).file()
    assert read(data).version == "1.29.0"
    with pytest.raises(NotAnImageError, match="checksum"):
        read(data.replace(b"code", b"cod3", 1))


def test_the_larger_of_two_sizes_of_flash_counts() -> None:
    application = esp_image(9, [BANNER], flash=4)
    found = read(Esp(application=application).file())
    assert isinstance(found, EspImage)
    assert found.flash == 16 * MB


def test_every_chip_that_is_known_is_told_of_in_the_family() -> None:
    assert all(name.startswith("esp32") for name, _ in CHIPS.values())


@given(st.binary(max_size=300))
def test_a_checksum_is_all_bytes_combined(data: bytes) -> None:
    assert _folded(data) == reduce(xor, data, 0)
