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
        ident: object = None
        try:
            request = self._request(line)
            ident = request["id"]
            answer = {"result": self._methods[str(request["method"])](request.get("params", {}))}
        except RefusedError as refused:
            return _error(refused.ident, refused.code, str(refused))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            return _error(ident, _PARAMS, str(error)[:200])
        except Exception as error:
            return _error(ident, _INTERNAL, repr(error)[:200])
        answer["jsonrpc"], answer["id"] = "2.0", ident
        return _line(answer)

    def _request(self, line: bytes) -> "dict[str, object]":
        """A request with a known method. RefusedError."""
        try:
            request = json.loads(line)
        except Exception:  # whatever its parser makes of garbage
            raise RefusedError(_PARSE, "no JSON") from None
        if not isinstance(request, dict) or request.get("jsonrpc") != "2.0":
            raise RefusedError(_REQUEST, "no JSON-RPC 2.0 request")
        ident = request.get("id")
        if not isinstance(ident, int) and not (isinstance(ident, str) and len(ident) <= 64):
            raise RefusedError(_REQUEST, "id: expected an integer or at most 64 characters")
        name = request.get("method")
        if not isinstance(name, str) or name not in self._methods:
            raise RefusedError(_METHOD, "no such method", ident)
        if not isinstance(request.get("params", {}), dict):
            raise RefusedError(_PARAMS, "expected an object", ident)
        return request


class RefusedError(Exception):
    """No request that can be served; `code` is JSON-RPC's."""

    def __init__(self, code: int, message: str, ident: object = None) -> None:
        super().__init__(message)
        self.code = code
        self.ident = ident


def _line(answer: "dict[str, object]") -> bytes:
    return json.dumps(answer, separators=(",", ":")).encode() + b"\n"


def _error(ident: object, code: int, message: str) -> bytes:
    error = {"code": code, "message": message}
    return _line({"jsonrpc": "2.0", "id": ident, "error": error})
