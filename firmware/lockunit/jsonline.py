"""JSON, strictly, for one line: the same verdict on every interpreter.

MicroPython's own parser takes what isn't JSON, and its dicts keep no order; a unit must answer the
same everywhere. This is no general library: 8 levels deep, 40 values, integers of 15
digits.

It works on bytes throughout: taking a character out of a str, by iteration or chr(), keeps it in
MicroPython's table of names for ever, and whoever sends all of Unicode fills the memory.
"""

_DEEPEST = 8
# Far more than any request has: what is parsed takes memory, by its number and not by its length.
_MOST = 40
_DIGITS = 15
# Tuples of the module: one that is written where it is needed is made anew for each byte.
_SPACE = (0x20, 0x09, 0x0D, 0x0A)
_EXPONENT = (0x65, 0x45)
_SIGN = (0x2B, 0x2D)
_QUOTE = 0x22
_SPECIAL = (_QUOTE, 0x5C)
_ESCAPES = {
    0x22: b'"', 0x5C: b"\\", 0x2F: b"/", 0x62: b"\b", 0x66: b"\f", 0x6E: b"\n", 0x72: b"\r",
    0x74: b"\t",
}  # fmt: skip


class Number:
    """A JSON number that is no integer, or too long for one: valid, and never what is wanted."""


class _Reader:
    """Reads one line of good UTF-8."""

    def __init__(self, line: bytes) -> None:
        self.line = line
        self.at = 0
        self.values = 0

    def peek(self) -> int:
        """The next byte, -1 at the end."""
        return self.line[self.at] if self.at < len(self.line) else -1

    def skip(self) -> int:
        """Pass over white space; the byte after it."""
        while self.peek() in _SPACE:
            self.at += 1
        return self.peek()

    def take(self, wanted: bytes) -> None:
        if not self.line.startswith(wanted, self.at):
            raise ValueError("expected " + str(wanted, "utf-8"))
        self.at += len(wanted)

    def value(self, depth: int) -> object:
        self.values += 1
        if depth > _DEEPEST or self.values > _MOST:
            raise ValueError("too deep" if depth > _DEEPEST else "too many values")
        first = self.skip()
        if first == ord("{"):
            return self.members(depth)
        if first == ord("["):
            return self.items(depth)
        if first == _QUOTE:
            return self.string()
        for word, value in ((b"true", True), (b"false", False), (b"null", None)):
            if self.line.startswith(word, self.at):
                self.at += len(word)
                return value
        return self.number()

    def members(self, depth: int) -> "dict[str, object]":
        found: dict[str, object] = {}
        self.take(b"{")
        if self.skip() == ord("}"):
            self.at += 1
            return found
        while True:
            self.skip()
            key = self.string()
            if key in found:
                raise ValueError("a key twice")
            self.skip()
            self.take(b":")
            found[key] = self.value(depth + 1)
            if self.skip() != ord(","):
                self.take(b"}")
                return found
            self.at += 1

    def items(self, depth: int) -> "list[object]":
        found: list[object] = []
        self.take(b"[")
        if self.skip() == ord("]"):
            self.at += 1
            return found
        while True:
            found.append(self.value(depth + 1))
            if self.skip() != ord(","):
                self.take(b"]")
                return found
            self.at += 1

    def string(self) -> str:
        self.take(b'"')
        found = bytearray()
        start = self.at
        while True:
            byte = self.peek()
            self.at += 1
            if byte in _SPECIAL:
                found += self.line[start : self.at - 1]
                if byte == _QUOTE:
                    return str(found, "utf-8")
                found += self.escape()
                start = self.at
            elif byte < 0x20:  # the end of the line too
                raise ValueError("bad string")

    def escape(self) -> bytes:
        byte = self.peek()
        self.at += 1
        if byte == ord("u"):
            code = self.hex4()
            if 0xD800 <= code < 0xDC00:
                self.take(b"\\u")
                low = self.hex4()
                if not 0xDC00 <= low < 0xE000:
                    raise ValueError("bad surrogate")
                code = 0x10000 + ((code - 0xD800) << 10) + low - 0xDC00
            elif 0xDC00 <= code < 0xE000:
                raise ValueError("bad surrogate")
            return _utf8(code)
        if byte not in _ESCAPES:
            raise ValueError("bad escape")
        return _ESCAPES[byte]

    def hex4(self) -> int:
        code = 0
        for _ in range(4):
            byte = self.peek()
            self.at += 1
            if ord("0") <= byte <= ord("9"):
                code = code << 4 | byte - ord("0")
            elif ord("a") <= byte | 0x20 <= ord("f"):
                code = code << 4 | (byte | 0x20) - ord("a") + 10
            else:
                raise ValueError("bad \\u")
        return code

    def digits(self) -> int:
        """Pass over digits; how many there were."""
        start = self.at
        while ord("0") <= self.peek() <= ord("9"):
            self.at += 1
        if self.at == start:
            raise ValueError("expected a value")
        return self.at - start

    def number(self) -> object:
        start = self.at
        if self.peek() == ord("-"):
            self.at += 1
        first = self.peek()
        count = self.digits()
        if count > 1 and first == ord("0"):
            raise ValueError("leading zero")
        integer = count <= _DIGITS
        if self.peek() == ord("."):
            self.at += 1
            self.digits()
            integer = False
        if self.peek() in _EXPONENT:
            self.at += 1
            if self.peek() in _SIGN:
                self.at += 1
            self.digits()
            integer = False
        return int(self.line[start : self.at]) if integer else Number()


def _utf8(code: int) -> bytes:
    if code < 0x80:
        return bytes((code,))
    last = 0x80 | code & 0x3F
    if code < 0x800:
        return bytes((0xC0 | code >> 6, last))
    middle = 0x80 | code >> 6 & 0x3F
    if code < 0x10000:
        return bytes((0xE0 | code >> 12, middle, last))
    return bytes((0xF0 | code >> 18, 0x80 | code >> 12 & 0x3F, middle, last))


def _check(line: bytes) -> None:
    """ValueError unless it is UTF-8: MicroPython's decoder lets surrogates and overlong ones by."""
    at = 0
    while at < len(line):
        lead = line[at]
        at += 1
        if lead < 0x80:
            continue
        pair = lead << 8 | (line[at] if at < len(line) else 0)
        if 0xC280 <= pair < 0xE000:
            more = 1
        elif 0xE0A0 <= pair < 0xEDA0 or 0xEE00 <= pair < 0xF000:
            more = 2
        elif 0xF090 <= pair < 0xF490:
            more = 3
        else:
            raise ValueError("not UTF-8")
        rest = line[at : at + more]
        if len(rest) != more or not all(0x80 <= byte < 0xC0 for byte in rest):
            raise ValueError("not UTF-8")
        at += more


def parse(line: bytes) -> object:
    """The value of one line; ValueError if it is no JSON, or too deep."""
    _check(line)
    reader = _Reader(line)
    value = reader.value(1)
    if reader.skip() >= 0:
        raise ValueError("more than one value")
    return value


def _quote(text: str) -> str:
    raw = text.encode()
    parts: list[bytes] = []
    start = 0
    for at in range(len(raw)):
        if raw[at] < 0x20:
            parts.append(raw[start:at] + b"\\u%04x" % raw[at])
            start = at + 1
        elif raw[at] in _SPECIAL:
            parts.append(raw[start:at] + b"\\")
            start = at
    if not parts:
        return '"' + text + '"'
    return '"' + str(b"".join(parts) + raw[start:], "utf-8") + '"'


def encode(value: object) -> str:
    """The JSON of `value`: a list of (key, value) pairs is an object, a tuple an array."""
    for word, constant in (("null", None), ("true", True), ("false", False)):
        if value is constant:
            return word
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return "{" + ",".join([_quote(k) + ":" + encode(v) for k, v in value]) + "}"
    if isinstance(value, tuple):
        return "[" + ",".join([encode(v) for v in value]) + "]"
    return _quote(str(value))
