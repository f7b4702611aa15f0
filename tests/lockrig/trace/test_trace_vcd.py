"""A trace goes to VCD and comes back as it was."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockjudge.trace import CHANNELS, FORMAT, TAPS, Event, Trace, format_trace, read_trace
from lockjudge.verdict import judge
from tests.lockrig.trace.samples import Ran, lockrig

INTEGERS = st.integers(-(10**15), 10**15)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(("button", "led.green", "led.red", "load", "power"), st.sampled_from((0, 1))),
    "motor": st.sampled_from((-1, 0, 1)),
    **dict.fromkeys(("battery.mv", "battery.ma"), st.none() | INTEGERS),
    "power.source": st.sampled_from(("battery", "external", "unknown")),
    "tap": st.sampled_from(TAPS),
    "screen": st.sampled_from(("visible", "hidden")),
    "answers": st.dictionaries(st.text(), st.text() | st.integers()),
    **dict.fromkeys(("bolt", "door", "reset", "rx", "tx"), st.text() | st.just('"')),
    "note": st.text() | st.lists(st.integers()),
}
HEADERS = st.fixed_dictionaries(
    {"format": st.just(FORMAT)},
    optional={
        "observer": st.sampled_from(("instrument", "person", "unit", "$end")),
        "t_uncertainty_ms": st.integers(0, 600),
        "target": st.text() | st.just("a $end b"),
        "seed": st.integers(),
    },
)
ONE = st.sampled_from(sorted(VALUES)).flatmap(lambda ch: st.tuples(st.just(ch), VALUES[ch]))


@st.composite
def traces(draw: st.DrawFn) -> Trace:
    """Any whole trace: equal times, repeated values and a start before 0 included."""
    t_ms = draw(st.integers(-5000, 2**40))
    events = []
    for channel, value in draw(st.lists(ONE, min_size=1, max_size=30)):
        events.append(Event(t_ms, channel, value))
        t_ms += draw(st.sampled_from((0, 0, 1, 50, 7_000)))
    if draw(st.booleans()):
        events.append(Event(t_ms, "end", draw(st.none() | st.text())))
    return Trace(draw(HEADERS), events)


def write(path: Path, trace: Trace) -> Path:
    path.write_text("".join(f"{line}\n" for line in format_trace(trace.header, trace.events)))
    return path


def there_and_back(folder: Path, trace: Trace, *options: str) -> Trace:
    source = write(folder / "in.jsonl", trace)
    vcd, back = folder / "out.vcd", folder / "back.jsonl"
    assert lockrig("trace", "export", source, "--vcd", vcd, "--force").code == 0
    ran = lockrig("trace", "import", vcd, "-o", back, "--force", *options)
    assert ran.code == 0, ran.err
    return read_trace(back)


@settings(max_examples=settings.default.max_examples // 4)  # each writes three files
@given(trace=traces())
def test_a_trace_comes_back_from_vcd_as_it_was(
    trace: Trace, tmp_path_factory: pytest.TempPathFactory
) -> None:
    back = there_and_back(tmp_path_factory.mktemp("vcd"), trace)
    assert back.events == trace.events
    assert back.header == trace.header
    assert judge(back) == judge(trace)


def test_every_channel_is_tried() -> None:
    assert set(VALUES) | {"end"} == set(CHANNELS)


def test_a_units_own_word_doesnt_become_an_instruments(tmp_path: Path) -> None:
    trace = Trace({"format": FORMAT, "observer": "unit"}, [Event(0, "led.red", 0)])
    assert there_and_back(tmp_path, trace).header["observer"] == "unit"


def test_a_stated_uncertainty_doesnt_shrink_an_exported_one(tmp_path: Path) -> None:
    header = {"format": FORMAT, "observer": "instrument", "t_uncertainty_ms": 40}
    trace = Trace(header, [Event(0, "led.red", 0)])
    for stated, kept in (("5", 40), ("70", 70)):
        back = there_and_back(tmp_path, trace, "--uncertainty-ms", stated)
        assert back.header["t_uncertainty_ms"] == kept


def test_what_the_operator_said_of_an_export_is_kept_apart(tmp_path: Path) -> None:
    trace = Trace({"format": FORMAT, "observer": "instrument"}, [Event(0, "led.red", 0)])
    back = there_and_back(tmp_path, trace, "--power-source", "battery", "--t0", "0")
    assert back.events[0] == Event(0, "power.source", "battery")
    assert back.header["source"]["stated"] == {"power_source": "battery"}
    assert back.header["source"]["t0_s"] == 0


def test_a_broken_trace_doesnt_come_back_whole(tmp_path: Path) -> None:
    source = tmp_path / "broken.jsonl"
    source.write_text(
        "".join(
            json.dumps(line) + "\n"
            for line in (
                {"format": FORMAT},
                {"t_ms": 0, "ch": "led.red", "v": 0},
                {"t_ms": 9, "ch": "end", "v": None},
                {"t_ms": 10, "ch": "led.red", "v": 1},
            )
        )
    )
    vcd, back = tmp_path / "a.vcd", tmp_path / "b.jsonl"
    ran = lockrig("trace", "export", source, "--vcd", vcd)
    assert ran.code == 0
    assert "line 4" in ran.err
    assert lockrig("trace", "import", vcd, "-o", back).code == 0
    assert read_trace(back).events == [Event(0, "led.red", 0)]


def test_what_a_viewer_needs_stands_in_the_file(tmp_path: Path) -> None:
    source = write(
        tmp_path / "in.jsonl",
        Trace({"format": FORMAT}, [Event(0, "led.red", 0), Event(50, "led.red", 1)]),
    )
    vcd = tmp_path / "out.vcd"
    lockrig("trace", "export", source, "--vcd", vcd)
    text = vcd.read_text()
    assert "$timescale 1 ms $end" in text
    assert "$var wire 1 ! led.red $end" in text
    assert text.endswith("#50\n1!\n")


def test_a_value_too_large_for_vcd_is_refused(tmp_path: Path) -> None:
    trace = Trace({"format": FORMAT}, [Event(0, "battery.mv", 10**15 + 1)])
    source, vcd = write(tmp_path / "in.jsonl", trace), tmp_path / "out.vcd"
    ran = lockrig("trace", "export", source, "--vcd", vcd)
    assert ran.code == 2
    assert "--csv" in ran.err
    assert not vcd.exists()


HEAD = """$comment Acquisition with 3/8 channels at {rate} $end
$timescale {scale} $end
$scope module top $end $scope module led $end
$var wire 1 ! green $end $var wire 1 " D1 $end
$upscope $end $var wire 1 # button $end $upscope $end
$enddefinitions $end
"""


def foreign(
    tmp_path: Path, body: str, *options: str, scale: str = "1 us", rate: str = "1 MHz"
) -> tuple[Ran, Trace | None]:
    source, out = tmp_path / "la.vcd", tmp_path / "la.jsonl"
    source.write_text(HEAD.format(scale=scale, rate=rate) + body)
    ran = lockrig("trace", "import", source, "-o", out, "--force", *options)
    return ran, (read_trace(out) if ran.code == 0 else None)


def test_another_tools_vcd_is_an_instruments_trace(tmp_path: Path) -> None:
    body = '#0 0! 1" 0#\n#1500 1!\n#2499 0"\n#40000\n'
    ran, trace = foreign(tmp_path, body, "--map", "top.led.D1=led.red", "--invert", "led.red")
    assert trace is not None, ran.err
    assert trace.events == [
        Event(0, "led.green", 0),
        Event(0, "led.red", 0),
        Event(0, "button", 0),
        Event(2, "led.green", 1),
        Event(2, "led.red", 1),
        Event(40, "end", None),
    ]
    assert trace.header["observer"] == "instrument"
    assert trace.header["t_uncertainty_ms"] == 2


@pytest.mark.parametrize(
    ("scale", "rate", "body", "uncertainty_ms"),
    [
        ("1 ms", "1 kHz", "#0 0#\n#5 1#\n", 1),
        ("1 us", "1 MHz", "#0 0#\n#5000 1#\n", 1),
        ("1 us", "1 MHz", "#0 0#\n#5001 1#\n", 2),
        # sigrok's timescale is finer than its samples.
        ("1 us", "2 kHz", "#0 0#\n#5500 1#\n", 2),
        ("1 ms", "100 Hz", "#0 0#\n#50 1#\n", 10),
    ],
)
def test_uncertainty_is_rounding_and_sample_period(
    tmp_path: Path, scale: str, rate: str, body: str, uncertainty_ms: int
) -> None:
    ran, trace = foreign(tmp_path, body, scale=scale, rate=rate)
    assert trace is not None, ran.err
    assert trace.header["t_uncertainty_ms"] == uncertainty_ms


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("#0 0!\n#5 x!\n", "line 8: led.green: expected 0 or 1, got 'x'"),
        ("#0 z!\n#5 1!\n", "line 7: led.green: expected 0 or 1, got 'z'"),
        ("#9 0!\n#5 1!\n", "line 8: time 5 comes after 9"),
        ("#0 0!\n#5 1%\n", "line 8: no signal has the code %"),
        ("#0 0!\n#five 1!\n", "line 8: not VCD"),
        ("", "no samples"),
    ],
)
def test_a_vcd_that_says_nothing_sure_is_refused(tmp_path: Path, body: str, told: str) -> None:
    ran, _ = foreign(tmp_path, body)
    assert ran.code == 2
    assert told in ran.err
    assert ran.err.count("\n") == 1
    assert not (tmp_path / "la.jsonl").exists()


@pytest.mark.parametrize(
    "text",
    [
        "$date today",
        "$enddefinitions $end #0",
        "$timescale 0 s $end $var wire 1 ! button $end $enddefinitions $end #0 0!",
        "$var wire 99999999999999999999 $end",
        "$comment lockrig-trace {} $end $timescale 1 ms $end $enddefinitions $end",
        "$\xff\xfe",
    ],
)
def test_what_only_begins_like_vcd_is_refused(tmp_path: Path, text: str) -> None:
    source = tmp_path / "la.vcd"
    source.write_bytes(text.encode("latin-1"))
    ran = lockrig("trace", "import", source, "-o", tmp_path / "out.jsonl")
    assert ran.code == 2
    assert ran.err.count("\n") == 1


@given(data=st.binary(max_size=200))
def test_garbage_is_refused_in_one_line(
    data: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("garbage")
    for start in (b"$", b"", b"$timescale 1 s $end $var wire 1 ! button $end $enddefinitions $end"):
        source = folder / "in"
        source.write_bytes(start + b" " + data)
        ran = lockrig("trace", "import", source, "-o", folder / "out", "--force")
        assert ran.code in (0, 2)
        assert ran.code == 0 or ran.err.count("\n") == 1
