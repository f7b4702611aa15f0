"""The table of the link's methods: what it lets by, and that the page about it tells the same."""

from pathlib import Path

import pytest

from lockunit.methods import METHODS, NOTIFICATIONS, ROLES, Method
from lockunit.settings import Settings

PAGE = (Path(__file__).parents[2] / "docs" / "link.md").read_text(encoding="utf-8")


def _rows(columns: int) -> list[tuple[str, ...]]:
    """The rows of the page's table with that many columns, without its head."""
    found = [
        tuple(cell.strip(" `") for cell in line.strip("|").split("|"))
        for line in PAGE.splitlines()
        if line.startswith("|")
    ]
    return [row for row in found if len(row) == columns][2:]


def test_the_page_promises_what_the_unit_has_and_nothing_else() -> None:
    assert [row[:4] for row in _rows(5)] == [
        (
            name,
            ROLES[method.role],
            ", ".join(method.kinds),
            ", ".join(method.results) or "none",
        )
        for name, method in METHODS.items()
    ]
    assert all(row[4] for row in _rows(5)), "each says what it does"
    assert [row[0] for row in _rows(2)] == list(NOTIFICATIONS)


def test_who_may_call_what() -> None:
    roles = {name: ROLES[method.role] for name, method in METHODS.items()}
    for role, names in {
        "open": "unit.hello battery.report session.begin session.prove clock.token",
        "technician": "journal.read journal.ack unit.life clock.state clock.set",
        "service": "unit.couple unit.move unit.dismount epoch.bump maintenance.enter "
        "update.state update.begin update.write update.keep update.finish update.cancel "
        "update.confirm",
    }.items():
        assert {name for name in roles if roles[name] == role} == set(names.split())
    assert set(roles.values()) == set(ROLES)


def test_params_are_checked_by_the_table() -> None:
    params = (("n", int, True, ()), ("text", str, False, ()))
    method = Method(0, ("door",), params, ())
    assert method.wrong({"n": 1}) == ""
    assert method.wrong({"n": 1, "text": "a"}) == ""
    assert method.wrong({}) == "missing: n"
    assert method.wrong({"n": True}) == "n: expected int"
    assert method.wrong({"n": 1, "text": 2}) == "text: expected str"
    assert method.wrong({"n": 1, "x" * 50: 2}) == "unknown: " + "x" * 40
    assert method.wrong({"b": 1, "c": 2, "a": 3}) == "unknown: a"
    assert method.role == 0


def test_words_and_limits_are_checked_by_the_table() -> None:
    params = (
        ("n", int, True, (0, 9)),
        ("who", str, True, ("me", "you")),
        ("yes", bool, True, (True,)),
    )
    method = Method(0, ("door",), params, ())
    assert method.wrong({"n": 9, "who": "you", "yes": True}) == ""
    assert method.wrong({"n": 10, "who": "me", "yes": True}) == "n: expected 0 to 9"
    assert method.wrong({"n": -1, "who": "me", "yes": True}) == "n: expected 0 to 9"
    assert method.wrong({"n": 0, "who": "Me", "yes": True}) == "who: expected me or you"
    assert method.wrong({"n": 0, "who": "me", "yes": False}) == "yes: expected True"


def test_a_door_lock_alone_locks_and_is_taken_down_and_a_street_lock_alone_releases() -> None:
    door, street = ("door",), ("entrance", "laundry")
    kinds = {name: method.kinds for name, method in METHODS.items()}
    assert {name for name in kinds if kinds[name] == door} == {
        "bolt.lock", "bolt.unlock", "unit.dismount",
    }  # fmt: skip
    assert {name for name in kinds if kinds[name] == street} == {"bolt.release"}
    assert all(kinds[name] in (door, street, door + street) for name in kinds)


def test_settings_name_a_wrong_kind() -> None:
    with pytest.raises(
        ValueError, match=r"^kind must be one of door, entrance, laundry, got 'shed'$"
    ):
        Settings("shed")
