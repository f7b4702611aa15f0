"""What the unit says on its link, heard as it says it: answers, levels, runs of the motor, boots.

It asks and keeps count; what follows from it is `life`'s.
"""

import json
from collections.abc import Callable
from typing import Any

from locksim.world import World

NO_ANSWER = "no answer"
# It was open already: no motor ran.
FOUND_OPEN = "found open"
_ANSWER_MS = 10_000


class Ear:
    """Listens to a world's unit, and asks it things."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._asked = 0
        self._answer: dict[str, Any] | None = None
        self.level = "UNKNOWN"
        self.ground = "none"
        self.runs = 0
        # Each is told when it happens; it must not let time pass.
        self.on_level: Callable[[], None] = lambda: None
        self.on_run: Callable[[str, str], None] = lambda *_: None
        world.on_sent.append(self._heard)

    def ask(self, method: str, **params: Any) -> str:
        """Ask, and let time pass until it answers: its typed result, or why there is none."""
        answer = self._call(method, params)
        if answer is None:
            return NO_ANSWER
        if "error" in answer:
            return str(answer["error"].get("message", "error"))
        result = answer["result"]
        if result.get("result") == "done" and "state" in result and "ms" not in result:
            return FOUND_OPEN
        return str(result.get("result", "done"))

    def report(self) -> dict[str, Any]:
        """The unit's own account of its battery; {} if it doesn't answer."""
        answer = self._call("battery.report", {}) or {}
        found = answer.get("result", {})
        assert isinstance(found, dict)
        return found

    def poll(self) -> None:
        """Ask for the level, as a poller does, and don't wait."""
        self.send("battery.report")

    def send(self, method: str, **params: Any) -> None:
        """Ask, and don't wait."""
        self._asked += 1
        request: dict[str, Any] = {"jsonrpc": "2.0", "id": self._asked, "method": method}
        if params:
            request["params"] = params
        self._answer = None
        self._world.receive(json.dumps(request).encode() + b"\n")

    def _call(self, method: str, params: dict[str, Any]) -> dict[str, Any] | None:
        self.send(method, **params)
        self._world.timeline.run_until(lambda: self._answer is not None, _ANSWER_MS)
        return self._answer

    def _heard(self, _: int, line: bytes) -> None:
        said = json.loads(line)
        if "id" in said:
            if said["id"] == self._asked:
                self._answer = said
            return
        told = said["params"]
        if said["method"] == "battery.level":
            self.level, self.ground = told["level"], told["ground"]
            self.on_level()
        elif said["method"] == "bolt.moved" and told.get("result"):
            self.runs += 1
            self.on_run(told["result"], told["by"])
