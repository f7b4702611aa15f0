"""`lockrig update` against the core in a simulated world: every end, and every loss of contact.

A unit's other slot is the world's there; `test_update_plugged` has a virtual board on its line.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockhil.session.credentials import LockKey, Role
from lockhil.session.link import SealedLink
from lockhil.update import sender
from lockhil.update.package import Package
from tests.lockhil.update.packages import small
from tests.lockrig.update.door import (
    Door,
    Harm,
    at_a_door,
    cut_power,
    cut_the_answer,
    gone,
    interrupt,
    lose_contact,
    restart,
)


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
    whole = door.package().size + len(door.package().manifest)
    assert again["bytes"] + found["bytes"] <= whole + sender.PIECE


def test_ctrl_c_in_the_middle_says_what_the_unit_has(door: Door) -> None:
    door.harms = {20: interrupt}
    ran = door.update(door.package())
    assert ran.code == 130
    assert "interrupted; the unit keeps the firmware that it had; run the same" in ran.err
    assert door.update(door.package()).code == 0


def lines(door: Door) -> int:
    """How many lines an update takes that is like the one before; the last is its confirmation."""
    # From the third on nothing but the version differs, nor what is waited for.
    for version in ("0.2.0", "0.3.0", "0.4.0"):
        door.sent = 0
        assert door.update(door.package(version)).code == 0
    took, door.sent = door.sent, 0
    return took


def test_a_lost_answer_to_its_confirmation_is_looked_after(door: Door) -> None:
    newer = door.package("0.5.0")
    door.harms = {lines(door): cut_the_answer}
    ran = door.update(newer, "--json")
    assert (ran.code, json.loads(ran.out)["result"]) == (0, "updated")
    assert door.has(newer)
    assert not door.harms


def test_a_contact_that_goes_for_good_at_the_confirmation_leaves_that_open(door: Door) -> None:
    door.harms = {lines(door): gone}
    ran = door.update(door.package("0.5.0"), "--json")
    found = json.loads(ran.out)
    assert (ran.code, found["left"]) == (4, "open")
    assert "is confirmed or not: run the same command again" in found["error"]


def test_a_unit_whose_battery_is_changed_does_not_restart_and_goes_on_afterwards(
    door: Door,
) -> None:
    def begins(door: Door) -> None:
        door.unit.bench.clock.advance(minutes=2)  # the level is known by then
        desk = SealedLink(door.unit.link.transport, door.issuer, Role.SERVICE, first_id=90_000)
        assert desk.call("swap.begin", role="desk", gate="fresh")["result"] == "done"

    # As the last file comes; that is said again, as the session is the desk's now.
    door.harms = {lines(door) - 8: begins}
    ran = door.update(door.package("0.5.0"), "--json")
    found = json.loads(ran.out)
    assert (ran.code, found["left"]) == (4, "partly"), found["error"]
    assert "a diagnostic or a battery change goes on" in found["error"]
    desk = SealedLink(door.unit.link.transport, door.issuer, Role.SERVICE, first_id=95_000)
    assert desk.call("swap.cancel", role="desk")["result"] == "done"
    again = json.loads(door.update(door.package("0.5.0"), "--json").out)
    assert (again["left"], again["bytes"]) == ("done", 0)


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
