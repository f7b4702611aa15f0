"""JSON, strictly, for one line: the same verdict on every interpreter.

MicroPython's own parser takes what isn't JSON, and its dicts keep no order; a unit must answer the
same everywhere. This is no general library: 8 levels deep, integers of 15 digits.
"""

_DEEPEST = 8
_DIGITS = 15
_SPACE = " \t\r\n"
_HEX = b"0123456789abcdefABCDEF"
_ESCAPES = {
    '"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t",
}  # fmt: skip


class Number:
    """A JSON number that is no integer, or too long for one: valid, and never what is wanted."""


# No chr(), no loop over a text's characters: MicroPython keeps each character that those once made
# for ever, and whoever sends ever new ones would fill its memory. Bytes and slices it lets go.


def _char(code: int) -> str:
    """The character with this number, which is no surrogate's."""
    if code < 0x80:
        made = bytes((code,))
    elif code < 0x800:
        made = bytes((0xC0 | code >> 6, 0x80 | code & 0x3F))
    else:
        tail = (0x80 | code >> 6 & 0x3F, 0x80 | code & 0x3F)
        if code < 0x10000:
            made = bytes((0xE0 | code >> 12,) + tail)
        else:
            made = bytes((0xF0 | code >> 18, 0x80 | code >> 12 & 0x3F) + tail)
    return str(made, "utf-8")


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def peek(self) -> str:
        """The next character, an empty string at the end."""
        return self.text[self.at : self.at + 1]

    def skip(self) -> str:
        """Pass over white space; the character after it."""
        while self.peek() and self.peek() in _SPACE:
            self.at += 1
        return self.peek()

    def take(self, wanted: str) -> None:
        if not self.text.startswith(wanted, self.at):
            raise ValueError("expected " + wanted)
        self.at += len(wanted)

    def value(self, depth: int) -> object:
        if depth > _DEEPEST:
            raise ValueError("too deep")
        first = self.skip()
        if first == "{":
            return self.members(depth)
        if first == "[":
            return self.items(depth)
        if first == '"':
            return self.string()
        for word, value in (("true", True), ("false", False), ("null", None)):
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return value
        return self.number()

    def members(self, depth: int) -> "dict[str, object]":
        found: dict[str, object] = {}
        self.take("{")
        if self.skip() == "}":
            self.at += 1
            return found
        while True:
            self.skip()
            key = self.string()
            if key in found:
                raise ValueError("a key twice")
            self.skip()
            self.take(":")
            found[key] = self.value(depth + 1)
            if self.skip() != ",":
                self.take("}")
                return found
            self.at += 1

    def items(self, depth: int) -> "list[object]":
        found: list[object] = []
        self.take("[")
        if self.skip() == "]":
            self.at += 1
            return found
        while True:
            found.append(self.value(depth + 1))
            if self.skip() != ",":
                self.take("]")
                return found
            self.at += 1

    def string(self) -> str:
        self.take('"')
        parts: list[str] = []
        while True:
            char = self.peek()
            self.at += 1
            if char == '"':
                return "".join(parts)
            if char == "\\":
                parts.append(self.escape())
            elif char < " ":  # the end of the line too
                raise ValueError("bad string")
            else:
                parts.append(char)

    def escape(self) -> str:
        char = self.peek()
        self.at += 1
        if char == "u":
            code = self.hex4()
            if 0xD800 <= code < 0xDC00:
                self.take("\\u")
                low = self.hex4()
                if not 0xDC00 <= low < 0xE000:
                    raise ValueError("bad surrogate")
                code = 0x10000 + ((code - 0xD800) << 10) + low - 0xDC00
            elif 0xDC00 <= code < 0xE000:
                raise ValueError("bad surrogate")
            return _char(code)
        if char not in _ESCAPES:
            raise ValueError("bad escape")
        return _ESCAPES[char]

    def hex4(self) -> int:
        digits = self.text[self.at : self.at + 4]
        self.at += 4
        if len(digits) != 4 or not all(code in _HEX for code in digits.encode()):
            raise ValueError("bad \\u")
        return int(digits, 16)

    def digits(self) -> str:
        start = self.at
        while "0" <= self.peek() <= "9":
            self.at += 1
        if self.at == start:
            raise ValueError("expected a value")
        return self.text[start : self.at]

    def number(self) -> object:
        start = self.at
        if self.peek() == "-":
            self.at += 1
        whole = self.digits()
        if len(whole) > 1 and whole[0] == "0":
            raise ValueError("leading zero")
        integer = len(whole) <= _DIGITS
        if self.peek() == ".":
            self.at += 1
            self.digits()
            integer = False
        if self.peek() in ("e", "E"):
            self.at += 1
            if self.peek() in ("+", "-"):
                self.at += 1
            self.digits()
            integer = False
        return int(self.text[start : self.at]) if integer else Number()


def _text(line: bytes) -> str:
    """The characters of `line`: MicroPython's own decoder lets surrogates and overlong ones by."""
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
    return str(line, "utf-8")


def parse(line: bytes) -> object:
    """The value of one line; ValueError if it is no JSON, or too deep."""
    reader = _Reader(_text(line))
    value = reader.value(1)
    if reader.skip():
        raise ValueError("more than one value")
    return value


def _quote(text: str) -> str:
    out = bytearray(b'"')
    for code in text.encode():
        if code in b'"\\':
            out.extend(bytes((0x5C, code)))
        elif code < 0x20:
            out.extend(("\\u%04x" % code).encode())
        else:
            out.append(code)
    out.append(0x22)
    return str(out, "utf-8")


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
