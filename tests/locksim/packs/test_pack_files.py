"""Pack files: what is refused, and that their profiles are those that follow from their cells."""

from pathlib import Path

import pytest

from locksim.datafile import BadFileError
from locksim.packs.derive import derive
from locksim.packs.load import FOLDER, kinds, read_kind
from locksim.packs.make import make_pack

GOOD = (FOLDER / "cr123a_2s.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", kinds())
def test_each_kind_makes_packs_and_settings(name: str) -> None:
    kind = kinds()[name]
    assert make_pack(name).size == kind.series
    assert kind.settings().cells == kind.series


@pytest.mark.parametrize("name", [name for name, kind in kinds().items() if not kind.unsupported])
def test_a_supported_profile_follows_from_its_cells_with_room(name: str) -> None:
    kind = kinds()[name]
    levels = derive(kind)
    assert levels.room_mv >= 20, "good and discharged packs look alike"
    assert levels.half_mv > kind.profile.soon_mv, "it warns in a good pack's first half"
    for key in ("soon_mv", "now_mv", "discharged_mv", "sag_cold", "sag_cool", "sag_hot"):
        assert getattr(kind.profile, key) == pytest.approx(getattr(levels, key), abs=1), key


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("series = 2", "series = 0", "series: expected int >= 1, got 0"),
        ("series = 2", "serie = 2", "serie: unknown key; allowed: "),
        ('cell = "CR123A"', 'cell = "CR123B"', "cell: expected one of "),
        ("taps = true", "", "taps: expected, but it isn't there"),
        ("lowest_c = -", "lowest_c = -300 #", "profile.lowest_c: expected float >= -60"),
        ("lowest_c = -", "lowest_c = 90 #", "profile.lowest_c: expected at most highest_c"),
        ("[profile]", "[profile", "expected TOML, got: "),
    ],
)
def test_a_bad_file_is_refused_in_one_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in GOOD
    path = tmp_path / "bad.toml"
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadFileError) as refused:
        read_kind(path)
    text = str(refused.value)
    assert text.startswith(f"{path}: ")
    assert told in text
    assert "\n" not in text


def test_levels_in_the_wrong_order_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    lines = ["soon_mv = 1" if line.startswith("soon_mv") else line for line in GOOD.split("\n")]
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(BadFileError, match="fresh_mv >= soon_mv >= now_mv"):
        read_kind(path)
