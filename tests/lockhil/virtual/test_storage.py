"""A board whose storage is corrupt, unreadable or full: it names, keeps, and opens the door."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from lockhil.client import Link
from lockhil.targets.inworld import WorldTransport
from lockunit.settings import Settings
from tests.lockhil.virtual.rig import Rig, board, say

UNIT = {"data/unit": b"CUT-0001"}
LATCH = bytes((4, 251, 1, 254))


@contextmanager
def unit(
    files: dict[str, bytes], main: str | None = None, **options: Any
) -> Iterator[tuple[Rig, Link]]:
    with board(main, {**UNIT, **files}, **options) as rig:
        yield rig, Link(WorldTransport(rig.world))


def opens(link: Link, method: str = "bolt.unlock") -> bool:
    return bool(link.call(method)["result"] == "done")


def refused(link: Link) -> dict[str, str]:
    link.call("unit.hello")
    return {
        one.params["name"]: one.params["why"]
        for one in link.notifications
        if one.method == "storage.refused"
    }


@pytest.mark.parametrize(
    ("stored", "why"),
    [
        (b'{"relock_ms":-1}', "relock_ms: expected 0 to 3600000"),
        (b"", "expected a value"),
        (b'{"schema":2}', "schema: expected 1, got 2"),
        (b'{"kind":"door","colour":3}', "no setting is called colour"),
        (b"\xff" * 4_096, "not UTF-8"),
        (b"[" * 100, "too deep"),
        (b" " * 100_000, "expected a value"),
    ],
)
def test_corrupt_settings_are_named_and_stay_as_they_are(stored: bytes, why: str) -> None:
    with unit({"data/settings": stored}) as (rig, link):
        for _ in range(2):  # the next boot says it again
            assert refused(link) == {"settings": why}
            hello = link.call("unit.hello")
            assert hello["refused"] == ["settings"]
            assert opens(link)
            link.notifications.clear()
            rig.world.power_cut(10)
            rig.world.run(200)


def test_a_street_door_that_lost_its_settings_is_still_one() -> None:
    main = """
from lockboards.files import Files
from lockboards import app
files = Files("/data")
if files.fetch("kind") is not None:
    files.store("settings", b"gone bad")
app.main()
"""
    with unit({"data/settings": Settings("laundry").encode()}, main) as (rig, link):
        assert link.call("unit.hello")["kind"] == "laundry"
        rig.world.power_cut(10)
        rig.world.run(200)
        hello = link.call("unit.hello")
        assert (hello["kind"], hello["refused"]) == ("laundry", ["settings"])
        assert opens(link, "bolt.release")
        rig.world.run(10_000)
        assert link.call("bolt.state")["state"] == "LOCKED"


def test_a_corrupt_kind_is_made_good_by_good_settings_and_kept_aside() -> None:
    files = {"data/settings": Settings("entrance").encode(), "data/kind": b"shed"}
    with unit(files) as (_, link):
        assert link.call("unit.hello")["kind"] == "entrance"
        assert refused(link).keys() == {"kind"}


def test_settings_that_are_gone_were_not_never_stored() -> None:
    with unit({"data/kind": b"entrance"}) as (_, link):
        assert link.call("unit.hello")["kind"] == "entrance"
        assert refused(link) == {"settings": "they were here, and are gone"}
        assert opens(link, "bolt.release")


def test_a_board_that_was_never_told_anything_refuses_nothing() -> None:
    with unit({}) as (_, link):
        assert link.call("unit.hello")["refused"] == []
        assert link.call("unit.hello")["kind"] == "door"


@pytest.mark.parametrize("label", [b"", b"\xff\xfe", b"a b", b"X" * 17, b"K\xc3\x96K"])
def test_a_corrupt_label_is_named(label: bytes) -> None:
    with unit({"data/unit": label}) as (_, link):
        assert link.call("unit.hello")["unit"] == "?"
        assert refused(link).keys() == {"unit"}
        assert opens(link)


FILES = """
import os
from lockboards.files import Files
files = Files("/data")
"""


def test_what_was_refused_is_kept_aside_when_it_is_replaced() -> None:
    main = f"""{FILES}
files.refuse("settings")
files.refuse("settings")
files.store("settings", b"good")
files.store("settings", b"better")
say([files.fetch("settings").decode(), open("/data/settings.refused").read()])
files.refuse("settings")
files.store("settings", b"best")
say([files.fetch("settings").decode(), open("/data/settings.refused").read()])
files.refuse("nothing")
files.store("nothing", b"x")
say([sorted(os.listdir("/data")), Files("/data").aside])
"""
    bad = b"bad" * 200
    assert say(main, {"data/settings": bad}) == [
        ["better", bad.decode()],
        # The first is kept: what came after it was told when it came.
        ["best", bad.decode()],
        [["nothing", "settings", "settings.refused"], ["settings"]],
    ]


def test_a_corrupt_latch_is_kept_aside_and_named_by_later_boots() -> None:
    with unit({"data/battery": b"bad"}) as (rig, link):
        assert refused(link).keys() == {"battery"}
        assert link.call("battery.report")["ground"] == "storage"
        link.notifications.clear()
        rig.world.power_cut(10)
        rig.world.run(200)
        assert refused(link) == {"battery": "an earlier content was refused, and is kept aside"}
        assert link.call("battery.report")["ground"] == "storage"


# Stands for a file that LittleFS can't read any more: its blocks are gone.
UNREADABLE = """
import builtins
_open = open
def failing(path, mode="r"):
    if path in ("/data/battery", "/data/settings") and "r" in mode:
        raise OSError(84)
    return _open(path, mode)
builtins.open = failing
from lockboards import app
app.main()
"""


def test_what_cant_be_read_is_not_taken_for_never_stored() -> None:
    files = {"data/battery": bytes((1, 254, 0, 255, 0, 255)), "data/settings": Settings().encode()}
    with unit(files, UNREADABLE) as (_, link):
        assert set(link.call("unit.hello")["refused"]) == {"battery", "settings"}
        report = link.call("battery.report")
        assert (report["level"], report["ground"]) == ("SUSPECTED_DISCHARGED", "storage")
        assert opens(link)


def full(*, nothing_of_ours: bool = False) -> str:
    """A main.py that first fills the flash to the last byte."""
    first = "import os\n" + ("os.rmdir('/data')\n" if nothing_of_ours else "")
    return f"""{first}
with open("/filler", "wb") as file:
    try:
        while True:
            file.write(bytes(512))
            file.flush()
    except OSError as error:
        pass
# No room for so much as a name any more.
number = 0
try:
    while True:
        os.mkdir("/full%d" % number)
        number += 1
except OSError as error:
    pass
from lockboards import app
app.main()
"""


def test_a_full_disk_stops_nothing() -> None:
    settings = Settings()
    for name in ("fresh_mv", "soon_mv", "now_mv", "discharged_mv"):
        settings.set(name, 5_000)
    with unit({"data/settings": settings.encode()}, full()) as (rig, link):
        assert opens(link)
        rig.world.run(70_000)
        assert link.call("battery.report")["level"] == "SUSPECTED_DISCHARGED"


def test_a_full_disk_without_even_a_folder_stops_nothing_and_is_told_first() -> None:
    main = "import os\nos.remove('/data/x')\n" + full(nothing_of_ours=True)
    with board(main, {"data/x": b""}) as rig:
        link = Link(WorldTransport(rig.world))
        assert opens(link)
        rig.world.run(70_000)
        told = [one.method for one in link.notifications if one.method != "bolt.moved"]
        # Who hears of a level has heard that it isn't stored.
        assert told[-2:] == ["storage.refused", "battery.level"]
        assert refused(link)["battery"].startswith("not stored: ")
