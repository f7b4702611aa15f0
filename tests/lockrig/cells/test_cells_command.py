"""`lockrig cells`: exit codes, what is printed, and that the page's tables are current."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lockrig.main import run
from locksim.cells.load import FOLDER

PAGE = Path(__file__).parents[3] / "docs" / "cells.md"
BEGIN, END = "<!-- lockrig cells validate --markdown -->\n", "<!-- end -->\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy with the quickest cell, as a user begins one."""
    copy = tmp_path / "cells"
    copy.mkdir()
    shutil.copy(FOLDER / "l91.toml", copy)
    return copy


def change(folder: Path, old: str, new: str) -> None:
    path = folder / "l91.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_packages_cells_pass(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["cells", "validate"]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert "all cells: " in printed.out
    assert "passed: asked is a median of 10 % and a worst of 25 %" in printed.out
    assert max(map(len, printed.out.splitlines())) <= 100


def test_json_is_one_document(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["cells", "validate", str(folder), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["passed"] is True
    (cell,) = document["cells"]
    assert cell["name"] == "L91"
    assert cell["held_out"] == document["held_out"]
    figure = next(f for f in cell["figures"] if f["figure"] == 2882)
    assert figure["use"] == "held_out"
    assert figure["error_pct"] == pytest.approx(100 * (figure["model"] / 2882 - 1), abs=0.01)


def test_a_figure_that_is_missed_fails(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(folder, "value = 2882", "value = 4500")
    assert run(["cells", "validate", str(folder)]) == 1
    assert "FAILED" in capsys.readouterr().out
    assert run(["cells", "validate", str(folder), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["passed"] is False


def test_nothing_held_out_is_not_passed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(folder, "held_out", "fit")
    assert run(["cells", "validate", str(folder)]) == 1
    assert "no figure is held out" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("cutoff_mv = 1100", "cutof_mv = 1100", "unknown key"),
        ("temp_c = 22", "temp_c = -300", "temp_c"),
        ('name = "L91"', 'name = "\\u001b[2J"', "name: "),
    ],
)
def test_a_bad_file_is_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, told: str
) -> None:
    change(folder, old, new)
    assert run(["cells", "validate", str(folder), "--json"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert told in printed.err
    assert printed.err.count("\n") == 1
    assert "\x1b" not in printed.err


def test_folders_that_are_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in (tmp_path, tmp_path / "missing", FOLDER / "l91.toml"):
        assert run(["cells", "validate", str(path)]) == 2
        assert "expected a folder with cell files" in capsys.readouterr().err


def test_one_output_at_a_time(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["cells", "validate", "--json", "--markdown"]) == 2
    assert "got both" in capsys.readouterr().err


def test_list(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["cells", "list", str(folder)]) == 0
    line = " ".join(capsys.readouterr().out.split())
    assert line == "L91 Li-FeS2 3320 mAh 22 figures, 11 held out"


def test_plots(folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    assert run(["cells", "validate", str(folder), "--plots", str(tmp_path / "out")]) == 0
    assert (tmp_path / "out" / "cells-l91.png").read_bytes().startswith(b"\x89PNG")


def test_plots_to_where_nobody_can_write(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("matplotlib")
    (tmp_path / "file").write_text("")
    assert run(["cells", "validate", str(folder), "--plots", str(tmp_path / "file")]) == 2
    assert "--plots: expected a folder to write to" in capsys.readouterr().err


def test_plots_without_matplotlib_say_what_to_install(folder: Path) -> None:
    program = (
        "import sys; sys.modules['matplotlib'] = None\n"
        "from lockrig.main import run\n"
        f"sys.exit(run(['cells', 'validate', {str(folder)!r}, '--plots', 'out']))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 2
    assert ended.stderr == "lockrig: plots need matplotlib: pip install 'lockrig[simulate]'\n"
    assert ended.stdout == ""


def test_the_pages_tables_are_current(capsys: pytest.CaptureFixture[str]) -> None:
    """After a change: `lockrig cells validate --markdown`, and put it between the two marks."""
    run(["cells", "validate", "--markdown"])
    current = capsys.readouterr().out
    page = PAGE.read_text(encoding="utf-8")
    assert page.split(BEGIN)[1].split(END)[0].strip() == current.strip()


def test_the_page_names_every_parameter_and_picture() -> None:
    page = PAGE.read_text(encoding="utf-8")
    text = (FOLDER / "li_socl2_d_bobbin.toml").read_text(encoding="utf-8")
    names = {line.split(" = ")[0] for line in text.splitlines() if " = { value" in line}
    for name in names | {"diffusion_spread", "resistance_scale"}:
        assert f"`{name}`" in page
    for picture in (PAGE.parent / "images").glob("cells-*.png"):
        assert f"images/{picture.name}" in page
