"""The selector in boot.py and the slots behind it, on a virtual board: which firmware starts."""

from itertools import product

import pytest

from lockhil.firmware import compiled, laid_out
from tests.lockhil.virtual.rig import board, say

# boot.py's own functions, over and over in one life, on the board's own file system.
EACH = """
import os
with open("/boot.py") as file:
    source = file.read()
boot = {"os": os}
exec(source[source.index("def _read"):source.index("def _is_there")], boot)
def put(place, content):
    if content is None:
        try:
            os.remove(place)
        except OSError:
            pass
    else:
        with open(place, "wb") as file:
            file.write(bytes(content))
def held(place):
    try:
        with open(place, "rb") as file:
            return list(file.read())
    except OSError:
        return None
for slot, trial in CASES:
    put("/slot", slot)
    put("/trial", trial)
    chosen = boot["_slot"]().decode()
    say([chosen, held("/trial"), held("/slot") == slot])
"""
SLOTS = (None, b"", b"a", b"b", b"c", b"B", b"ab", b"ba", b"b\n", b"b" * 300)
TRIALS = (
    *(
        None,
        b"",
        b"a",
        b"b",
        b"3",
        b"b\n",
        b"3b",
        b"bb",
        b"b31",
        b"b3\n",
        b"c3",
        b"\xff3",
        b"b\x03",
    ),
    *(bytes((slot, left)) for slot in b"ab" for left in b"012349"),
)


def expected(slot: bytes | None, trial: bytes | None) -> tuple[str, bytes | None]:
    """Which slot runs, and what is left of the trial."""
    used = "b" if slot == b"b" else "a"
    other = "a" if used == "b" else "b"
    for left in (3, 2, 1):
        if trial == f"{other}{left}".encode():
            return other, f"{other}{left - 1}".encode()
    return used, None


def test_whatever_the_files_say_one_slot_is_chosen() -> None:
    cases = list(product(SLOTS, TRIALS))
    given = [tuple(None if one is None else list(one) for one in case) for case in cases]
    told = say(f"CASES = {given!r}\n" + EACH)
    assert len(told) == len(cases)
    for case, (chosen, trial, kept) in zip(cases, told, strict=True):
        found = (chosen, None if trial is None else bytes(trial))
        assert (found, kept) == (expected(*case), True), case


def test_a_count_that_can_t_be_stored_is_no_trial() -> None:
    """A folder stands where the count is written beside."""
    main = "import sys\nsay([sys.path[0], 'trial' in os.listdir('/')])\n"
    files = {"trial": b"b3", "trial.new/x": b"", **_in("b")}
    assert say("import os\n" + main, files) == [["/a", False]]


def _in(slot: str) -> dict[str, bytes]:
    """The firmware in that slot too."""
    modules = {f"{slot}/{place}": data for place, data in compiled().items() if "/" in place}
    return {**modules, f"{slot}/board.json": laid_out()["a/board.json"]}


RUNS = """
import sys
from lockboards import slots
say([sys.path[0], slots.FOLDER, slots.on_trial()])
"""
CONFIRMS = "slots.confirm()\nsay([slots.on_trial(), open('/slot').read()])\n"


@pytest.mark.parametrize(
    ("files", "runs"),
    [
        ({}, ["/a", "/a", False]),
        ({"slot": b"b"}, ["/b", "/b", False]),
        ({"trial": b"b1"}, ["/b", "/b", True]),
        ({"slot": b"b", "trial": b"a3"}, ["/a", "/a", True]),
    ],
)
def test_a_firmware_knows_where_it_lies_and_is_taken_into_use(
    files: dict[str, bytes], runs: list[object]
) -> None:
    told = say(RUNS + CONFIRMS, {**files, **_in("b")})
    assert told == [runs, [False, runs[1][1:]]]  # type: ignore[index]


def test_what_lies_in_the_root_or_in_lib_shadows_no_slot() -> None:
    others = {
        "lockunit/__init__.py": b"VERSION = '9'\n",
        "lib/lockunit/__init__.py": b"VERSION='8'",
    }
    (told,) = say("import lockunit\nsay(lockunit.__file__)\n", others)
    assert told == "/a/lockunit/__init__.mpy"


def test_three_starts_that_end_and_the_one_in_use_runs() -> None:
    bad = {**_in("b"), "trial": b"b3", "b/lockboards/app.py": b"1 // 0\n"}
    del bad["b/lockboards/app.mpy"]
    with board(None, bad) as rig:
        rig.world.run(6_000)
        assert [event.v for event in rig.seen("reset")] == ["soft"] * 3
        assert sum("unit.boot" in event.v for event in rig.seen("tx")) == 1


def test_a_unit_that_nobody_confirms_is_the_one_in_use_again() -> None:
    with board(None, {**_in("b"), "trial": b"b3", "data/unit": b"T-1"}) as rig:
        rig.world.run(9 * 60_000)
        assert not rig.seen("reset")
        rig.world.run(2 * 60_000)
        assert [event.v for event in rig.seen("reset")] == ["soft"]
        rig.world.receive(b'{"jsonrpc":"2.0","id":1,"method":"unit.hello"}\n')
        rig.world.run(1_000)
        (hello,) = [line["result"] for line in rig.said if "result" in line]
        assert hello["trial"] is False
