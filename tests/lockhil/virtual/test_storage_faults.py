"""Every store of a board, gone wrong in every way: named, kept, never silently reset; it opens."""

import struct

import pytest

from lockhil.client import Link
from lockhil.journal.check import sign
from lockhil.powercut.journaled import KEY
from lockhil.powercut.journals import journal_of
from lockhil.targets.inworld import WorldTransport
from lockunit import records
from lockunit.journalkey import STORED_AS
from lockunit.settings import Settings
from lockunit.storage import checked
from tests.full import sliced
from tests.lockhil.virtual.rig import board
from tests.lockhil.virtual.test_storage import full

_JOURNAL = journal_of(6)
_SEGMENT = "j00000001"
GOOD = {
    "settings": Settings().encode(),
    "kind": b"door",
    "unit": b"CUT-0001",
    "battery": bytes((2, 253, 0, 255, 0, 255)),
    **_JOURNAL,
}


def _bit(data: bytes, place: int) -> bytes:
    return data[:place] + bytes((data[place] ^ 4,)) + data[place + 1 :]


def _newer_segment() -> bytes:
    """A segment as a firmware of a later format would sign it."""
    data = bytearray(_JOURNAL[_SEGMENT])
    data[records.BODY_AT] = records.FORMAT + 1
    before = bytes(records.TAG_BYTES)
    for at in range(0, len(data), records.SIZE):
        record = data[at : at + records.SIZE]
        before = sign(KEY, before, bytes(record))
        record[records.TAG_AT : records.CRC_AT] = before
        crc = checked(bytes(record[: records.CRC_AT]))[-4:]
        data[at : at + records.SIZE] = record[: records.CRC_AT] + crc
    return bytes(data)


# What a newer firmware may have left there.
NEWER = {
    "settings": b'{"schema":2,"kind":"door","cells":2}',
    "kind": b"safe",
    "unit": b"CUT-0001/v2",
    "battery": bytes((2, 253, 0, 255, 0, 255, 7, 248)),
    "key.journal": checked(bytes((2, 1)) + KEY),
    "counter.journal": checked(struct.pack("<III", 64, 0, 0)),
    _SEGMENT: _newer_segment(),
}


# A label has no checksum, and a segment that a tear cut off is as power leaves it.
_ANY = {name: good for name, good in GOOD.items() if name not in ("unit", _SEGMENT)}
_CHECKED = {name: good for name, good in GOOD.items() if name != "unit"}
# Manner -> what has become of which stores.
FAULTS: dict[str, dict[str, bytes]] = {
    "newer": NEWER,
    "noise": {name: bytes(255 - n % 7 for n in range(len(GOOD[name]))) for name in GOOD},
    "empty": dict.fromkeys(_ANY, b""),
    "torn": {name: good[: len(good) // 2] for name, good in _ANY.items()},
    "a bit": {name: _bit(good, len(good) * 2 // 3) for name, good in _CHECKED.items()},
    "unreadable": {name: good for name, good in _CHECKED.items() if name != STORED_AS},
    "key unreadable": {STORED_AS: GOOD[STORED_AS]},
}


# Of a file, as much as fits a line of a trace.
_MOST = 400
# What is there before the unit starts; then it runs, and can't read one of its files.
_MAIN = """
import binascii, builtins, os
for name in os.listdir("/data"):
    with open("/data/" + name, "rb") as file:
        say([name, binascii.hexlify(file.read({most})).decode()])
_open = open
def failing(path, mode="r"):
    if path in {unreadable} and "r" in mode:
        raise OSError(84)
    return _open(path, mode)
builtins.open = failing
from lockboards import app
app.main()
"""


@pytest.mark.parametrize("fault", sliced(FAULTS, 2))
def test_stores_gone_wrong_are_named_and_kept_and_the_door_opens(fault: str) -> None:
    wrong = FAULTS[fault]
    files = {f"data/{each}": data for each, data in {**GOOD, **wrong}.items()}
    unreadable = [f"/data/{each}" for each in wrong if "unreadable" in fault]
    wanted = {f"{each}.journal" if each == _SEGMENT else each for each in wrong}
    # What can't be kept aside isn't replaced; and without a key nothing is written.
    wanted |= {"journal"} if fault == "key unreadable" else set()
    with board(_MAIN.format(most=_MOST, unreadable=unreadable), files) as rig:
        link = Link(WorldTransport(rig.world))
        for _ in range(2):
            assert set(link.call("unit.hello")["refused"]) == wanted
            told = {one.params["name"] for one in link.notifications if "name" in one.params}
            assert told == wanted, "nobody was told unasked"
            assert link.call("bolt.unlock")["result"] == "done"
            link.notifications.clear()
            rig.world.thumb_turn("locked")
            rig.world.run(1_000)
            rig.world.power_cut(10)
            rig.world.run(200)
        # As the last boot found them.
        found = dict(line for line in rig.said if isinstance(line, list))
    for name, content in wrong.items():
        kept = [found[each] for each in (name, f"{name}.refused") if each in found]
        begins = content[:_MOST].hex()
        assert any(one == begins or (one.startswith(begins) and begins) for one in kept), name


# Files until there is no block for one more; what is small enough finds room still.
_NO_BLOCK = """
number = 0
try:
    while True:
        with open("/full%d" % number, "wb") as file:
            file.write(bytes(4000))
        number += 1
except OSError:
    pass
from lockboards import app
app.main()
"""


def test_a_full_flash_names_every_store_that_finds_no_room() -> None:
    main = "import os\nos.remove('/data/x')\n" + full(nothing_of_ours=True)
    with board(main, {"data/x": b""}) as rig:
        link = Link(WorldTransport(rig.world))
        assert link.call("bolt.unlock")["result"] == "done"
        rig.world.run(70_000)
        named = set(link.call("unit.hello")["refused"])
        # Where there isn't so much as a folder, nothing else is tried.
        assert named == {"journal", "battery"}
        told = link.call("journal.read", after=0)
        assert (told["last"], told["refused"] > 0) == (0, True)
    # Where there is a key, records find no room all the same.
    files = {f"data/{each}": data for each, data in GOOD.items()}
    with board(_NO_BLOCK, files) as rig:
        link = Link(WorldTransport(rig.world))
        assert link.call("bolt.unlock")["result"] == "done"
        assert link.call("unit.hello")["refused"] == ["journal"]
        refused = [one for one in link.notifications if one.method == "storage.refused"]
        why = [one.params["why"] for one in refused]
        assert why == ["not stored: error 28"]
