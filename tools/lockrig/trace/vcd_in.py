"""Reads VCD files: a logic analyser's, a simulator's, or an exported trace.

It gives signals and changes; which of them mean what is `convert`'s to say.
"""

import io
import json
import math
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any, BinaryIO

from vcd.reader import Token, TokenKind, VarDecl, VCDParseError, tokenize

from lockjudge.trace import NotATraceError, check_header
from lockrig.trace.capture import Capture, Change, Origin, Raw
from lockrig.trace.channels import BITS, JSON, MOTOR, NUMBERS
from lockrig.trace.files import refuse
from lockrig.trace.terminal import safe
from lockrig.trace.vcd_out import MARK

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_RATE = re.compile(r"\bat ([0-9]{1,12}(?:\.[0-9]{1,12})?) ?([kMG]?)Hz\b")
_RATES = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9}
_UNITS = ("s", "ms", "us", "ns", "ps", "fs", "as", "zs")
_PER_MS = {unit: Fraction(1000) / 1000**power for power, unit in enumerate(_UNITS)}
_ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "x20": " ", "\\": "\\"}


class _Ascii(io.RawIOBase):
    """The file with `?` for what isn't ASCII: a comment in another alphabet is no reason to stop"""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer)
        data = self._file.read(len(view))
        view[: len(data)] = data.translate(bytes(range(128)) + b"?" * 128)
        return len(data)


class VcdCapture(Capture):
    """A VCD file, its definitions read and its changes still to come; LockrigError if it is none"""

    kind = "vcd"

    def __init__(self, path: str, file: BinaryIO) -> None:
        self.path = path
        self._tokens = self._guarded(tokenize(_Ascii(file)))
        self._vars: list[VarDecl] = []
        self._scale: Fraction | None = None
        self._period_ms = Fraction(0)
        self._define()
        if not self._scale:
            raise refuse(f"{safe(path)} has no $timescale: its times mean nothing; add one")
        self._by_id: dict[str, list[int]] = {}
        for number, var in enumerate(self._vars):
            self._by_id.setdefault(var.id_code, []).append(number)

    def _guarded(self, tokens: Iterator[Token]) -> Iterator[Token]:
        try:
            yield from tokens
        except VCDParseError as error:
            raise self.wrong(
                error.loc.line, f"not VCD ({error}); export the capture again"
            ) from None
        except ValueError:
            raise refuse(f"{safe(self.path)} is no VCD file; export the capture again") from None

    def _define(self) -> None:
        """Read up to $enddefinitions."""
        scope: list[str] = []
        self.names = []
        for token in self._tokens:
            if token.kind is TokenKind.ENDDEFINITIONS:
                return
            if token.kind is TokenKind.SCOPE:
                scope.append(token.scope.ident)
            elif token.kind is TokenKind.UPSCOPE:
                del scope[-1:]
            elif token.kind is TokenKind.VAR:
                self._vars.append(token.var)
                path = [*scope, token.var.ref_str]
                # `led.green` may be a name, or the signal `green` in the scope `led`.
                self.names.append(tuple(".".join(path[i:]) for i in reversed(range(len(path)))))
            elif token.kind is TokenKind.TIMESCALE:
                scale = token.timescale
                self._scale = int(scale.magnitude) * _PER_MS[scale.unit.value]
            elif token.kind is TokenKind.COMMENT:
                self._comment(token)
        raise refuse(f"{safe(self.path)} stops before $enddefinitions; export the capture again")

    def _comment(self, token: Token) -> None:
        if rate := _RATE.search(token.comment):
            hertz = Fraction(rate[1]) * _RATES[rate[2]]
            self._period_ms = 1000 / hertz if hertz else Fraction(0)
        words = token.comment.split()
        if MARK not in words:
            return
        try:
            origin = json.loads(words[words.index(MARK) + 1])
            header, t0_ms = check_header(origin["header"]), origin["t0_ms"]
            if type(t0_ms) is not int:
                raise ValueError
        except (NotATraceError, ValueError, LookupError, TypeError, RecursionError):
            what = f"the {MARK} comment is damaged; export the trace again"
            raise self.wrong(token.span.start.line, what) from None
        self.origin = Origin(header, t0_ms)

    def changes(self) -> Iterator[Change]:
        """The changes, with those at the file's start; times that go back are refused."""
        assert self._scale is not None
        now = 0
        blank = False
        for token in self._tokens:
            if token.kind is TokenKind.CHANGE_TIME:
                if token.time_change < now:
                    what = f"time {token.time_change} comes after {now}; export the capture again"
                    raise self.wrong(token.span.start.line, what)
                now = token.time_change
                self.end_ms = now * self._scale
            elif token.kind is TokenKind.DUMPVARS:
                # An exported trace has seen nothing yet at this point.
                blank = self.origin is not None
            elif token.kind is TokenKind.END:
                blank = False
            elif token.kind is TokenKind.VAR:
                what = "a signal is defined behind $enddefinitions; export the capture again"
                raise self.wrong(token.span.start.line, what)
            elif not blank and hasattr(token.data, "id_code"):
                yield from self._change(token, now * self._scale)

    def _change(self, token: Token, ms: Fraction) -> Iterator[Change]:
        data: Any = token.data
        line = token.span.start.line
        if data.id_code not in self._by_id:
            raise self.wrong(line, f"no signal has the code {data.id_code}; export again")
        self.end_ms = ms
        for number in self._by_id[data.id_code]:
            yield Change(line, ms, number, data.value)

    def resolution_ms(self) -> Fraction:
        """The timescale, or the sample period where a comment tells a longer one."""
        assert self._scale is not None
        return max(self._scale, self._period_ms)

    def decode(self, channel: str, signal: int, raw: Raw) -> Any:
        """`raw` as a value of `channel`; ValueError says what was expected."""
        if channel in BITS:
            return _bits(raw, 1)
        if channel == MOTOR:
            value = _bits(raw, self._vars[signal].size)
            size = self._vars[signal].size
            return value - (1 << size) if size > 1 and value >> (size - 1) else value
        if channel in NUMBERS:
            return _number(raw, self._vars[signal].size)
        if not isinstance(raw, str):
            raise ValueError(f"expected a text, got {raw!r}")
        text = re.sub(r"\\(x20|.)", lambda m: _ESCAPES.get(m[1], m[0]), raw)
        return json.loads(text) if channel in JSON or text.startswith('"') else text


def _bits(raw: Raw, size: int) -> int:
    text = format(raw, "b") if isinstance(raw, int) else str(raw)
    if not text or set(text) - {"0", "1"}:
        raise ValueError(f"expected 0 or 1, got {text!r:.20}: it was not seen here")
    if len(text.lstrip("0")) > size:
        raise ValueError(f"expected {size} bit, got {text!r:.20}")
    return int(text, 2)


def _number(raw: Raw, size: int) -> int | None:
    if isinstance(raw, float):
        return round(raw) if math.isfinite(raw) else None
    text = format(raw, "b") if isinstance(raw, int) else raw
    if set(text.lower()) & set("xz"):
        return None
    value = _bits(raw, size)
    return value - (1 << size) if size > 1 and value >> (size - 1) else value
