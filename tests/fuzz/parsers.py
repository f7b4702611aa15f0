"""What the tools read that somebody else wrote: each reader, what it may refuse with, and examples.

A reader takes bytes, and either understands them or raises what its own documentation names.
"""

import binascii
import io
import json
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from lockhil.bluetooth.fields import fields_of
from lockhil.bluetooth.nus import SERVICE
from lockhil.bluetooth.sighting import sighting
from lockhil.client import Link, LinkTimeoutError, RpcError
from lockhil.journal.kept import Kept, NotKeptError
from lockhil.journal.reader import Slot
from lockhil.journal.record import decode
from lockhil.runtime.file import read as read_runtime
from lockhil.runtime.image import NotAnImageError
from lockhil.session.credentialfile import NotACredentialError
from lockhil.session.credentialfile import decode as decode_credential
from lockhil.session.credentialfile import encode as encode_credential
from lockhil.session.credentials import Role
from lockhil.session.handshake import HandshakeError
from lockhil.session.link import SealedLink, SessionRefusedError
from lockhil.update.package import NotAPackageError
from lockhil.update.package import decode as decode_package
from lockhil.update.package import encode as encode_package
from lockjudge.trace import FORMAT, NotATraceError, format_trace, parse_trace
from lockjudge.verdict import judge
from lockrig.errors import LockrigError
from lockrig.scan.listing import lines
from lockrig.trace.convert import Wishes, convert
from lockrig.trace.csv_in import CsvCapture
from lockrig.trace.vcd_in import VcdCapture
from locksim.cells.load import FOLDER as CELLS
from locksim.cells.load import read_cell
from locksim.datafile import BadFileError
from locksim.scenarios.load import FOLDER as SCENARIOS
from locksim.scenarios.load import read_scenario
from lockunit import records
from tests.fuzz.peer import UNIT, credential, issuer
from tests.lockhil.runtime.images import Esp, uf2
from tests.lockhil.update.packages import small

Reader = Callable[[bytes], object]
_FOLDER = TemporaryDirectory(prefix="lockrig-fuzz-")


@dataclass(frozen=True)
class Parser:
    """`read` returns, or raises one of `refusals`; `examples` are what it understands."""

    read: Reader
    refusals: tuple[type[Exception], ...]
    examples: tuple[bytes, ...]

    def take(self, data: bytes) -> bool:
        """Whether it was understood; anything but a refusal goes on."""
        try:
            self.read(data)
        except self.refusals as refusal:
            if not str(refusal):
                raise
            return False
        return True


class Wire:
    """A transport on which these bytes come, in two pieces, once something was asked."""

    def __init__(self, data: bytes) -> None:
        half = len(data) // 2
        self._pieces = [data[:half], data[half:]]
        self._asked = False
        self.now_ms = self.contact = 0

    def write(self, data: bytes) -> None:
        """Nobody hears it."""
        self._asked = True

    def read(self, timeout_ms: int) -> tuple[int, bytes] | None:
        """The next piece."""
        self.now_ms += timeout_ms
        return (self.now_ms, self._pieces.pop(0)) if self._asked and self._pieces else None


def _client(data: bytes) -> None:
    """A client that calls, and hears these bytes."""
    for link in (Link(Wire(data)), SealedLink(Wire(data), issuer(), Role.CARER)):
        try:
            link.call("unit.hello", 5)
        finally:
            assert all(isinstance(note.params, dict) for note in link.notifications)
            assert len(b"\n".join(link.lines)) <= len(data)


def _trace(data: bytes) -> None:
    """A trace that is read and judged; what was read is written, and read the same again."""
    found = parse_trace(data)
    judge(found)
    lines = "\n".join(format_trace(found.header, found.events))
    again = parse_trace(lines.encode("utf-8", "surrogatepass"))
    assert again.defect is not None or again.events == found.events


def _in_file(read: Callable[[Path], object], name: str) -> Reader:
    """A reader of files; only one is read at a time."""

    def reader(data: bytes) -> object:
        path = Path(_FOLDER.name) / name
        path.write_bytes(data)
        return read(path)

    return reader


def _record(data: bytes) -> None:
    """A journal's record, with a checksum that holds: who forges one makes it so."""
    body = data[: records.CRC_AT].ljust(records.CRC_AT, b"\0")
    found = decode(body + struct.pack("<I", binascii.crc32(body)))
    assert found is not None
    json.dumps(found.fields)


def _credential(data: bytes) -> None:
    """A credential's file: what was read is written, and read the same again."""
    found = decode_credential(data)
    assert decode_credential(encode_credential(found)) == found


def _package(data: bytes) -> None:
    """An update's file: there is one way alone to write it."""
    assert encode_package(decode_package(data)) == data


def _capture(kind: str) -> Reader:
    def reader(data: bytes) -> object:
        file = io.BytesIO(data)
        capture = CsvCapture("it", file, None) if kind == "csv" else VcdCapture("it", file)
        return convert(capture, Wishes())

    return reader


def _advert(data: bytes) -> None:
    """What somebody sends in the air, half of it as the answer to a scan, up to its line."""
    half = len(data) // 2
    told = fields_of(data[:half], data[half:])
    found = sighting(
        address="24:0A:C4:00:00:01",
        name=told.name,
        uuids=[*told.uuids, SERVICE],
        service_data=told.service_data,
        rssi_dbm=-60,
        heard_ms=0,
    )
    assert found is not None
    assert all(line.isprintable() for line in lines([found], 0))


def _kept_example() -> bytes:
    path = Path(_FOLDER.name) / "example"
    kept = Kept(path)
    kept.begin(UNIT, 1)
    kept.add([Slot(seq, bytes([seq]) * records.SIZE) for seq in (1, 2, 5)])
    kept.close()
    return path.read_bytes()


_TRACE = f"""{{"format":"{FORMAT}","observer":"instrument","t_uncertainty_ms":0}}
{{"t_ms":0,"ch":"led.green","v":0}}
{{"t_ms":0,"ch":"led.red","v":0}}
{{"t_ms":5,"ch":"button","v":1}}
{{"t_ms":90,"ch":"button","v":0}}
{{"t_ms":100,"ch":"led.green","v":1}}
{{"t_ms":700,"ch":"tx","v":"\\u00e5"}}
{{"t_ms":5000,"ch":"battery.mv","v":null}}
{{"t_ms":9000,"ch":"end","v":null}}
"""
_CSV = b"""; CSV, generated by libsigrok
; Channels (2/8): led.green, led.red
; Samplerate: 1 kHz
Time [s],led.green,led.red
0.000000000,0,0
0.001000000,1,0
0.250000000,0,1
1.5,0,0
"""
_VCD = b"""$date today $end
$comment Acquisition with 2/8 channels at 1 kHz $end
$timescale 1 ms $end
$scope module led $end
$var wire 1 ! green $end
$var wire 1 " red $end
$var integer 32 # mv $end
$upscope $end
$enddefinitions $end
#0 $dumpvars 0! 0" bx # $end
#100 1!
#250 0! 1" b1010 #
#900
"""
_LINES = b"""{"jsonrpc":"2.0","method":"unit.boot","params":{"reset":"power"}}
{"jsonrpc":"2.0","id":1,"result":{"unit":"SIM-0001","kind":"door","result":"done","m2":"AAAA"}}
{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found","data":"x"}}
{"s":1,"n":0,"c":"AAAAAAAAAAAAAAAA"}
"""

_ADVERT = bytes.fromhex(
    "02010611079ecadc240ee5a9e093f3a3b50100406e09094c4f434b2d3031"
    "0319080705160f1864100a094c4f434b2d30303031"
)

PARSERS = {
    "trace": Parser(_trace, (NotATraceError,), (_TRACE.encode(),)),
    "client": Parser(
        _client,
        (RpcError, LinkTimeoutError, SessionRefusedError, HandshakeError),
        (_LINES, *_LINES.splitlines(keepends=True)),
    ),
    "advert": Parser(_advert, (), (_ADVERT,)),
    "kept": Parser(_in_file(Kept, "kept"), (NotKeptError,), (_kept_example(),)),
    "record": Parser(_record, (), tuple(bytes([9, 0, 0, 0] * 3 + [kind]) for kind in range(16))),
    "package": Parser(_package, (NotAPackageError,), (encode_package(small()),)),
    "runtime": Parser(read_runtime, (NotAnImageError,), (Esp().file(), uf2())),
    "scenario": Parser(
        _in_file(read_scenario, "it.toml"),
        (BadFileError,),
        tuple(path.read_bytes() for path in sorted(SCENARIOS.glob("*.toml"))),
    ),
    "cell": Parser(
        _in_file(read_cell, "it.toml"),
        (BadFileError,),
        tuple(path.read_bytes() for path in sorted(CELLS.glob("*.toml"))),
    ),
    "credential": Parser(
        _credential, (NotACredentialError,), tuple(encode_credential(credential(r)) for r in Role)
    ),
    "csv": Parser(_capture("csv"), (LockrigError,), (_CSV, _CSV.split(b"\n", 3)[3])),
    "vcd": Parser(_capture("vcd"), (LockrigError,), (_VCD,)),
}
