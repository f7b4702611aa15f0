"""An update in a file: firmware for one unit, with what proves that its key's holder made it.

It reads and writes the file, and signs; what is in the firmware is `lockhil.boards.firmware`'s. The
tag is checked by the unit alone: who carries a package has no key for that.
"""

import hmac
import re
from dataclasses import dataclass
from typing import Final

from lockhil.boards.firmware import MANIFEST, MARK, Firmware, read_manifest, sha256
from lockhil.session.credentials import LockKey

FORMAT: Final = b"lockrig-package/1"
_SIGNED: Final = b"lockrig-update/1"
_USE: Final = b"lockrig1 update"
# What goes beyond these is no firmware for a chip with some megabytes of flash.
LONGEST: Final = 4 << 20
_LONGEST_MANIFEST, _MOST_FILES, _LONGEST_FILE = 24_576, 200, 1 << 20
# LittleFS' usual blocks; what it wants for a folder, and to breathe, is as for a flash.
_BLOCK, _FOLDER_BLOCKS, _SPARE_BLOCKS = 4_096, 2, 4

_NUMBER: Final = "0|[1-9][0-9]{0,8}"
_HASH: Final = "[0-9a-f]{64}"
_FIELDS: Final = tuple(
    (what, re.compile(pattern))
    for what, pattern in (
        ("a unit's label", "[A-Z0-9-]{1,16}"),
        ("a board's name", "[A-Za-z0-9_-]{1,32}"),
        ("a version", "[0-9A-Za-z.+-]{1,16}"),
        ("downgrade, 0 or 1", "[01]"),
        ("the room it takes", _NUMBER),
        ("its manifest's size", _NUMBER),
        ("its manifest's SHA-256", _HASH),
    )
)
_TAG: Final = re.compile(_HASH)
_LINE: Final = re.compile(
    f"({_HASH}) ([1-9][0-9]{{0,6}}) "
    r"(board\.json|firmware\.json|(?:lockunit|lockboards)/[a-z0-9_]{1,32}\.mpy)"
)


class NotAPackageError(Exception):
    """It isn't one, or not whole; the message says what was expected."""


@dataclass(frozen=True, slots=True)
class Header:
    """What is signed. `room`: bytes that a slot with it takes; `size`: its manifest's.

    `downgrade`: it may go over newer firmware; `manifest`: the hash of that, in hex.
    """

    unit: str
    board: str
    version: str
    downgrade: bool
    room: int
    size: int
    manifest: str

    def _told(self) -> tuple[str, ...]:
        return (
            self.unit,
            self.board,
            self.version,
            str(int(self.downgrade)),
            str(self.room),
            str(self.size),
            self.manifest,
        )

    def encode(self) -> bytes:
        """As it is signed. ValueError: a unit would take no such header."""
        for value, (what, pattern) in zip(self._told(), _FIELDS, strict=True):
            if not pattern.fullmatch(value):
                raise ValueError(f"expected {what}, got {value!r:.80}")
        return b"\n".join((_SIGNED, *(value.encode() for value in self._told()))) + b"\n"


@dataclass(frozen=True, slots=True)
class Package:
    """`manifest`: a line a file, sorted by path; `files`: by their paths in a slot, in that order.

    `tag` proves the header, in hex.
    """

    header: Header
    tag: str
    manifest: bytes
    files: dict[str, bytes]

    @property
    def size(self) -> int:
        """Bytes of the files."""
        return sum(len(data) for data in self.files.values())

    @property
    def mpy(self) -> int:
        """The version of compiled modules that the unit has to take."""
        return self.files[MARK][1]

    @property
    def mark(self) -> str:
        """The hash, in hex, of the file that names all others with theirs."""
        return sha256(self.files[MANIFEST])


def make(
    firmware: Firmware, board: str, unit: str, key: LockKey, *, downgrade: bool = False
) -> Package:
    """The firmware for this unit. ValueError: no such label, version or board."""
    if board not in firmware.board_names():
        known = ", ".join(firmware.board_names())
        raise ValueError(f"expected a board out of {known}, got {board!r:.80}")
    lies = firmware.in_slot("", board)
    files = {path.removeprefix("/"): lies[path] for path in sorted(lies)}
    manifest = _manifest(files)
    header = Header(
        unit,
        board,
        firmware.version,
        downgrade=downgrade,
        room=_room(files),
        size=len(manifest),
        manifest=sha256(manifest),
    )
    tag = hmac.digest(key.make(unit, _USE), header.encode(), "sha256").hex()
    return Package(header, tag, manifest, files)


def _manifest(files: dict[str, bytes]) -> bytes:
    lines = (f"{sha256(data)} {len(data)} {path}\n" for path, data in files.items())
    return "".join(lines).encode()


def _room(files: dict[str, bytes]) -> int:
    folders = {path.rpartition("/")[0] for path in files}
    blocks = sum(-(-len(data) // _BLOCK) for data in files.values())
    return _BLOCK * (blocks + _FOLDER_BLOCKS * len(folders) + _SPARE_BLOCKS)


def encode(package: Package) -> bytes:
    """The file's content: two lines, the header as it is signed, the manifest, the files."""
    head = b"\n".join((FORMAT, package.tag.encode(), package.header.encode()))
    return b"".join((head, package.manifest, *package.files.values()))


def decode(data: bytes) -> Package:
    """The package in a file; one that is in any way other than `encode` makes it is refused.

    NotAPackageError. Whether its tag holds, only the unit can tell.
    """
    lines = _Lines(data)
    if lines.take() != FORMAT:
        raise NotAPackageError("expected a file that lockrig package made")
    tag = _matching(lines.take(), "a tag", _TAG)
    if lines.take() != _SIGNED:
        raise NotAPackageError(f"expected {_SIGNED.decode()}: was it made by a newer lockrig?")
    told = [_matching(lines.take(), what, pattern) for what, pattern in _FIELDS]
    unit, board, version, downgrade, room, size, manifest = told
    header = Header(unit, board, version, downgrade == "1", int(room), int(size), manifest)
    if header.size > _LONGEST_MANIFEST:
        raise NotAPackageError(f"expected a manifest of at most {_LONGEST_MANIFEST} bytes")
    listed = lines.bytes(header.size)
    if sha256(listed) != header.manifest:
        raise NotAPackageError("its manifest isn't the one that was signed: it was altered")
    files = {path: _file(lines, size, digest) for path, size, digest in _listed(listed)}
    if lines.left:
        raise NotAPackageError(f"expected its end, got {lines.left} bytes more")
    if missing := {MANIFEST, MARK} - set(files):
        raise NotAPackageError(f"expected {' and '.join(sorted(missing))} in it")
    if files[MARK][:1] != b"M" or len(files[MARK]) < 2:
        raise NotAPackageError(f"expected {MARK} to be a compiled module")
    _compare(header, files)
    return Package(header, tag, listed, files)


def _compare(header: Header, files: dict[str, bytes]) -> None:
    """The firmware's own list of its files, by whose hash a unit tells what it runs."""
    told = read_manifest(files[MANIFEST])
    rest = {path: sha256(data) for path, data in files.items() if path != MANIFEST}
    if told is None or told.files != rest:
        raise NotAPackageError(f"expected {MANIFEST} to list the files in it")
    if (told.version, told.board) != (header.version, header.board):
        raise NotAPackageError(
            f"expected firmware {header.version} for {header.board}, {MANIFEST} says "
            f"{told.version} for {told.board}: it was altered"
        )


def _listed(manifest: bytes) -> list[tuple[str, int, str]]:
    """Path, size and hash of each file."""
    *lines, rest = manifest.decode("ascii", "replace").split("\n")
    found = [_LINE.fullmatch(line) for line in lines]
    listed = [(m[3], int(m[2]), m[1]) for m in found if m and int(m[2]) <= _LONGEST_FILE]
    paths = [path for path, *_ in listed]
    if rest or len(listed) != len(lines) or paths != sorted(set(paths)):
        raise NotAPackageError("expected a line of hash, size and path a file, sorted")
    if len(paths) > _MOST_FILES:
        raise NotAPackageError(f"expected at most {_MOST_FILES} files, got {len(paths)}")
    return listed


def _file(lines: "_Lines", size: int, digest: str) -> bytes:
    data = lines.bytes(size)
    if sha256(data) != digest:
        raise NotAPackageError("a file in it isn't what its manifest says: it was altered")
    return data


def _matching(line: bytes, what: str, pattern: re.Pattern[str]) -> str:
    told = line.decode("ascii", "replace")
    if not pattern.fullmatch(told):
        raise NotAPackageError(f"expected {what}, got {told!r:.80}")
    return told


class _Lines:
    """Bytes that are taken from their beginning on. NotAPackageError where they end before."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def left(self) -> int:
        return len(self._data) - self._at

    def take(self) -> bytes:
        """A line without its end, which a header's are far shorter than this."""
        end = self._data.find(b"\n", self._at, self._at + 100)
        if end < 0:
            what = "a short line" if self.left >= 100 else "more: it is cut short"
            raise NotAPackageError(f"expected {what}, after {self._at} bytes")
        return self.bytes(end + 1 - self._at)[:-1]

    def bytes(self, size: int) -> bytes:
        if size > self.left:
            raise NotAPackageError(
                f"it is cut short: expected at least {self._at + size} bytes, got {len(self._data)}"
            )
        self._at += size
        return self._data[self._at - size : self._at]
