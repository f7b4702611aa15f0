"""`lockrig update` against the core in a simulated world: every end, and every loss of contact.

A unit's other slot is the world's there; `test_update_plugged` has a virtual board on its line.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockhil.client import Link, Transport
from lockhil.contact import Contact, LinkMaker
from lockhil.session.credentialfile import encode as encode_credential
from lockhil.session.credentials import Grant, LockKey, Role
from lockhil.targets import open_target
from lockhil.targets.base import Target
from lockhil.targets.realclock import ContactLostError
from lockhil.update import sender
from lockhil.update.package import Package, encode
from lockrig import targets
from lockrig.keystore.private import write_new
from lockrig.update import procedure
from tests.lockhil.update.packages import small
from tests.lockrig.trace.samples import Ran, lockrig

# What is done to the n-th line that is sent, or to its answer.
Harm = Callable[["Door"], None]


class Line:
    """The unit's line, on which harm may be done. `lost`: what comes from the unit is dropped."""

    def __init__(self, door: "Door") -> None:
        self._door = door
        self._inner: Transport = door.unit.link.transport

    @property
    def now_ms(self) -> int:
        return self._inner.now_ms

    @property
    def contact(self) -> int:
        return self._inner.contact

    def write(self, data: bytes) -> None:
        if data != b"\n":
            self._door.sent += 1
        harm = self._door.harms.pop(self._door.sent, None)
        if harm is not None:
            harm(self._door)
        if not self._door.deaf:
            self._inner.write(data)

    def read(self, timeout_ms: int) -> tuple[int, bytes] | None:
        came = self._inner.read(timeout_ms)
        if came is not None and self._door.mute:
            self._door.mute = False
            return None
        return came


class Door:
    """A unit at its door, and who stands there. `harms`: by the number of a line that is sent."""

    def __init__(self, unit: Target, folder: Path) -> None:
        self.unit, self.folder = unit, folder
        self.harms: dict[int, Harm] = {}
        self.sent = 0
        self.deaf = self.mute = False
        self.slots = unit.bench.world.slots  # type: ignore[attr-defined]
        self.key = unit.issuer.key if unit.issuer is not None else LockKey(bytes(32))
        self.credential = self.held(Role.SERVICE)

    def held(self, role: Role) -> Path:
        """A credential's file."""
        path = self.folder / role.name
        if not path.exists():
            grant = Grant(1, b"S-1".ljust(16, b"\0"), role, 0, 0xFFFFFFFF)
            write_new(path, encode_credential(self.key.credential(self.unit.unit_id, grant)))
        return path

    def package(self, version: str = "0.2.0", **other: Any) -> Package:
        """One for this unit."""
        return small(version, self.unit.unit_id, **({"key": self.key} | other))

    def update(self, package: Package, *words: object) -> Ran:
        """Run the command."""
        path = self.folder / "it.update"
        path.write_bytes(encode(package))
        credential = () if "--credential" in words else ("--credential", self.credential)
        return lockrig("update", "serial:it", path, *credential, *words)

    def has(self, package: Package) -> bool:
        """Whether it is in use, and nothing is on trial."""
        return self.slots.files(self.slots.in_use) == package.files and self.slots.trial is None


@contextmanager
def at_a_door(folder: Path, **options: Any) -> Iterator[Door]:
    """Somebody there."""
    with (
        open_target("sim", **({"sealed": True} | options)) as unit,
        pytest.MonkeyPatch.context() as patch,
    ):
        clock = unit.bench.clock
        clock.advance(seconds=2)
        door = Door(unit, folder)

        @contextmanager
        def opened(name: str, make_link: LinkMaker = Link) -> Iterator[Contact]:
            if door.deaf:
                raise ContactLostError("can't open it")
            yield Contact(name, "virtual", 0, make_link(Line(door), 10_000 * door.sent))

        times = SimpleNamespace(
            monotonic=lambda: clock.now_ms / 1_000,
            sleep=lambda seconds: clock.advance(ms=int(seconds * 1_000)),
        )
        patch.setattr(targets, "open_contact", opened)
        patch.setattr(procedure, "time", times)
        patch.setattr(sender, "time", times)
        yield door


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    with at_a_door(tmp_path) as one:
        yield one


def test_it_is_sent_tried_seen_and_confirmed(door: Door) -> None:
    ran = door.update(door.package(), "--json")
    found = json.loads(ran.out)
    assert (ran.code, found["result"], found["left"]) == (0, "updated", "done"), ran.err
    assert door.has(door.package())
    size = door.package().size + len(door.package().manifest)
    # board.json is what the unit has already.
    assert (found["kept"], found["bytes"]) == (1, size - len(door.package().files["board.json"]))


def test_a_second_time_it_is_up_to_date_and_nothing_is_sent(door: Door) -> None:
    door.update(door.package())
    sent = door.sent
    ran = door.update(door.package())
    assert (ran.code, "up to date" in ran.out, door.sent - sent) == (0, True, 4)


def cut_the_answer(door: Door) -> None:
    """One answer gets lost."""
    door.mute = True


def lose_contact(door: Door) -> None:
    """The line breaks as somebody sends."""
    raise ContactLostError("it broke")


def restart(door: Door) -> None:
    """The unit starts anew."""
    door.unit.bench.reset()


def cut_power(door: Door) -> None:
    """Its power goes for a while."""
    door.unit.bench.power_cut(3_000)


def interrupt(door: Door) -> None:
    """Ctrl-C."""
    raise KeyboardInterrupt


HARMS = (cut_the_answer, lose_contact, restart, cut_power)
LINES = 45


@settings(max_examples=settings.default.max_examples // 4)  # each is a whole update
@given(st.dictionaries(st.integers(1, LINES), st.sampled_from(HARMS), max_size=4))
def test_whatever_is_lost_it_ends_and_the_unit_is_whole(
    tmp_path_factory: pytest.TempPathFactory, harms: dict[int, Harm]
) -> None:
    with at_a_door(tmp_path_factory.mktemp("door")) as door:
        package = door.package()
        had = dict(door.slots.files(0))
        door.harms = dict(harms)
        ran = door.update(package, "--json")
        found = json.loads(ran.out)
        if ran.code == 0:
            assert door.has(package)
        else:
            # Before it was begun no contact is sought twice.
            assert (ran.code, found["left"]) in ((4, None), (4, "unchanged"), (1, "kept")), (
                ran.err,
                harms,
            )
            assert door.slots.files(door.slots.in_use) == had
            door.harms.clear()
            door.unit.bench.clock.advance(seconds=10)  # it has its power again
            assert door.update(package).code == 0
            assert door.has(package)


def gone(door: Door) -> None:
    """Contact is lost for good."""
    door.deaf = True


def test_a_line_with_no_unit_on_it_is_told_at_once(door: Door) -> None:
    door.harms = {1: gone}
    ran = door.update(door.package())
    assert (ran.code, ran.err.count("\n")) == (4, 1)
    assert "no lock unit answers on serial:it" in ran.err


def test_a_contact_that_never_comes_back_is_given_up(door: Door) -> None:
    door.harms = {20: gone}
    ran = door.update(door.package(), "--json")
    found = json.loads(ran.out)
    assert (ran.code, found["left"]) == (4, "partly")
    assert "run the same command again: it goes on" in found["error"]
    assert ran.err.count("trying again") == 1
    door.deaf = False
    again = json.loads(door.update(door.package(), "--json").out)
    assert again["result"] == "updated"
    assert again["bytes"] < found["bytes"] + 3_000 < door.package().size + 3_000


def test_ctrl_c_in_the_middle_says_what_the_unit_has(door: Door) -> None:
    door.harms = {20: interrupt}
    ran = door.update(door.package())
    assert ran.code == 130
    assert "interrupted; the unit keeps the firmware that it had; run the same" in ran.err
    assert door.update(door.package()).code == 0


def test_a_lost_answer_to_its_confirmation_is_looked_after(door: Door) -> None:
    door.update(door.package())
    total = door.sent
    newer = door.package("0.3.0")
    door.sent = 0
    # The last line is update.confirm.
    door.harms = {total: cut_the_answer}
    ran = door.update(newer, "--json")
    assert (ran.code, json.loads(ran.out)["result"]) == (0, "updated")
    assert door.has(newer)


def test_firmware_that_falls_back_is_told_as_that(door: Door) -> None:
    door.update(door.package())
    slots, start = door.slots, door.slots.start

    def fails() -> None:
        start()
        if slots.on_trial:
            slots.trial = None
            start()

    slots.start = fails
    ran = door.update(door.package("0.3.0"), "--json")
    found = json.loads(ran.out)
    assert (ran.code, found["left"]) == (1, "kept")
    assert "didn't come up" in found["error"]
    assert door.has(door.package())


def altered(package: Package, **header: Any) -> Package:
    """The same, with another header than was signed."""
    return replace(package, header=replace(package.header, **header))


OTHER_KEY = LockKey(bytes(32))


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda door: door.package(key=OTHER_KEY), "isn't signed with its key"),
        (lambda door: altered(door.package(), room=1), "isn't signed with its key"),
        (lambda door: altered(door.package(), downgrade=True), "isn't signed with its key"),
        (lambda door: small("0.2.0", "A-17", door.key), "the package is for A-17, and this is"),
        (lambda door: door.package("0.0.1"), "is newer than 0.0.1; lockrig package --downgrade"),
    ],
)
def test_what_is_refused_changes_nothing(
    door: Door, make: Callable[[Door], Package], why: str
) -> None:
    ran = door.update(make(door))
    assert (ran.code, why in ran.err, "nothing was changed" in ran.err) == (1, True, True), ran.err
    assert door.slots.files(1) == {}


def test_a_package_that_may_goes_over_newer_firmware(door: Door) -> None:
    assert door.update(door.package("0.0.1", downgrade=True)).code == 0


def test_another_micropython_is_told_before_anything_is_sent(door: Door) -> None:
    ran = door.update(door.package(mpy=7))
    assert (ran.code, "modules of version 6, and the package's have 7" in ran.err) == (1, True)
    assert door.slots.files(1) == {}


@pytest.mark.parametrize("role", [Role.CARER, Role.TECHNICIAN])
def test_it_takes_a_service_credential(door: Door, role: Role) -> None:
    ran = door.update(door.package(), "--credential", door.held(role))
    assert (ran.code, "from service alone" in ran.err) == (1, True), ran.err


def test_a_unit_without_a_key_is_told_of_flash(tmp_path: Path) -> None:
    with at_a_door(tmp_path, sealed=False) as bare:
        ran = bare.update(bare.package())
    assert (ran.code, "lockrig flash" in ran.err) == (1, True)


def test_two_who_bring_the_same_both_see_it_done(door: Door) -> None:
    def brings_it(door: Door) -> None:
        assert door.update(door.package()).code == 0

    door.harms = {20: brings_it}
    assert door.update(door.package()).code == 0
    assert door.has(door.package())


def test_a_unit_that_stays_elsewhere_is_given_up_as_busy(door: Door) -> None:
    with pytest.MonkeyPatch.context() as patch:
        # As if somebody else brought other pieces each time.
        patch.setattr(sender, "PIECE", 300)
        patch.setattr(sender, "_next", lambda told: (2, 100))
        ran = door.update(door.package())
    assert (ran.code, "somebody else is at it" in ran.err) == (4, True), ran.err


def test_somebody_elses_update_is_not_fought_over(door: Door) -> None:
    def begins(door: Door) -> None:
        door.harms = {door.sent + 15: interrupt}
        assert door.update(door.package("0.5.0")).code == 130

    door.harms = {20: begins}
    ran = door.update(door.package())
    assert (ran.code, "another update took its place" in ran.err) == (4, True), ran.err
    assert "keeps the firmware that it had" in ran.err
