"""Scenario files: the package's own are whole, bad ones are refused in one line that helps."""

from pathlib import Path

import pytest

from locksim.datafile import BadFileError
from locksim.scenarios.load import read_scenario, scenarios
from locksim.scenarios.weather import Climate
from tests.locksim.scenarios.short import SHORT, short

HEADLINES = {
    "brown-out",
    "cold-winter",
    "deep-discharge",
    "forgotten",
    "half-used-swap",
    "jam",
    "months-unused",
    "normal",
    "passivated",
    "poller",
    "radio-left-on",
    "reboot-loop",
    "recovered",
    "weak-cell",
    "wrong-profile",
}


def test_the_package_has_its_scenarios() -> None:
    assert set(scenarios()) >= HEADLINES
    for name, scenario in scenarios().items():
        assert scenario.about.strip(), name
        assert scenario.settings().cells == scenario.unit_kind.series
        low, high = Climate(scenario.air).span(365)
        assert -40 <= low <= high <= 60


# What is put in or taken out -> what the one line must say.
BAD: dict[str, tuple[str, str, str]] = {
    "unknown key": ("days = 20", "dayz = 20", "dayz: unknown key; allowed: "),
    "a hint": ("days = 20", "dayz = 20", "did you mean days?"),
    "no days": ("days = 20", "days = 0", "days: expected `int` >= 1, got 0"),
    "a billion visits": (
        "[air]",
        "[visits]\na_day = [2, 1000000000]\n[air]",
        "visits.a_day[1]: expected `int` <= 100",
    ),
    "visits the wrong way round": (
        "[air]",
        "[visits]\na_day = [6, 2]\n[air]",
        "visits.a_day: expected the least, then the most, got [6, 2]",
    ),
    "too cold": ("mean_c = 15", "mean_c = -300", "air.mean_c: expected `float` >= -40.0, got -300"),
    "too cold with its swing": (
        "mean_c = 15\nday_swing_c = 3",
        "mean_c = -30\nday_swing_c = 13",
        "air: expected -40 to 60 C with its swings, got -43 to -17 C",
    ),
    "no such pack": ('"cr2-2s"', '"cr2-9s"', "pack: expected one of alkaline-4s, "),
    "empty pack": ('"cr2-2s"', '""', "pack: expected one of "),
    "no such profile": ("days = 20", 'days = 20\nprofile = "x"', "profile: expected one of "),
    "negative capacity": ("used = 0.80", "capacity = -1", "cell[0].capacity: expected `float` > 0"),
    "a third cell of two": ("place = 2", "place = 3", "cell[1].place: expected 1 to 2 in cr2-2s"),
    "a place twice": ("place = 2", "place = 1", "cell[1].place: expected each place once"),
    "no such cell": ("used = 0.80", 'kind = "CR9"', "cell[0].kind: expected one of "),
    "not a number": ("days = 20", "days = nan", "days: expected `int`"),
    "another format": ("scenario/1", "scenario/2", "format: "),
    "no TOML": ("days = 20", "days = ", "expected TOML, got: "),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_files_are_refused_in_one_line(what: str, tmp_path: Path) -> None:
    old, new, says = BAD[what]
    assert old in SHORT
    path = tmp_path / "bad.toml"
    path.write_text(SHORT.replace(old, new))
    with pytest.raises(BadFileError) as refused:
        read_scenario(path)
    message = str(refused.value)
    assert message.startswith(f"{path}: ")
    assert says.replace("`", "") in message
    assert "\n" not in message


EVENTS = {
    "on a day of another life": (
        'what = "clear"\non_day = 20',
        "event[0].on_day: expected less than the life's 20 days, got 20",
    ),
    "at no time": ('what = "clear"', "event[0].on_day: expected this or after_level, one of them"),
    "at two times": (
        'what = "clear"\non_day = 2\nafter_level = "CHANGE_NOW"',
        "event[0].on_day: expected this or after_level, one of them",
    ),
    "a key of another's": (
        'what = "clear"\non_day = 2\nua = 10',
        "event[0].ua: a clear takes no such key; allowed: none of its own",
    ),
    "without its key": (
        'what = "jam"\non_day = 2',
        "event[0].place: expected with a jam, but it isn't there",
    ),
    "nothing known": (
        'what = "explode"\non_day = 2',
        "event[0].what: expected one of clear, diagnose, jam, ",
    ),
    "a share too few": (
        'what = "pack"\non_day = 2\nused = [0.5]',
        "event[0].used: expected a share for each of 2 cells, got [0.5]",
    ),
}


@pytest.mark.parametrize("what", EVENTS)
def test_bad_events_are_refused(what: str, tmp_path: Path) -> None:
    text, says = EVENTS[what]
    path = short(tmp_path, f"\n[[event]]\n{text}\n")
    with pytest.raises(BadFileError) as refused:
        read_scenario(path)
    assert says in str(refused.value)
