"""In steady state nothing is taken where nothing is told, and what is told doesn't add up."""

from pathlib import Path

import pytest

from tests.memory import figures
from tests.memory.conftest import Altered, open_port
from tests.memory.ports import Port

# WebAssembly is several times slower, and nothing is what it takes in 10,000 too: `make bench`
# does those, of both kinds and on both ports, and fails as this does.
QUIET = {"unix": 10_000, "webassembly": 1_000}
TOLD = 1_000
# Enough to see a fault of 16 bytes an event.
FEW = 200


def test_nothing_is_taken_where_nothing_is_told(port: Port, firmware: Path) -> None:
    taken = figures.quiet(port, firmware, QUIET[port.name])
    assert len(taken) > 10
    assert {title: count for title, count in taken.items() if count} == {}


def test_what_is_told_is_given_back(port: Port, firmware: Path) -> None:
    _, tenth, end = figures.told(port, firmware, TOLD)
    assert tenth == end


def test_memory_taken_at_each_wake_is_noticed(port: Port, altered: Altered) -> None:
    old = "for timer in self._timers:"
    firmware = altered("lockunit/unit", old, "for timer in list(self._timers):")
    assert all(count >= 16 * FEW for count in figures.quiet(port, firmware, FEW).values())


@pytest.mark.parametrize(("name", "noticed"), [("unix", False), ("webassembly", True)])
def test_integers_that_only_32_bits_keep_in_memory(
    name: str, noticed: bool, altered: Altered
) -> None:
    old = "        self._looked = now\n        self._stalled ="
    firmware = altered("lockunit/bolt", old, old.replace("now", "now + (1 << 30)"))
    taken = figures.quiet(open_port(name), firmware, FEW)
    assert (taken["looks at the running motor"] > 0) == noticed


@pytest.mark.parametrize(
    ("module", "old", "new"),
    [
        (
            "lockunit/link",
            "self.board.send(text.encode(), self.wire)",
            "self._buffer.append(0); self.board.send(text.encode(), self.wire)",
        ),
        # MicroPython keeps every character that chr() gave, for ever.
        ("lockunit/jsonline", "return _utf8(code)", "return chr(code).encode()"),
    ],
)
def test_memory_that_is_never_given_back_is_noticed(
    module: str, old: str, new: str, port: Port, altered: Altered
) -> None:
    _, tenth, end = figures.told(port, altered(module, old, new), 500)
    assert end > tenth
