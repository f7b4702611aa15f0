"""The link's client: JSON-RPC 2.0 calls and notifications, one object a line, over any transport.

It carries the link as it is today, in the open; who may do what isn't decided here.
"""

import json
from collections import deque
from dataclasses import dataclass
from typing import Any, Protocol


class Transport(Protocol):
    """Bytes to and from a unit, in its time."""

    @property
    def now_ms(self) -> int:
        """Milliseconds on the bench's clock."""

    def write(self, data: bytes) -> None:
        """Send bytes."""

    def read(self, timeout_ms: int) -> tuple[int, bytes] | None:
        """When bytes came, and which; waits for them at most so long. None: there were none."""


class LinkTimeoutError(Exception):
    """No answer in time; the message says what came instead."""


class RpcError(Exception):
    """The unit answered with an error."""

    def __init__(self, code: int, message: str, data: Any = None) -> None:
        super().__init__(f"{message} ({code})" + (f": {data}" if data is not None else ""))
        self.code = code
        self.message = message
        self.data = data


@dataclass(frozen=True, slots=True)
class Notification:
    """What the unit told unasked, and when it came (ms)."""

    t_ms: int
    method: str
    params: dict[str, Any]


class Link:
    """A client of one unit."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._rest = b""
        self._lines: list[bytes] = []
        self._notifications: list[Notification] = []
        self._answers: deque[dict[str, Any]] = deque()
        self._last_id = 0

    @property
    def lines(self) -> list[bytes]:
        """All lines that came so far, without their ends, whatever they are."""
        self._receive_all()
        return self._lines

    @property
    def notifications(self) -> list[Notification]:
        """All notifications so far."""
        self._receive_all()
        return self._notifications

    def send_raw(self, data: bytes) -> None:
        """Send these very bytes; nothing is added."""
        self._transport.write(data)

    def call(self, method: str, timeout_ms: int = 10_000, **params: Any) -> dict[str, Any]:
        """The result of a method. RpcError: the unit's own; LinkTimeoutError: none came."""
        return self.wait(self.begin(method, **params), timeout_ms)

    def begin(self, method: str, **params: Any) -> int:
        """Send a request and don't wait; its id, for `wait`."""
        self._last_id += 1
        request: dict[str, Any] = {"jsonrpc": "2.0", "id": self._last_id, "method": method}
        if params:
            request["params"] = params
        line = json.dumps(request, ensure_ascii=False, separators=(",", ":"))
        self._transport.write(line.encode() + b"\n")
        return self._last_id

    def wait(self, ident: int, timeout_ms: int = 10_000) -> dict[str, Any]:
        """The result of the request `ident`; see `call`."""
        first = len(self._lines)
        until = self._transport.now_ms + timeout_ms
        while (answer := self._answer(ident)) is None:
            if not self._receive(max(0, until - self._transport.now_ms)):
                came = b" | ".join(self._lines[first:][-3:]).decode("utf-8", "backslashreplace")
                raise LinkTimeoutError(
                    f"expected an answer to request {ident} within {timeout_ms} ms, "
                    f"got {came or 'nothing'}; is the unit up and on this link?"
                )
        if "error" in answer:
            error = answer["error"]
            if not isinstance(error, dict):
                raise RpcError(0, "an error that isn't JSON-RPC's", error)
            raise RpcError(error.get("code", 0), error.get("message", ""), error.get("data"))
        result = answer.get("result")
        return result if isinstance(result, dict) else {"result": result}

    def _answer(self, ident: int) -> dict[str, Any] | None:
        for answer in self._answers:
            # `true` equals 1 in Python, but is no id.
            if answer.get("id") == ident and answer["id"] is not True:
                self._answers.remove(answer)
                return answer
        return None

    def _receive_all(self) -> None:
        while self._receive(0):
            pass

    def _receive(self, timeout_ms: int) -> bool:
        came = self._transport.read(timeout_ms)
        if came is None:
            return False
        t_ms, data = came
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._lines.append(line)
            self._sort_in(t_ms, line)
        return True

    def _sort_in(self, t_ms: int, line: bytes) -> None:
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            return  # kept in `lines`: a test may look for it there
        if not isinstance(message, dict):
            return
        method, params = message.get("method"), message.get("params", {})
        if isinstance(method, str) and isinstance(params, dict):
            self._notifications.append(Notification(t_ms, method, params))
        elif method is None:
            self._answers.append(message)
