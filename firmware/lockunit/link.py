"""The link: bytes to lines, lines to JSON-RPC 2.0 requests, answers and notifications back.

It bounds what comes in and says what is wrong with it; it opens what is sealed, and seals what goes
back. What a method does stands in `methods`.
"""

import binascii

from lockunit import jsonline
from lockunit.session import Session
from lockunit.ticks import diff

LONGEST_LINE = 1_024
_LONGEST_ID = 64
# The rest of a half line that was left lying this long isn't its rest.
_STALE_MS = 5_000
# To nobody's session: in the open.
CLEAR = -1

PARSE_ERROR = (-32700, "Parse error")
INVALID_REQUEST = (-32600, "Invalid Request")
METHOD_NOT_FOUND = (-32601, "Method not found")
INVALID_PARAMS = (-32602, "Invalid params")
# The method needs a session of another role, or any.
NOT_AUTHORISED = (-32001, "NOT_AUTHORISED")
# No session of this wire opens that sealed line: there is none, or it ended with it.
NO_SESSION = (-32002, "NO_SESSION")


def base64(data: bytes) -> str:
    """Bytes as JSON can carry them."""
    return str(binascii.b2a_base64(data)[:-1], "ascii")


def unbase64(text: str) -> bytes:
    """What `base64` was given; b"" if it didn't make this."""
    raw = text.encode()
    try:
        found = binascii.a2b_base64(raw)
    except ValueError:
        return b""
    # Interpreters differ on what they let by.
    return found if binascii.b2a_base64(found)[:-1] == raw else b""


class Request:
    """One request: `ident` is JSON already; None for a notification, which gets no answer.

    `link`: the wire that it came in on, `visit`: whose visit there, `to`: the session on it, to
    which alone it is answered; CLEAR: in the open.
    """

    def __init__(
        self,
        link: "Link",
        method: str,
        params: "dict[str, object]",
        ident: "str | None",
        to: int,
    ) -> None:
        self.link = link
        self.visit = link.visit
        self.method = method
        self.params = params
        self.ident = ident
        self.to = to


class Link:
    """One wire's lines, and the session on it.

    `wire`: which one; `there`: whether anybody may be at its other end, `visit`: how many have been
    and left. `proving`: whose false proof on it is refused later.
    """

    def __init__(self, session: Session, wire: int = 0) -> None:
        self.board = session.board
        self.session = session
        self.wire = wire
        self.there = False
        self.visit = 0
        self.proving: Request | None = None
        self._buffer = bytearray(LONGEST_LINE)
        self._length = 0
        self._overlong = False
        self._last = 0

    def left(self) -> None:
        """Nobody is at the other end any more: half a line, session and handshake go with them."""
        self.there = False
        self.visit += 1
        self.proving = None
        self._length = 0
        self._overlong = False
        self.session.disconnected()

    def receive(self, now: int, data: bytes) -> "list[bytes | None]":
        """The whole lines that `data` completes; None stands where one gets too long."""
        if diff(now, self._last) > _STALE_MS:
            self._length = 0
            self._overlong = False
        self._last = now
        lines: list[bytes | None] = []
        start = 0
        while start < len(data):
            end = data.find(b"\n", start)
            piece_end = len(data) if end < 0 else end
            if not self._append(data, start, piece_end):
                lines.append(None)
            if end < 0:
                break
            if not self._overlong:
                lines.append(bytes(self._buffer[: self._length]))
            self._length = 0
            self._overlong = False
            start = end + 1
        return lines

    def _append(self, data: bytes, start: int, end: int) -> bool:
        """Add to the line; whether it didn't just get too long."""
        if self._overlong:
            return True
        if self._length + end - start > LONGEST_LINE:
            self._overlong = True
            return False
        self._buffer[self._length : self._length + end - start] = data[start:end]
        self._length += end - start
        return True

    def parse(self, now: int, line: "bytes | None") -> "Request | None":
        """The request in one of `receive`'s lines; None if there is none, with the error answered.

        In this order, so that the pieces that bytes come in change no answer's place.
        """
        if line is None:
            self._error(now, CLEAR, "null", PARSE_ERROR, "a line is at most 1024 bytes")
            return None
        to = CLEAR
        raw = self._read(now, to, line)
        if raw is not None and "s" in raw and "jsonrpc" not in raw:
            plain = self._open(now, raw)
            if plain is None:
                self._error(now, CLEAR, "null", NO_SESSION, "begin a session")
                return None
            to = self.session.number
            raw = self._read(now, to, plain)
        return None if raw is None else self._request(now, to, raw)

    def _open(self, now: int, raw: "dict[str, object]") -> "bytes | None":
        """What a sealed line carries: whatever isn't the next one of this session ends it."""
        number, n, text = raw["s"], raw.get("n"), raw.get("c")
        if type(number) is not int:
            return None
        sealed = unbase64(text) if isinstance(text, str) else b""
        return self.session.open(now, number, n if type(n) is int else -1, sealed)

    def _read(self, now: int, to: int, line: bytes) -> "dict[str, object] | None":
        """The object in a line; None if there is none, with the error answered."""
        if not line.strip():
            return None
        try:
            raw = jsonline.parse(line)
        except ValueError as error:
            self._error(now, to, "null", PARSE_ERROR, str(error))
            return None
        if not isinstance(raw, dict):
            self._error(now, to, "null", INVALID_REQUEST, "one object a line")
            return None
        return raw

    def _request(self, now: int, to: int, raw: "dict[str, object]") -> "Request | None":
        ident, good = self._ident(raw)
        method = raw.get("method")
        params = raw.get("params", {})
        if not good:
            detail = "id: an integer, or at most 64 characters"
        elif raw.get("jsonrpc") != "2.0" or not isinstance(method, str):
            detail = "jsonrpc 2.0 and a method"
        elif not isinstance(params, (dict, list)):
            detail = "params by name"
        elif isinstance(params, dict):
            return Request(self, method, params, ident, to)
        else:
            self.refuse(now, Request(self, method, {}, ident, to), INVALID_PARAMS, "params by name")
            return None
        self._error(now, to, ident or "null", INVALID_REQUEST, detail)
        return None

    def _ident(self, raw: "dict[str, object]") -> "tuple[str | None, bool]":
        """The id as JSON (None if there is none), and whether it may be one."""
        if "id" not in raw:
            return None, True
        ident = raw["id"]
        if ident is None or (isinstance(ident, int) and not isinstance(ident, bool)):
            return jsonline.encode(ident), True
        if isinstance(ident, str) and len(ident) <= _LONGEST_ID:
            return jsonline.encode(ident), True
        return None, False

    def refuse(self, now: int, request: Request, error: "tuple[int, str]", detail: str) -> None:
        """Answer a request with an error; a notification gets no answer."""
        if request.ident is not None:
            self._error(now, request.to, request.ident, error, detail)

    def _error(self, now: int, to: int, ident: str, error: "tuple[int, str]", detail: str) -> None:
        body = jsonline.encode([("code", error[0]), ("message", error[1]), ("data", detail)])
        self._send(now, to, '{"jsonrpc":"2.0","id":' + ident + ',"error":' + body + "}")

    def result(self, now: int, request: Request, result: "list[tuple[str, object]]") -> None:
        """Answer a request; a notification gets no answer, nor does who came after who asked."""
        if request.ident is not None and request.visit == self.visit:
            body = jsonline.encode(result)
            text = '{"jsonrpc":"2.0","id":' + request.ident + ',"result":' + body + "}"
            self._send(now, request.to, text)

    def notify(self, now: int, method: str, params: "list[tuple[str, object]]") -> None:
        """Tell whoever holds the session what happened; of a development unit, anybody."""
        session = self.session
        if self.there and (session.role or session.access.development):
            body = jsonline.encode(params)
            to = session.number if session.role else CLEAR
            self._send(now, to, '{"jsonrpc":"2.0","method":"' + method + '","params":' + body + "}")

    def _send(self, now: int, to: int, text: str) -> None:
        if to == CLEAR:
            self.board.send(text.encode(), self.wire)
        elif to == self.session.number:
            # Whose session ended meanwhile is told nothing, nor is who came after.
            sealed = self.session.seal(now, text.encode())
            if sealed is not None:
                told = [("s", sealed[0]), ("n", sealed[1]), ("c", base64(sealed[2]))]
                self.board.send(jsonline.encode(told).encode(), self.wire)
