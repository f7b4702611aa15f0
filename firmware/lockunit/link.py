"""The link: bytes to lines, lines to JSON-RPC 2.0 requests, answers and notifications back.

It bounds what comes in and says what is wrong with it; what a method does stands in `methods`.
"""

from lockunit import jsonline
from lockunit.board import Board
from lockunit.ticks import diff

LONGEST_LINE = 1_024
_LONGEST_ID = 64
# The rest of a half line that was left lying this long isn't its rest.
_STALE_MS = 5_000

PARSE_ERROR = (-32700, "Parse error")
INVALID_REQUEST = (-32600, "Invalid Request")
METHOD_NOT_FOUND = (-32601, "Method not found")
INVALID_PARAMS = (-32602, "Invalid params")


class Request:
    """One request: `id` is JSON already; None for a notification, which gets no answer."""

    def __init__(self, method: str, params: "dict[str, object]", ident: "str | None") -> None:
        self.method = method
        self.params = params
        self.ident = ident


class Link:
    """One wire's lines."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self._buffer = bytearray(LONGEST_LINE)
        self._length = 0
        self._overlong = False
        self._last = 0

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

    def parse(self, line: "bytes | None") -> "Request | None":
        """The request in one of `receive`'s lines; None if there is none, with the error answered.

        In this order, so that the pieces that bytes come in change no answer's place.
        """
        if line is None:
            self.error("null", PARSE_ERROR, "a line is at most 1024 bytes")
            return None
        if not line.strip():
            return None
        try:
            raw = jsonline.parse(line)
        except ValueError as error:
            self.error("null", PARSE_ERROR, str(error))
            return None
        if not isinstance(raw, dict):
            self.error("null", INVALID_REQUEST, "one object a line")
            return None
        ident, good = self._ident(raw)
        method = raw.get("method")
        params = raw.get("params", {})
        if not good:
            self.error("null", INVALID_REQUEST, "id: an integer, or at most 64 characters")
        elif raw.get("jsonrpc") != "2.0" or not isinstance(method, str):
            self.error(ident or "null", INVALID_REQUEST, "jsonrpc 2.0 and a method")
        elif not isinstance(params, (dict, list)):
            self.error(ident or "null", INVALID_REQUEST, "params by name")
        elif not isinstance(params, dict):
            self._refuse(ident, "params by name")
        else:
            return Request(method, params, ident)
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

    def _refuse(self, ident: "str | None", detail: str) -> None:
        if ident is not None:
            self.error(ident, INVALID_PARAMS, detail)

    def error(self, ident: str, error: "tuple[int, str]", detail: str) -> None:
        """Answer the request `ident` (JSON) with an error."""
        body = jsonline.encode([("code", error[0]), ("message", error[1]), ("data", detail)])
        self._send('{"jsonrpc":"2.0","id":' + ident + ',"error":' + body + "}")

    def result(self, ident: "str | None", result: "list[tuple[str, object]]") -> None:
        """Answer the request `ident` (JSON); a notification's None gets no answer."""
        if ident is not None:
            body = jsonline.encode(result)
            self._send('{"jsonrpc":"2.0","id":' + ident + ',"result":' + body + "}")

    def notify(self, method: str, params: "list[tuple[str, object]]") -> None:
        """Tell what happened, unasked."""
        body = jsonline.encode(params)
        self._send('{"jsonrpc":"2.0","method":"' + method + '","params":' + body + "}")

    def _send(self, text: str) -> None:
        self.board.send(text.encode())
