"""`lockrig calibrate`: a unit's voltages against a meter's, by a person at the bench.

What it does to the board is `lockhil.boards.calibrating`'s; here are the words and the exit codes.
"""

import json
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from lockhil.boards.address import AddressError, NotThereError, parse
from lockhil.boards.calibrating import Calibrating, Fit, NotCalibratedError, receipt
from lockhil.boards.repl import BoardError, NoContactError, NotAConsoleError
from lockhil.boards.session import visit
from lockrig.errors import Exit, LockrigError
from lockrig.targets import one_line

_CODES: dict[type[Exception], Exit] = {
    AddressError: Exit.USAGE,
    NotAConsoleError: Exit.USAGE,
    NotCalibratedError: Exit.FAILED,
    BoardError: Exit.FAILED,
    NotThereError: Exit.NO_CONTACT,
    NoContactError: Exit.NO_CONTACT,
}


@click.command("calibrate")
@click.argument("target")
@click.option("--channel", "channels", multiple=True, help="tap1, tap2 ...; default: all taps.")
@click.option("--forget", is_flag=True, help="Remove the calibration, and do nothing else.")
@click.option("--receipt", "path", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")
@click.option("--json", "json_", is_flag=True, help="Print the receipt.")
def command(
    *, target: str, channels: tuple[str, ...], forget: bool, path: Path | None, json_: bool
) -> int:
    """Calibrate the converter of the unit whose console is TARGET, with a meter at hand.

    For each channel: put a voltage there, type what the meter shows in mV, and again with another;
    nothing typed ends the channel. Two voltages are enough, three show a slip of the pen. A unit
    with a lock's key: lockrig maintenance first. It takes no load and no motor: all is off.

    Exit codes: 0 calibrated; 1 these voltages make no calibration; 2 wrong usage; 4 no contact.
    """
    done: list[Fit] = []
    told: dict[str, Any] = {"format": "lockrig-calibration/1", "target": target}
    if path is not None and path.exists():
        raise LockrigError(f"{path} is there already; give another --receipt", Exit.USAGE)
    try:
        with visit(parse(target).console) as here:
            bench = Calibrating(here.repl)
            told |= {"unit": bench.unit, "board": bench.board, "before": dict(bench.fits)}
            if bench.refused:
                click.echo(f"lockrig: what was stored is refused: {bench.refused}", err=True)
            if forget:
                bench.forget()
                click.echo(f"{bench.unit}: it has no calibration from its next start on", err=True)
                return Exit.PASSED
            for name in channels or [name for name in bench.channels if name.startswith("tap")]:
                done.append(_channel(bench, name))
    except tuple(_CODES) as error:
        code = next(code for kind, code in _CODES.items() if isinstance(error, kind))
        raise LockrigError(f"{one_line(error)}; {_left(done)}", code) from None
    except (KeyboardInterrupt, click.Abort):
        raise LockrigError(f"interrupted; {_left(done)}", Exit.INTERRUPTED) from None
    told |= {
        "calibrated_utc": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "lockrig": version("lockrig"),
        "channels": [receipt(fit) for fit in done],
    }
    _write(told, path)
    if json_:
        click.echo(json.dumps(told, indent=2))
    return Exit.PASSED


def _channel(bench: Calibrating, name: str) -> Fit:
    if name not in bench.channels:
        known = ", ".join(bench.channels)
        raise LockrigError(f"--channel {name}: expected one of {known}", Exit.USAGE)
    fit = Fit(name, bench.channels[name])
    while (true_mv := _ask(name)) is not None:
        try:
            point = bench.look(fit, true_mv)
        except NotCalibratedError as error:
            click.echo(f"{one_line(error)}; try that one again", err=True)
            continue
        fit.points.append(point)
        click.echo(
            f"{name}: reads {point.read_mv:.0f} mV, {point.read_mv - true_mv:+.0f} mV off", err=True
        )
    fit.find()
    bench.verify(fit)
    bench.store(fit)
    before, after = (max(map(abs, offs)) for offs in (fit.before(), fit.after()))
    click.echo(
        f"{name}: was off by up to {before:.0f} mV, now {after:.0f} mV; reads "
        f"{fit.verified_mv:.0f} mV at {fit.points[-1].true_mv} mV",
        err=True,
    )
    return fit


def _ask(channel: str) -> int | None:
    """What the meter shows, in mV; None: that was all."""
    while True:
        text: str = click.prompt(
            f"{channel}: put a voltage there; the meter shows, in mV (nothing: done)",
            default="",
            show_default=False,
            err=True,
        )
        if not text.strip():
            return None
        if text.strip().isascii() and text.strip().isdigit() and len(text.strip()) <= 5:
            return int(text)
        click.echo(f"expected whole millivolts, like 3012, got {text!r}", err=True)


def _left(done: list[Fit]) -> str:
    names = ", ".join(fit.channel for fit in done)
    return f"{names} stored, the rest is as it was" if names else "nothing was changed"


def _write(told: dict[str, Any], path: Path | None) -> None:
    if path is None:
        stamp = told["calibrated_utc"].replace("-", "").replace(":", "")
        unit = "".join(c for c in told["unit"] if c.isalnum() or c == "-") or "unit"
        path = Path(f"calibration-{unit}-{stamp}.json")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(json.dumps(told, indent=2) + "\n")
    except OSError as error:
        raise LockrigError(
            f"calibrated, but its receipt can't be written: {error}; run again with --receipt FILE"
        ) from None
    click.echo(f"lockrig: receipt in {path}", err=True)
