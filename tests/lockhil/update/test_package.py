"""The package: what is signed, and that nothing but a whole and unaltered one is taken."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockhil.boards.firmware import load
from lockhil.update.package import Header, NotAPackageError, decode, encode, make
from tests.lockhil.update.packages import KEY, UNIT, small

DATA = encode(small())


def test_what_is_read_is_what_was_written() -> None:
    assert decode(DATA) == small()


def test_the_firmware_as_it_is_fits_a_package() -> None:
    made = make(load(), "virtual", UNIT, KEY)
    assert decode(encode(made)) == made
    assert set(made.files) == {name.removeprefix("/") for name in load().in_slot("", "virtual")}
    assert (made.header.version, made.mpy) == (load().version, load().mpy)


def test_the_header_is_signed_with_the_key_for_updates_as_rfc_5869_makes_it() -> None:
    package = small()
    secret = hmac.digest(UNIT.encode().ljust(16, b"\0"), bytes(range(32)), "sha256")
    key = hmac.digest(secret, b"lockrig1 update\x01", "sha256")
    manifest = hashlib.sha256(package.manifest).hexdigest()
    room, size = package.header.room, len(package.manifest)
    told = f"lockrig-update/1\n{UNIT}\nvirtual\n0.2.0\n0\n{room}\n{size}\n{manifest}\n".encode()
    assert package.tag == hmac.new(key, told, "sha256").hexdigest()
    again = make(load(), "virtual", UNIT, KEY, downgrade=True)
    assert again.header.encode().split(b"\n")[4] == b"1"


def test_room_is_counted_in_blocks_with_folders_and_some_to_spare() -> None:
    blocks = sum(-(-len(data) // 4096) for data in small().files.values())
    assert small().header.room == 4096 * (blocks + 3 * 2 + 4)


@pytest.mark.parametrize(
    ("unit", "board", "version", "what"),
    [
        ("A 17", "virtual", "1.0", "a unit's label"),
        ("A-17\n", "virtual", "1.0", "a unit's label"),
        ("A-17", "vir tual", "1.0", "a board's name"),
        ("A-17", "virtual", "1.0\n2", "a version"),
        ("A-17", "virtual", "", "a version"),
    ],
)
def test_a_header_that_could_be_read_in_two_ways_is_not_signed(
    unit: str, board: str, version: str, what: str
) -> None:
    header = Header(unit, board, version, downgrade=False, room=1, size=1, manifest="0" * 64)
    with pytest.raises(ValueError, match=what):
        header.encode()


def test_a_board_that_there_is_no_data_for_is_refused() -> None:
    with pytest.raises(ValueError, match="expected a board out of virtual"):
        make(load(), "nano", UNIT, KEY)


@given(st.integers(0, len(DATA) - 1))
def test_a_package_that_is_cut_short_is_refused_as_that(size: int) -> None:
    with pytest.raises(NotAPackageError, match="cut short"):
        decode(DATA[:size])


@given(st.integers(0, len(DATA) - 1), st.integers(1, 255))
def test_no_altered_byte_is_taken_but_in_what_the_unit_checks(at: int, change: int) -> None:
    altered = bytearray(DATA)
    altered[at] ^= change
    try:
        found = decode(bytes(altered))
    except NotAPackageError:
        return
    # What is signed, and the signature: nobody here has the key to check it.
    assert at < DATA.index(small().manifest)
    assert (found.files, found.manifest) == (small().files, small().manifest)


@given(st.binary(min_size=1, max_size=50))
def test_nothing_may_follow(more: bytes) -> None:
    with pytest.raises(NotAPackageError, match="expected its end"):
        decode(DATA + more)


@given(st.binary(max_size=300))
def test_anything_else_is_no_package(data: bytes) -> None:
    with pytest.raises(NotAPackageError):
        decode(data)


HASH = hashlib.sha256(b"M\x06").hexdigest()
GOOD = [
    f"{HASH} 2 firmware.json",
    f"{HASH} 2 lockunit/__init__.mpy",
]


def listing(lines: list[str], end: str = "\n", content: bytes = b"M\x06" * 201) -> bytes:
    """A package with this manifest, and files of two bytes."""
    manifest = ("\n".join(lines) + end).encode()
    head = Header(
        "A-1",
        "virtual",
        "1",
        downgrade=False,
        room=1,
        size=len(manifest),
        manifest=hashlib.sha256(manifest).hexdigest(),
    )
    files = content[: 2 * len(lines)]
    return b"lockrig-package/1\n" + b"0" * 64 + b"\n" + head.encode() + manifest + files


def test_a_manifest_by_hand_is_taken() -> None:
    assert list(decode(listing(GOOD)).files) == ["firmware.json", "lockunit/__init__.mpy"]


@pytest.mark.parametrize(
    "lines",
    [
        GOOD[::-1],
        [GOOD[0], *GOOD],
        [*GOOD, f"{HASH} 2 lockunit/../x.mpy"],
        [*GOOD, f"{HASH} 2 /lockunit/x.mpy"],
        [*GOOD, f"{HASH} 2 lockunit/X.mpy"],
        [*GOOD, f"{HASH} 2 main.py"],
        [*GOOD, f"{HASH} 02 lockunit/x.mpy"],
        [*GOOD, f"{HASH}  2 lockunit/x.mpy"],
        [*GOOD, f"{HASH} 0 lockunit/x.mpy"],
        [*GOOD, f"{HASH.upper()} 2 lockunit/x.mpy"],
        GOOD[:1],
        GOOD[1:],
        [*GOOD, *(f"{HASH} 2 lockunit/x{n:03}.mpy" for n in range(199))],
    ],
)
def test_a_manifest_that_a_unit_would_not_take_is_refused(lines: list[str]) -> None:
    with pytest.raises(NotAPackageError):
        decode(listing(lines))


def test_a_manifest_without_its_last_end_of_line_is_refused() -> None:
    with pytest.raises(NotAPackageError):
        decode(listing(GOOD, end=""))


def test_what_is_no_module_is_refused() -> None:
    crooked = hashlib.sha256(b"XX").hexdigest()
    lines = [GOOD[0], GOOD[1].replace(HASH, crooked)]
    with pytest.raises(NotAPackageError, match="compiled module"):
        decode(listing(lines, content=b"M\x06XX"))
