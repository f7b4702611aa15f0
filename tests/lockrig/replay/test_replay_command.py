"""`lockrig replay`: exit codes, both sides of a disagreement, and what it says it assumed."""

import re
from pathlib import Path

import pytest

from lockhil.bench import NotOnThisBenchError
from lockhil.targets import open_target
from lockjudge.trace import FORMAT, read_trace, write_trace
from tests.full import slow
from tests.lockrig.monitor.unit_on_socket import served
from tests.lockrig.trace.samples import left_in, lockrig, process

HEADER = f'{{"format":"{FORMAT}"}}\n'


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """A press, an unlocking, a door, and power lost and back."""
    path = tmp_path / "recorded.jsonl"
    with open_target("sim") as unit:
        unit.bench.clock.advance(500)
        unit.bench.press()
        unit.bench.clock.advance(seconds=9)
        unit.link.send_raw(b'{"jsonrpc":"2.0","id":1,"method":"bolt.unlock"}\n')
        unit.bench.clock.advance(seconds=1)
        unit.bench.door("open")
        unit.bench.power_cut(400)
        unit.bench.clock.advance(seconds=1)
        trace = unit.bench.trace()
    with path.open("w", encoding="utf-8") as file:
        write_trace(file, trace.header, trace.events)
    return path


def altered(path: Path, old: str, new: str) -> Path:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    return path


def test_agreement(recorded: Path, tmp_path: Path) -> None:
    capture = tmp_path / "again.jsonl"
    ran = lockrig("replay", recorded, "sim", "--capture", capture)
    assert (ran.code, ran.err) == (0, "")
    first, compared, assumed = ran.out.splitlines()
    assert first.startswith("sim does what the trace shows, to the millisecond: ")
    assert compared == (
        "compared: button, door, power.source, power, reset, rx, led.green, led.red, motor, load, "
        "bolt, tx"
    )
    assert "a good pack" in assumed
    assert read_trace(capture).events == read_trace(recorded).events
    assert lockrig("trace", "check", capture).code == 0


def test_disagreement_is_shown_side_by_side(recorded: Path, tmp_path: Path) -> None:
    altered(
        recorded, '{"t_ms":4500,"ch":"led.green","v":0}', '{"t_ms":4499,"ch":"led.green","v":0}'
    )
    capture = tmp_path / "again.jsonl"
    ran = lockrig("replay", recorded, "sim", "--capture", capture)
    assert ran.code == 1
    assert ran.out.startswith("sim does something else than the trace shows; they part here:\n")
    [row] = [line for line in ran.out.splitlines() if "4499 ms led.green 0" in line]
    assert re.fullmatch(r"! 4499 ms led\.green 0 +\| 4500 ms led\.green 0", row)
    assert lockrig("trace", "check", capture).code == 0


def test_what_differs_far_to_the_right_is_shown_in_full(recorded: Path) -> None:
    altered(recorded, '\\"ms\\":591', '\\"ms\\":592')
    ran = lockrig("replay", recorded, "sim")
    assert ran.code == 1
    _, full = ran.out.split("the first that differs, in full:\n")
    assert '"ms":592' in full.splitlines()[0]
    assert '"ms":591' in full.splitlines()[1]


def test_another_pack_can_be_assumed(recorded: Path) -> None:
    ran = lockrig("replay", recorded, "sim", "--assume", "pack=weak")
    assert ran.code == 1
    assert "assumed, because no trace tells it: pack=weak, else a good pack" in ran.out


@pytest.mark.parametrize("data", [b"", b"\0\xff" * 99, b"{}", b"Time [s],A\n0,0\n", b"[" * 9_999])
def test_what_is_no_trace(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x").write_bytes(data)
    ran = lockrig("replay", tmp_path / "x", "sim")
    assert (ran.code, ran.out) == (2, "")
    assert "no trace" in ran.err
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["FILE", "nowhere"], "expected a target out of"),
        (["missing.jsonl", "sim"], "there is no such file"),
        (["FILE", "sim", "--capture", "FILE"], "it exists; name another file"),
        (["FILE", "sim", "--capture", "/dev/full"], "it exists; name another file"),
        (["FILE", "sim", "--capture", "no/where"], "check the path"),
        (["FILE", "sim", "--assume", "mood=bad"], "with a NAME out of pack, kind"),
        (["FILE", "sim", "--assume", "pack"], "with a NAME out of pack, kind"),
        (["FILE", "sim", "--assume", "temperature=warm"], "a whole number, got 'warm'"),
        (["FILE", "sim", "--assume", "pack=nuclear"], "expected a pack out of"),
        (["FILE", "sim", "--assume", "relock_ms=-1"], "relock_ms: expected 0 to"),
        (["EMPTY", "sim"], "nothing to replay in"),
    ],
)
def test_wrong_usage_is_one_line(recorded: Path, args: list[str], said: str) -> None:
    empty = recorded.with_name("empty.jsonl")
    empty.write_text(HEADER)
    places = {"FILE": str(recorded), "EMPTY": str(empty)}
    ran = lockrig("replay", *(places.get(arg, arg) for arg in args))
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert ran.err.count("\n") == 1
    assert left_in(recorded.parent) == {"recorded.jsonl", "empty.jsonl"}


def test_what_no_bench_can_do_is_named(recorded: Path) -> None:
    altered(recorded, '"ch":"door","v":"open"', '"ch":"door","v":"ajar"')
    ran = lockrig("replay", recorded, "sim")
    assert (ran.code, ran.out) == (4, "")
    assert "at 10500 ms door is 'ajar': expected one of closed, open, unknown" in ran.err


def test_what_this_bench_cant_do_is_named_and_what_was_played_is_kept(
    recorded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object) -> None:
        raise NotOnThisBenchError("no door here")

    monkeypatch.setattr("lockhil.targets.inworld.WorldBench.door", missing)
    capture = tmp_path / "again.jsonl"
    ran = lockrig("replay", recorded, "sim", "--capture", capture)
    assert (ran.code, ran.out) == (4, "")
    assert ran.err == "lockrig: at 10500 ms the trace wants door 'open': no door here\n"
    assert read_trace(capture).events[-1].t_ms == 10_500


def test_a_unit_without_a_bench_is_left_alone(recorded: Path) -> None:
    with served() as unit:
        ran = lockrig("replay", recorded, unit.target)
    assert (ran.code, ran.out) == (4, "")
    assert "needs a unit that begins with" in ran.err


def test_a_unit_that_crashes_does_something_else(
    recorded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise OverflowError("too much\nof it")

    monkeypatch.setattr("lockunit.selftest.Selftest.start", crash)
    ran = lockrig("replay", recorded, "sim")
    assert ran.code == 1
    assert "at 500 ms" in ran.err
    assert ran.err.count("\n") == 1


def test_standard_input(recorded: Path) -> None:
    with recorded.open("rb") as stdin:
        run = process("replay", "-", "sim", stdin=stdin)
        out, err = run.communicate()
    assert (run.returncode, err) == (0, b"")
    assert out.startswith(b"sim does what the trace shows")


def test_text_from_the_file_cant_command_the_terminal(recorded: Path) -> None:
    altered(recorded, '"ch":"tx","v":"', '"ch":"tx","v":"\\u001b[2J')
    ran = lockrig("replay", recorded, "sim")
    assert ran.code == 1
    assert ran.out.replace("\n", "").isprintable()


@slow("takes 12 s of real time")
def test_a_real_clock_agrees_within_its_tolerance(recorded: Path, tmp_path: Path) -> None:
    capture = tmp_path / "real.jsonl"
    assert lockrig("replay", recorded, "virtual:real", "--capture", capture).code == 0
    ran = lockrig("replay", capture, "sim")
    assert ran.code == 0
    assert "within 100 ms" in ran.out
