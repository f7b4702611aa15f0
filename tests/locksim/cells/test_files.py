"""The package's cell files: grounds, held-out figures, and that the fit in them is the fit."""

from pathlib import Path

import pytest

from locksim.cells.check import MEDIAN_PCT, WORST_PCT, compare, summary
from locksim.cells.fit import fit
from locksim.cells.load import FOLDER, cells, read_cell
from locksim.datafile import BadFileError
from tests.locksim.cells.lives import PACKAGE

L91 = (FOLDER / "l91.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PACKAGE)
def test_grounds_are_stated(name: str) -> None:
    cell = PACKAGE[name]
    assert "eld" in cell.about
    assert {point.use for point in cell.point} == {"fit", "held_out"}
    for point in cell.point:
        # A document, a page or an address: enough to find it.
        assert len(point.source) > 12, point
        assert "index id" not in point.source
        assert "memory" not in point.source


def test_every_file_of_the_folder_is_read() -> None:
    assert len(PACKAGE) == len(list(FOLDER.glob("*.toml"))) >= 8
    assert {cell.chemistry for cell in PACKAGE.values()} == {
        "Li-SOCl2",
        "Li-MnO2",
        "Li-FeS2",
        "alkaline",
    }


@pytest.mark.parametrize("name", PACKAGE)
def test_fitting_again_moves_nothing(name: str) -> None:
    cell = PACKAGE[name]
    for parameter, value in fit(cell).items():
        assert value == pytest.approx(getattr(cell.parameters, parameter).value, rel=0.02), (
            parameter
        )


def test_figures_held_out_are_met() -> None:
    rows = [row for name, cell in PACKAGE.items() for row in compare(name, cell)]
    everything = summary(rows)
    assert everything.count > 50
    assert everything.median_pct <= MEDIAN_PCT
    assert everything.worst_pct <= WORST_PCT


def test_a_bound_that_is_kept_is_no_error() -> None:
    rows = [row for row in compare("L91", PACKAGE["L91"]) if row.point.bound == "min"]
    assert rows
    assert all(row.error_pct == 0 for row in rows if row.model >= row.point.value)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("diffusion_per_h", "difusion_per_h", "unknown key.*did you mean diffusion_per_h"),
        ("value = 0.5, assumed", "value = -5, assumed", "relaxing_share.value: .*>= 0.*got -5"),
        ("temp_c = 22", "temp_c = -300", r"point\[\d+\].temp_c: .*>= -60.*got -300"),
        ("1785, 1760", "1785, 1790", "open_voltage.mv: expected falling voltages"),
        ("value = 2859", "value = nan", "value: .*got nan"),
        ("value = 2859", "value = inf", "value: .*got inf"),
        ("value = 2859", "value = 0", "value: .*got 0"),
        ("value = 2859", f"value = {'9' * 400}", "value: number out of range"),
        ("value = 2859", f"value = {'9' * 5000}", "expected TOML"),
        ("cutoff_mv = 1100", "cutoff_mv = 4000", "cutoff_mv: expected below the open voltage"),
        ("current_ma = 800", "current_ma = 1e-9", "current_ma: expected 0 or at least"),
        ('kind = "capacity"', 'kind = "weight"', "kind: expected one of capacity, .*'weight'"),
        ('use = "fit"', 'use = "maybe"', "use: expected one of fit, held_out"),
        ("assumed = true }", "assumed = true, fitted = true }", "expected one of source"),
        ("depth_pct = 98", "delivered_mah = 1e6", "delivered_mah: expected at most"),
        ("on_s = 0.1", "on_s = 1e-9", "on_s: .*>= 0.001"),
        ("on_s = 0.1", "off_s = 0.1", "on_s: expected together with off_s"),
        ("[parameters]", "[parameters", "expected TOML"),
    ],
)
def test_a_bad_file_is_one_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in L91
    path = tmp_path / "cell.toml"
    path.write_text(L91.replace(old, new), encoding="utf-8")
    with pytest.raises(BadFileError, match=told) as error:
        read_cell(path)
    assert str(error.value).startswith(f"{path}: ")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (bytes(range(256)), "expected TOML"),
        (b"a = " + b"[" * 100_000, "expected TOML"),
        (b"a = '" + b"x" * 2_000_000 + b"'", "expected at most 1000000 bytes"),
        (b"", "format: expected, but it isn't there"),
    ],
)
def test_not_a_cell_at_all(tmp_path: Path, data: bytes, told: str) -> None:
    path = tmp_path / "cell.toml"
    path.write_bytes(data)
    with pytest.raises(BadFileError, match=told):
        read_cell(path)


def test_folders_without_cells_and_with_one_twice(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="found none"):
        cells(tmp_path)
    for name in ("one.toml", "two.toml"):
        (tmp_path / name).write_text(L91, encoding="utf-8")
    with pytest.raises(BadFileError, match="another file has 'L91' too"):
        cells(tmp_path)
