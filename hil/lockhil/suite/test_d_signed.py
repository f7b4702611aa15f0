"""UPD-4: nothing is tried but what was signed, whatever came over the link."""

import pytest

from lockhil.plugin import Opener
from lockhil.suite.update import carrier, line, small, starts_as_before, update_for
from lockhil.targets.base import Target


@pytest.fixture
def sealed(open_unit: Opener) -> Target:
    """A production unit, and a service session on its link."""
    unit = open_unit(sealed=True, role="service")
    unit.bench.clock.advance(seconds=2)
    return unit


_BAD_LINES = {
    "out of the slot": line("../main.py", b"x"),
    "out of it midway": line("lockunit/../../data/key.lock", b"x"),
    "from the root": line("/boot.py", b"x"),
    "another folder": line("data/settings", b"x"),
    "a source": line("lockunit/unit.py", b"x"),
    "a folder in a folder": line("lockunit/more/unit.mpy", b"x"),
    "no name": line("lockunit/.mpy", b"x"),
    "capital letters": line("lockunit/Unit.mpy", b"x"),
    "a path twice": 2 * line("board.json", b"x"),
    "not sorted": line("firmware.json", b"x") + line("board.json", b"x"),
    "an empty file": line("board.json", b""),
    "a size of other digits": line("board.json", b"x").replace(b" 1 ", b" 01 "),
    "a sign": line("board.json", b"x").replace(b" 1 ", b" +1 "),
    "a huge file": line("board.json", b"x").replace(b" 1 ", b" 1048577 "),
    "a hash in capitals": line("board.json", b"x").upper().replace(b"BOARD.JSON", b"board.json"),
    "half a hash": line("board.json", b"x")[32:],
    "no line end": line("board.json", b"x")[:-1],
    "an empty line": line("board.json", b"x") + b"\n",
    "other line ends": line("board.json", b"x").replace(b"\n", b"\r\n"),
    "an endless line": b"a" * 500,
    "nothing but zeros": bytes(200),
}


@pytest.mark.req("UPD-4")
def test_a_manifest_is_looked_at_as_a_whole(sealed: Target) -> None:
    """Even one that is signed names nothing but files of a slot, in their form and order."""
    brought, update = carrier(sealed), update_for(sealed)
    for what, listed in _BAD_LINES.items():
        assert brought.begin(update.but(manifest=listed)) == "done"
        assert brought.write(0, listed) == "WRONG_MANIFEST", f"UPD-4: {what}"
        assert brought.call("state")["phase"] == "none", f"UPD-4: {what}"
    assert starts_as_before(sealed), "UPD-4"


@pytest.mark.req("UPD-4")
def test_what_was_altered_on_its_way_neverruns(sealed: Target) -> None:
    """By whoever carries it, in a session of the service: the key signed something else."""
    brought, update = carrier(sealed), small(update_for(sealed))
    listed, (board, more) = update.listed(), [update.files[name] for name in sorted(update.files)]
    assert brought.begin(update) == "done"
    other = update.but(files={**update.files, "firmware.json": b'{"version": "9.9.8"}\n'})
    assert brought.write(0, other.listed()) == "WRONG_MANIFEST", "UPD-4: another manifest"

    assert brought.begin(update) == "done"
    assert brought.write(0, listed) == "done"
    assert brought.write(1, board[:-1]) == "done"
    assert brought.write(2, more) == "WRONG_PLACE", "UPD-4: cut short"
    assert brought.result("keep", file=1) == "WRONG_PLACE", "UPD-4: cut short"
    assert brought.finish() == "WRONG_PLACE", "UPD-4: cut short"
    assert brought.piece(1, len(board) - 1, board[-1:] + b" ") == "WRONG_DATA", "UPD-4: longer"
    assert brought.piece(1, len(board) - 1, board[-1:]) == "done", "UPD-4"
    assert brought.finish() == "WRONG_PLACE", "UPD-4: too early"
    assert brought.write(2, more.replace(b"9", b"8")) == "done"
    assert brought.finish() == "NOT_VERIFIED", "UPD-4: altered"
    assert brought.call("state")["phase"] == "none", "UPD-4"
    assert starts_as_before(sealed), "UPD-4"
