"""The link's client: JSON-RPC 2.0 calls and notifications, one object a line, over any transport.

It carries the link in the open, as a development unit has it; `lockhil.session.link` seals it.
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

    @property
    def contact(self) -> int:
        """A number that changes when the connection was lost, or the unit started anew, as far as
        somebody knows that: sessions don't outlive it."""

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


@dataclass(frozen=True, slots=True)
class Line:
    """A line on the link without its end, when it passed (ms), and which way."""

    t_ms: int
    from_unit: bool
    data: bytes


# What goes on without a line end is cut here: whatever sends it is no unit, and mustn't fill the
# memory. A unit's own lines are far shorter.
ENDLESS = 4_096


class Link:
    """A client of one unit; its requests are numbered from `first_id` + 1."""

    def __init__(self, transport: Transport, first_id: int = 0) -> None:
        self._transport = transport
        self._rest = b""
        self._unsent = b""
        self._log: list[Line] = []
        self._failure: Exception | None = None
        self._lines: list[bytes] = []
        self._notifications: list[Notification] = []
        self._answers: deque[dict[str, Any]] = deque()
        self._last_id = first_id

    @property
    def transport(self) -> Transport:
        """What carries it, for another link on the same line, after this one."""
        return self._transport

    @property
    def now_ms(self) -> int:
        """Milliseconds on the bench's clock, as all times here."""
        return self._transport.now_ms

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

    @property
    def unended(self) -> bytes:
        """What came since the last line's end."""
        return self._rest

    def send_raw(self, data: bytes) -> None:
        """Send these very bytes; nothing is added."""
        self._send(data)

    def _send(self, data: bytes) -> None:
        *lines, self._unsent = (self._unsent + data).split(b"\n")
        for line in lines:
            self._note_sent(line)
        self._transport.write(data)

    def _note_sent(self, line: bytes) -> None:
        self._log.append(Line(self._transport.now_ms, False, line))

    def listen(self, timeout_ms: int) -> list[Line]:
        """All lines, both ways, since the last call; waits at most so long for the first.

        For whom listening is all: what it hands over is forgotten everywhere else in here.
        """
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure
        try:
            self._receive_all()
            if not self._log:
                self._receive(timeout_ms)
        except Exception as error:
            # First what came before it, then the error.
            if not self._log:
                raise
            self._failure = error
        taken, self._log = sorted(self._log, key=lambda line: line.t_ms), []
        self._lines.clear()
        self._notifications.clear()
        self._answers.clear()
        return taken

    def call(self, method: str, timeout_ms: int = 10_000, **params: Any) -> dict[str, Any]:
        """The result of a method. RpcError: the unit's own; LinkTimeoutError: none came."""
        return self.wait(self.begin(method, **params), timeout_ms)

    def begin(self, method: str, **params: Any) -> int:
        """Send a request and don't wait; its id, for `wait`."""
        ident, line = self._request(method, params)
        self._send(line + b"\n")
        return ident

    def _request(self, method: str, params: dict[str, Any]) -> tuple[int, bytes]:
        """A new request's id, and its line without the end."""
        self._last_id += 1
        request: dict[str, Any] = {"jsonrpc": "2.0", "id": self._last_id, "method": method}
        if params:
            request["params"] = params
        line = json.dumps(request, ensure_ascii=False, separators=(",", ":"))
        return self._last_id, line.encode()

    def wait(self, ident: int, timeout_ms: int = 10_000) -> dict[str, Any]:
        """The result of the request `ident`; see `call`."""
        first = len(self._lines)
        until = self._transport.now_ms + timeout_ms
        while (answer := self._answer(ident)) is None:
            if self._receive(0):
                continue
            self._check(ident)
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

    def _check(self, ident: int) -> None:
        """Raise if no answer to this request can come any more."""

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
        if len(self._rest) > ENDLESS:
            lines.append(self._rest)
            self._rest = b""
        for line in lines:
            self._take(t_ms, line)
        return True

    def _take(self, t_ms: int, line: bytes) -> None:
        """One line came."""
        self._lines.append(line)
        self._log.append(Line(t_ms, True, line))
        self._sort_in(t_ms, line)

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
