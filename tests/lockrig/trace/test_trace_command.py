"""How `lockrig trace` ends: exit codes, and files that are whole or not there."""

import json
import os
import signal
import sys
from pathlib import Path

import pytest

from lockjudge.trace import FORMAT
from tests.lockrig.trace.samples import SALEAE_MAPS, left_in, lockrig, process, saleae

WHOLE = (
    json.dumps({"format": FORMAT, "observer": "instrument", "t_uncertainty_ms": 1}),
    '{"t_ms":0,"ch":"led.red","v":0}',
    '{"t_ms":50,"ch":"led.red","v":1}',
    '{"t_ms":60,"ch":"end","v":null}',
)


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    path = tmp_path / "whole.jsonl"
    path.write_text("\n".join(WHOLE) + "\n")
    return path


def test_check_says_whole(whole: Path) -> None:
    ran = lockrig("trace", "check", whole)
    assert ran.code == 0
    assert "a whole trace, 3 events" in ran.out


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ((*WHOLE[:2], '{"t_ms":50,"ch":"led.rod","v":1}'), "line 3: unknown channel 'led.rod'"),
        ((*WHOLE[:3], '{"t_ms":49,"ch":"end","v":0}'), "line 4: t_ms 49 comes after 50"),
        ((*WHOLE, WHOLE[1]), "line 5: t_ms 0 comes after 60"),
        ((*WHOLE[:2], '{"t_ms":5'), "line 3: "),
        (WHOLE[:3], "line 3: the last one, but no end"),
        (WHOLE[:1], "line 1: the last one, but no end"),
    ],
)
def test_check_names_the_line(whole: Path, lines: tuple[str, ...], told: str) -> None:
    whole.write_text("\n".join(lines))
    ran = lockrig("trace", "check", whole)
    assert ran.code == 1
    assert told in ran.err
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize("command", [["check"], ["show"], ["export", "--vcd", "x.vcd"]])
@pytest.mark.parametrize("data", [b"", b"\0\xff" * 99, b'{"format":"x"}', b"Time [s],A\n0,0\n"])
def test_what_is_no_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], data: bytes
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").write_bytes(data)
    ran = lockrig("trace", *command, "in")
    assert ran.code == 2
    assert "no trace" in ran.err
    assert ran.err.count("\n") == 1
    assert left_in(tmp_path) == {"in"}


@pytest.mark.parametrize("name", ["missing.jsonl", ".", "whole.jsonl/x"])
def test_what_cant_be_read(whole: Path, name: str) -> None:
    for command in (["check"], ["show"], ["import", "-o", "x.jsonl"]):
        ran = lockrig("trace", *command, whole.parent / name)
        assert ran.code == 2
        assert "can't read" in ran.err
        assert ran.err.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read(whole: Path) -> None:
    whole.chmod(0)
    assert "no permission" in lockrig("trace", "check", whole).err


def test_show_a_defective_trace(whole: Path) -> None:
    whole.write_text("\n".join((*WHOLE[:2], "{}")))
    ran = lockrig("trace", "show", whole)
    assert ran.code == 0
    assert "DEFECT in line 3" in ran.out


def test_an_existing_file_is_kept_without_force(whole: Path) -> None:
    out = whole.with_name("out.vcd")
    out.write_text("mine")
    ran = lockrig("trace", "export", whole, "--vcd", out)
    assert ran.code == 2
    assert "--force" in ran.err
    assert out.read_text() == "mine"
    assert lockrig("trace", "export", whole, "--vcd", out, "--force").code == 0
    assert out.read_text().startswith("$comment")
    assert left_in(whole.parent) == {"whole.jsonl", "out.vcd"}


def test_the_file_to_read_is_never_overwritten(whole: Path) -> None:
    ran = lockrig("trace", "export", whole, "--csv", whole, "--force")
    assert ran.code == 2
    assert whole.read_text().startswith(WHOLE[0])


@pytest.mark.parametrize("out", [".", "nowhere/out.vcd", "whole.jsonl/out.vcd", "x" * 300, ""])
def test_what_cant_be_written(whole: Path, monkeypatch: pytest.MonkeyPatch, out: str) -> None:
    monkeypatch.chdir(whole.parent)
    ran = lockrig("trace", "export", whole, "--vcd", out, "--force")
    assert ran.code == 2
    assert "can't write" in ran.err
    assert ran.err.count("\n") == 1
    assert left_in(whole.parent) == {"whole.jsonl"}


@pytest.mark.skipif(not Path("/dev/null").exists(), reason="a device of Unix")
def test_a_device_is_never_replaced(whole: Path) -> None:
    ran = lockrig("trace", "export", whole, "--vcd", "/dev/null", "--force")
    assert ran.code == 2
    assert not Path("/dev/null").is_file()


def test_a_failed_import_keeps_what_was_there(tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.jsonl"
    source.write_text(saleae() + "35,0,0,maybe\n")
    out.write_text("mine")
    assert lockrig("trace", "import", source, "-o", out, "--force", *SALEAE_MAPS).code == 2
    assert out.read_text() == "mine"
    assert left_in(tmp_path) == {"in.csv", "out.jsonl"}


def test_an_export_wants_to_know_what(whole: Path) -> None:
    assert lockrig("trace", "export", whole).code == 2


def test_the_table_for_spreadsheets(whole: Path) -> None:
    whole.write_text("\n".join((*WHOLE[:2], '{"t_ms":9,"ch":"rx","v":"=1+1, \\"x\\""}')))
    out = whole.with_name("out.csv")
    assert lockrig("trace", "export", whole, "--csv", out).code == 0
    assert out.read_text().splitlines() == [
        "t_ms,channel,value",
        "0,led.red,0",
        '9,rx,"""=1+1, \\""x\\"""""',
    ]


def test_a_reader_that_leaves_is_no_error(whole: Path) -> None:
    events = "".join(f'{{"t_ms":{n},"ch":"note","v":"{"x" * 60}"}}\n' for n in range(60, 5000))
    whole.write_text("\n".join(WHOLE[:3]) + "\n" + events)
    run = process("trace", "show", "--events", whole)
    assert run.stdout is not None
    assert run.stderr is not None
    run.stdout.read(10)
    run.stdout.close()
    assert run.stderr.read() == b""
    run.stderr.close()
    assert run.wait() == 0


@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
def test_ctrl_c_leaves_nothing_half(tmp_path: Path) -> None:
    pipe, out = tmp_path / "pipe", tmp_path / "out.jsonl"
    os.mkfifo(pipe)
    run = process("trace", "import", pipe, "-o", out, *SALEAE_MAPS)
    with pipe.open("w") as writer:
        writer.write(saleae())
        writer.flush()
        run.send_signal(signal.SIGINT)
        _, err = run.communicate()
    assert run.returncode == 130
    assert b"Traceback" not in err
    assert left_in(tmp_path) == {"pipe"}


def test_standard_input(whole: Path) -> None:
    with whole.open("rb") as stdin:
        run = process("trace", "check", "-", stdin=stdin)
        out, _ = run.communicate()
    assert run.returncode == 0
    assert b"a whole trace" in out
