"""The command `lockrig trace`: look at traces, check them, take them to other tools and back.

It says nothing about a battery: `lockrig judge` does.
"""

import shutil
from fractions import Fraction

import click

from lockjudge.trace import Trace, write_trace
from lockrig.errors import Exit, LockrigError
from lockrig.trace import draw
from lockrig.trace.capture import Capture
from lockrig.trace.convert import Converted, Wishes, convert
from lockrig.trace.csv_clock import TIME_UNITS, exact
from lockrig.trace.csv_in import CsvCapture
from lockrig.trace.csv_out import write_csv
from lockrig.trace.files import load_trace, reading, refuse, writing
from lockrig.trace.show import show
from lockrig.trace.terminal import can_print, safe, say
from lockrig.trace.vcd_in import VcdCapture
from lockrig.trace.vcd_out import write_vcd


def _seconds(value: str) -> Fraction:
    """A decimal number of seconds, kept exact."""
    try:
        return exact(value)[0]
    except ValueError:
        raise click.BadParameter(f"expected seconds, as 1.25, got {value!r:.40}") from None


@click.group()
def command() -> None:
    """Show, check, export and import traces of what a lock unit did."""


@command.command("show")
@click.argument("file")
@click.option("--events", is_flag=True, help="List every event, in seconds from the press.")
def show_(file: str, events: bool) -> int:
    """Draw the trace in FILE (- for standard input)."""
    trace = load_trace(file)
    ink = draw.BLOCKS if can_print(draw.BLOCKS.all()) else draw.ASCII
    # One column less: some terminals break a line that fills the last one.
    width = shutil.get_terminal_size().columns - 1
    say("\n".join(show(trace, file, width, ink, events)))
    return Exit.PASSED


@command.command()
@click.argument("file")
def check(file: str) -> int:
    """Say whether FILE is a whole trace: 0 yes, 1 defect, 2 no trace at all."""
    trace = load_trace(file)
    problem = _problem(trace)
    if problem is not None:
        raise LockrigError(f"{safe(file)}, {problem}", Exit.FAILED)
    say(f"{safe(file)}: a whole trace, {len(trace.events)} events")
    return Exit.PASSED


def _problem(trace: Trace) -> str | None:
    """What is wrong with the trace, from the line's number on."""
    if trace.defect is not None:
        return (
            f"line {trace.defect.line}: {safe(trace.defect.reason)}; nothing from there on counts"
        )
    if not trace.events or trace.events[-1].ch != "end":
        line = len(trace.events) + 1
        return f"line {line}: the last one, but no end; the recording broke off, record it again"
    return None


@command.command()
@click.argument("file")
@click.option("--vcd", metavar="OUT", help="Write a VCD file, for GTKWave or PulseView.")
@click.option("--csv", metavar="OUT", help="Write a table of the events, for a spreadsheet.")
@click.option("--force", is_flag=True, help="Overwrite OUT if it exists.")
def export(file: str, vcd: str | None, csv: str | None, force: bool) -> int:
    """Write the trace in FILE in another format."""
    if vcd is None and csv is None:
        raise click.UsageError("expected --vcd OUT or --csv OUT")
    trace = load_trace(file)
    if trace.defect is not None:
        defect = f"line {trace.defect.line}: {safe(trace.defect.reason)}"
        click.echo(f"lockrig: {safe(file)}, {defect}; exported up to there", err=True)
    if vcd is not None:
        with writing(vcd, file, force) as out:
            write_vcd(out, trace)
    if csv is not None:
        with writing(csv, file, force) as out:
            write_csv(out, trace)
    return Exit.PASSED


@command.command("import")
@click.argument("file")
@click.option("-o", "--out", required=True, metavar="OUT", help="The trace to write.")
@click.option("--map", "maps", multiple=True, metavar="SIGNAL=CHANNEL", help='As "D0=button".')
@click.option("--invert", multiple=True, metavar="CHANNEL", help="Active low, as led.red.")
@click.option(
    "--uncertainty-ms",
    type=click.IntRange(0, 3_600_000),
    help="How far off times may be; by default rounding and sample period.",
)
@click.option(
    "--power-source",
    type=click.Choice(["battery", "external", "unknown"]),
    help="What fed the unit all the time, as you state it; by default not watched.",
)
@click.option(
    "--t0", type=_seconds, metavar="SECONDS", help="The file's time that becomes the trace's 0."
)
@click.option(
    "--end",
    type=_seconds,
    metavar="SECONDS",
    help="The file's time until which was recorded, if its last row is only the last edge.",
)
@click.option("--time-unit", type=click.Choice(TIME_UNITS), help="Of a CSV's time column.")
@click.option("--force", is_flag=True, help="Overwrite OUT if it exists.")
def import_(
    file: str,
    *,
    out: str,
    maps: tuple[str, ...],
    invert: tuple[str, ...],
    uncertainty_ms: int | None,
    power_source: str | None,
    t0: Fraction | None,
    end: Fraction | None,
    time_unit: str | None,
    force: bool,
) -> int:
    """Make an instrument's trace of FILE, a VCD or a logic analyser's CSV (Saleae, sigrok)."""
    wishes = Wishes(_pairs(maps), frozenset(invert), uncertainty_ms, power_source, t0, end)
    converted = _converted(file, time_unit, wishes)
    with writing(out, file, force) as target:
        write_trace(target, converted.header, converted.events)
    _report(converted, out)
    return Exit.PASSED


def _converted(file: str, time_unit: str | None, wishes: Wishes) -> Converted:
    with reading(file) as opened:
        capture: Capture
        if opened.peek(64).lstrip()[:1] == b"$":  # type: ignore[attr-defined]
            capture = VcdCapture(file, opened)
        else:
            capture = CsvCapture(file, opened, time_unit)
        return convert(capture, wishes)


def _pairs(maps: tuple[str, ...]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for text in maps:
        # The channel has no `=` in it; the signal's name may.
        name, equals, channel = text.rpartition("=")
        if not equals or not name:
            raise refuse(f'expected --map "SIGNAL=CHANNEL", got {safe(text)}')
        if name in pairs:
            raise refuse(f"--map {safe(text)}: {safe(name)} is mapped twice")
        pairs[name.strip()] = channel.strip()
    return pairs


def _report(converted: Converted, out: str) -> None:
    header = converted.header
    click.echo(
        f"{safe(out)}: {len(converted.events)} events, times sure to "
        f"{header.get('t_uncertainty_ms')} ms",
        err=True,
    )
    if converted.ignored:
        names = ", ".join(safe(name) for name in converted.ignored)
        click.echo(f"left out, because not mapped: {names}", err=True)
    if converted.silent:
        click.echo(f"mapped, but without a value: {', '.join(converted.silent)}", err=True)
