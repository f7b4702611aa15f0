"""The package: what is signed, and that nothing but a whole and unaltered one is taken."""

import hashlib
import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockhil.boards.firmware import FORMAT, load
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
    with pytest.raises(ValueError, match=r"expected a board out of .*virtual, got"):
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


MODULE = b"M\x06"
HASH = hashlib.sha256(MODULE).hexdigest()
MARK = "lockunit/__init__.mpy"


def told(version: str = "1", board: str = "virtual", **more: str) -> bytes:
    """A firmware's own list of its files, of `MARK` alone and what more is in it."""
    files = {MARK: HASH, **more}
    content = {"format": FORMAT, "version": version, "board": board, "sha256": files, "root": {}}
    return json.dumps(content).encode()


def file(lines: list[str], contents: list[bytes], end: str = "\n") -> bytes:
    """A package with this manifest, and these files."""
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
    first = b"lockrig-package/1\n" + b"0" * 64 + b"\n" + head.encode() + manifest
    return first + b"".join(contents)


def line(path: str, content: bytes) -> str:
    """Its line in a manifest."""
    return f"{hashlib.sha256(content).hexdigest()} {len(content)} {path}"


LIST = told()
GOOD = [line("firmware.json", LIST), line(MARK, MODULE)]
CONTENTS = [LIST, MODULE]


def test_a_package_by_hand_is_taken() -> None:
    assert list(decode(file(GOOD, CONTENTS)).files) == ["firmware.json", MARK]


@pytest.mark.parametrize(
    "more",
    [
        f"{HASH} 2 lockunit/../x.mpy",
        f"{HASH} 2 /lockunit/x.mpy",
        f"{HASH} 2 lockunit/X.mpy",
        f"{HASH} 2 main.py",
        f"{HASH} 02 lockunit/x.mpy",
        f"{HASH}  2 lockunit/x.mpy",
        f"{HASH} 0 lockunit/x.mpy",
        f"{HASH} 1048577 lockunit/x.mpy",
        f"{HASH.upper()} 2 lockunit/x.mpy",
        f"{HASH} 2 {MARK}",
        f"{HASH} 2 lockboards/x.mpy",
    ],
)
def test_a_manifest_that_a_unit_would_not_take_is_refused(more: str) -> None:
    with pytest.raises(NotAPackageError, match="a line of hash, size and path a file, sorted"):
        decode(file([*GOOD, more], [*CONTENTS, MODULE]))


def test_more_files_than_a_unit_takes_are_refused() -> None:
    more = [f"{HASH} 2 lockunit/x{n:03}.mpy" for n in range(199)]
    with pytest.raises(NotAPackageError, match="at most 200"):
        decode(file([*GOOD, *more], [*CONTENTS, *[MODULE] * 199]))


def test_a_manifest_without_its_last_end_of_line_is_refused() -> None:
    with pytest.raises(NotAPackageError, match="a line of hash"):
        decode(file(GOOD, CONTENTS, end=""))


@pytest.mark.parametrize("without", [0, 1])
def test_a_firmware_without_its_mark_or_its_own_list_is_refused(without: int) -> None:
    lines, contents = [*GOOD], [*CONTENTS]
    del lines[without], contents[without]
    with pytest.raises(NotAPackageError, match="in it"):
        decode(file(lines, contents))


@pytest.mark.parametrize(
    ("lists", "why"),
    [
        (told("2"), "says 2 for virtual"),
        (told(board="pico"), "says 1 for pico"),
        (told(more=HASH), "to list the files"),
        (b"{}", "to list the files"),
    ],
)
def test_what_the_unit_will_say_it_runs_is_what_is_signed(lists: bytes, why: str) -> None:
    with pytest.raises(NotAPackageError, match=why):
        decode(file([line("firmware.json", lists), GOOD[1]], [lists, MODULE]))


def test_what_is_no_module_is_refused() -> None:
    with pytest.raises(NotAPackageError, match="compiled module"):
        decode(file([GOOD[0], line(MARK, b"XX")], [LIST, b"XX"]))
