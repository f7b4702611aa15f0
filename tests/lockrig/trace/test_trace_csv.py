"""A logic analyser's CSV becomes an instrument's trace, or is refused by line."""

from pathlib import Path

import pytest

from lockjudge.trace import Event, Trace, read_trace
from tests.lockrig.trace.samples import (
    D_MAPS,
    GOOD,
    SALEAE_MAPS,
    Ran,
    Row,
    lockrig,
    saleae,
    sampled,
    sigrok,
)

GOOD_EVENTS = [
    Event(0, "button", 0),
    Event(0, "led.green", 0),
    Event(0, "led.red", 0),
    Event(2000, "button", 1),
    Event(2104, "led.green", 1),
    Event(2180, "button", 0),
    Event(6004, "led.green", 0),
    Event(9000, "led.red", 1),
    Event(9300, "led.red", 0),
    Event(10500, "led.red", 1),
    Event(10800, "led.red", 0),
    Event(34000, "end", None),
]


def imported(folder: Path, text: str, *options: str) -> tuple[Ran, Trace | None]:
    source, out = folder / "in.csv", folder / "out.jsonl"
    source.write_text(text, encoding="utf-8")
    ran = lockrig("trace", "import", source, "-o", out, "--force", *options)
    return ran, (read_trace(out) if ran.code == 0 else None)


def trace_of(folder: Path, text: str, *options: str) -> Trace:
    ran, trace = imported(folder, text, *options)
    assert trace is not None, ran.err
    return trace


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_saleae(tmp_path: Path, delimiter: str) -> None:
    trace = trace_of(tmp_path, saleae(delimiter=delimiter), *SALEAE_MAPS)
    assert trace.events == GOOD_EVENTS
    assert trace.header["observer"] == "instrument"
    # Two roundings of half a millisecond, and a little for the digits.
    assert trace.header["t_uncertainty_ms"] == 2


def test_a_spreadsheets_decimal_commas_and_byte_order_mark(tmp_path: Path) -> None:
    text = "\ufeff" + saleae(delimiter=";").replace(".", ",")
    assert trace_of(tmp_path, text, *SALEAE_MAPS).events == GOOD_EVENTS


@pytest.mark.parametrize("head", [None, "logic,logic,logic", "D0,D1,D2"])
def test_sigrok_without_times(tmp_path: Path, head: str | None) -> None:
    rows = sampled(GOOD, 2000)
    trace = trace_of(tmp_path, sigrok(rows, "2 kHz", head), *D_MAPS)
    assert [(e.ch, e.v) for e in trace.events] == [(e.ch, e.v) for e in GOOD_EVENTS]
    # A sample is seen up to a period after the edge, and rounded.
    pairs = zip(trace.events, GOOD_EVENTS, strict=True)
    assert all(abs(a.t_ms - b.t_ms) <= 1 for a, b in pairs)
    assert trace.header["t_uncertainty_ms"] == 2


def test_sigroks_times_in_whole_steps(tmp_path: Path) -> None:
    """3 kHz is 333.3 us a sample, and is written as 333 us: the samples are what counts."""
    samples = (1, 3000, 6000, 90_000)
    rows = "".join(f"{n * 333},{n // 3000 % 2}\n" for n in samples)
    text = f"; Samplerate: 3 kHz\nTime,led.red\n{rows}"
    trace = trace_of(tmp_path, text)
    assert [e.t_ms for e in trace.events] == [0, 1000, 2000, 30_000]


@pytest.mark.parametrize(
    ("name", "factor"),
    [("Time [s]", 1), ("Time[ms]", 10**3), ("time_us", 10**6), ("TIME (ns)", 1e9)],
)
def test_the_time_columns_unit(tmp_path: Path, name: str, factor: float) -> None:
    text = f"{name},led.red\n0,0\n{round(2 * factor)},1\n{round(3 * factor)},0\n"
    assert [e.t_ms for e in trace_of(tmp_path, text).events] == [0, 2000, 3000, 3000]


def test_a_time_column_without_a_unit_needs_one(tmp_path: Path) -> None:
    text = "Time,led.red\n0,0\n2,1\n"
    ran, _ = imported(tmp_path, text)
    assert ran.code == 2
    assert "--time-unit" in ran.err
    assert trace_of(tmp_path, text, "--time-unit", "ms").events[-1].t_ms == 2


def test_repeated_rows_show_how_far_samples_are_apart(tmp_path: Path) -> None:
    rows = "".join(f"{n * 0.025:.6f},{n // 40 % 2}\n" for n in range(200))
    trace = trace_of(tmp_path, f"Time [s],led.red\n{rows}")
    assert trace.header["t_uncertainty_ms"] == 25


def test_times_before_the_trigger(tmp_path: Path) -> None:
    rows: list[Row] = [(t - 2, button, green, red) for t, button, green, red in GOOD]
    trace = trace_of(tmp_path, saleae(rows), *SALEAE_MAPS)
    assert trace.events[0].t_ms == -2000
    moved = trace_of(tmp_path, saleae(rows), *SALEAE_MAPS, "--t0", "-2")
    assert moved.events == GOOD_EVENTS


def test_active_low_leds(tmp_path: Path) -> None:
    rows: list[Row] = [(t, button, 1 - green, red) for t, button, green, red in GOOD]
    trace = trace_of(tmp_path, saleae(rows), *SALEAE_MAPS, "--invert", "led.green")
    assert trace.events == GOOD_EVENTS


def test_the_operators_word_is_kept_apart(tmp_path: Path) -> None:
    options = ("--power-source", "battery", "--uncertainty-ms", "7", "--end", "40.5")
    trace = trace_of(tmp_path, saleae(), *SALEAE_MAPS, *options)
    assert trace.events[0] == Event(0, "power.source", "battery")
    assert trace.events[-1] == Event(40_500, "end", None)
    assert trace.header["t_uncertainty_ms"] == 7
    assert trace.header["source"]["stated"] == {
        "power_source": "battery",
        "uncertainty_ms": 7,
        "end_s": 40.5,
    }


def test_nobody_stated_a_power_source(tmp_path: Path) -> None:
    trace = trace_of(tmp_path, saleae(), *SALEAE_MAPS)
    assert "power.source" not in {event.ch for event in trace.events}
    assert "stated" not in trace.header["source"]


def test_numbers_and_words(tmp_path: Path) -> None:
    text = "Time [s],battery.mv,bolt,motor\n0,2950.4,LOCKED,0\n1,,LOCKED,-1\n"
    assert trace_of(tmp_path, text).events == [
        Event(0, "battery.mv", 2950),
        Event(0, "bolt", "LOCKED"),
        Event(0, "motor", 0),
        Event(1000, "battery.mv", None),
        Event(1000, "motor", -1),
        Event(1000, "end", None),
    ]


T = "Time [s],button,led.red\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "has no rows"),
        ("; only a comment\n", "has no rows"),
        (T, "no samples"),
        (T + "0,0,0\n1,1\n", "line 3: expected 3 columns, got 2"),
        (T + "0,0,0\n1,1,0,0\n", "line 3: expected 3 columns, got 4"),
        (T + "0,0,0\n1,2,0\n", "line 3: button: expected 0 or 1, got '2'"),
        (T + "0,0,x\n", "line 2: led.red: expected 0 or 1, got 'x'"),
        (T + "0,0,\n", "line 2: led.red: expected 0 or 1, got ''"),
        (T + "0,0,0\n\n; note\n2,1,0\n1,0,0\n", "line 6: time 1 comes after a later one"),
        (T + "zero,0,0\n", "line 2: expected a number, got 'zero'"),
        (T + "nan,0,0\n", "line 2: expected a number"),
        (T + "1e999999999,0,0\n", "line 2: expected a number"),
        (T + "1e30,0,0\n", "line 2: t_ms must be an integer"),
        (T + '0,"' + ("0" * 99_000 + "\n") * 2, "line 3: no row of a CSV file"),
        (T + "0,0," + "0" * 100_000, "line 2: no line of a CSV file"),
        ("Time [s],a,b\n0,0,0\n", "signals: a, b"),
        ("Time [s],button,button\n0,0,0\n", "2 signals are called button"),
        ("button,led.red\n0,0\n", "Samplerate"),
        ("0,0,1\n0,0,1\n", "row of names"),
        ("Time,button\n0,0\n", "--time-unit"),
        ("; Samplerate: 3 kHz\nTime,button\n333,0\n500,1\n", "line 4: time 500 is no multiple"),
        ("t_ms,channel,value\n0,button,0\n", "list of a trace's events"),
        ("PK\3\4\0\0\0", "line 1: no line of a CSV file"),
    ],
)
def test_what_cant_be_read_is_refused_by_line(tmp_path: Path, text: str, told: str) -> None:
    ran, _ = imported(tmp_path, text)
    assert ran.code == 2
    assert told in ran.err
    assert ran.err.count("\n") == 1
    assert {path.name for path in tmp_path.iterdir()} == {"in.csv"}


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_bytes(T.encode() + b"0,0,\xff\n")
    ran = lockrig("trace", "import", source, "-o", tmp_path / "out.jsonl")
    assert ran.code == 2
    assert "no UTF-8 text" in ran.err


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--map", "Channel 0"], "SIGNAL=CHANNEL"),
        (["--map", "=button"], "SIGNAL=CHANNEL"),
        (["--map", "Channel 0=bouton"], "bouton is no channel"),
        (["--map", "Channel 0=tap"], "tap is no channel"),
        (["--map", "Channel 9=button"], "no signal is called Channel 9; choose one of: Channel 0"),
        (["--map", "Channel 0=button", "--map", "Channel 1=button"], "mapped twice"),
        (["--map", "Channel 0=button", "--map", "Channel 0=led.red"], "mapped twice"),
        ([], "no signal is mapped"),
        ([*SALEAE_MAPS, "--invert", "motor"], "--invert motor"),
        ([*SALEAE_MAPS, "--invert", "load"], "--invert load"),
        ([*SALEAE_MAPS, "--uncertainty-ms", "0"], "at least 1"),
        ([*SALEAE_MAPS, "--end", "33.9"], "before the last sample"),
        ([*SALEAE_MAPS, "--end", "soon"], "expected seconds"),
        ([*SALEAE_MAPS, "--t0", "1e999999999"], "expected seconds"),
        ([*SALEAE_MAPS, "--uncertainty-ms", "-1"], "uncertainty"),
    ],
)
def test_a_wrong_wish_is_refused(tmp_path: Path, options: list[str], told: str) -> None:
    ran, _ = imported(tmp_path, saleae(), *options)
    assert ran.code == 2
    assert told in ran.err


def test_a_signal_left_out_is_named(tmp_path: Path) -> None:
    ran, _ = imported(tmp_path, saleae(), "--map", "Channel 0=button")
    assert "not mapped: Channel 1, Channel 2" in ran.err


def test_a_signals_name_may_hold_an_equals_sign(tmp_path: Path) -> None:
    text = "Time [s],A=B\n0,0\n1,1\n"
    assert trace_of(tmp_path, text, "--map", "A=B=button").events[1] == Event(1000, "button", 1)
