"""The probe's side of its line: JSON-RPC 2.0, an object a line of at most 1,024 bytes.

Whatever comes in, it answers and goes on; what a method does stands in `methods`.
"""

import json

LONGEST = 1_024
_PARSE, _REQUEST, _METHOD, _PARAMS, _INTERNAL = -32700, -32600, -32601, -32602, -32603

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Rpc:
    """`methods` by name; each takes the params as a dict and gives the result, or ValueError."""

    def __init__(self, methods: "dict[str, Callable[[dict[str, object]], object]]") -> None:
        self._methods = methods
        self._line = bytearray()
        self._too_long = False

    def take(self, data: bytes) -> bytes:
        """The answers to what came in; half a line waits for its other half."""
        answers = b""
        start = 0
        while True:
            end = data.find(b"\n", start)
            self._add(data[start:] if end < 0 else data[start:end])
            if end < 0:
                return answers
            answers += self._end()
            start = end + 1

    def _add(self, piece: bytes) -> None:
        if len(self._line) + len(piece) > LONGEST:
            self._too_long = True
            self._line = bytearray()
        elif not self._too_long:
            self._line += piece

    def _end(self) -> bytes:
        line, self._line = bytes(self._line).strip(), bytearray()
        if self._too_long:
            self._too_long = False
            return _error(None, _REQUEST, "a line of more than 1024 bytes")
        return self._answer(line) if line else b""

    def _answer(self, line: bytes) -> bytes:
        try:
            request = json.loads(line)
        except Exception:  # whatever its parser makes of garbage
            return _error(None, _PARSE, "no JSON")
        if not isinstance(request, dict) or request.get("jsonrpc") != "2.0":
            return _error(None, _REQUEST, "no JSON-RPC 2.0 request")
        ident = request.get("id")
        if not isinstance(ident, int) and not (isinstance(ident, str) and len(ident) <= 64):
            return _error(None, _REQUEST, "id: expected an integer or at most 64 characters")
        name, params = request.get("method"), request.get("params", {})
        if not isinstance(name, str) or name not in self._methods:
            return _error(ident, _METHOD, "no such method")
        if not isinstance(params, dict):
            return _error(ident, _PARAMS, "expected an object")
        try:
            result = self._methods[name](params)
        except (ValueError, KeyError, TypeError) as error:
            return _error(ident, _PARAMS, str(error)[:200])
        except Exception as error:
            return _error(ident, _INTERNAL, repr(error)[:200])
        return _line({"jsonrpc": "2.0", "id": ident, "result": result})


def _line(answer: "dict[str, object]") -> bytes:
    return json.dumps(answer, separators=(",", ":")).encode() + b"\n"


def _error(ident: object, code: int, message: str) -> bytes:
    error = {"code": code, "message": message}
    return _line({"jsonrpc": "2.0", "id": ident, "error": error})
