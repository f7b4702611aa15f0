"""The command `lockrig replay`: does to a unit what a trace shows, and tells where the two part.

How it is driven and compared is `lockhil.replay`'s; what it prints is no verdict on a battery.
"""

from contextlib import ExitStack
from dataclasses import fields
from typing import Any

import click

from lockhil.differential import side_by_side
from lockhil.replay.compare import compared, differences
from lockhil.replay.drive import Player, StimulusError
from lockhil.replay.plan import ASSUMED, CantReplayError, NothingToReplayError, Plan, plan
from lockhil.targets import Target, open_target
from lockhil.targets.inworld import Options
from lockhil.targets.realclock import ContactLostError
from lockjudge.trace import Trace, format_trace
from lockrig.errors import Exit, LockrigError
from lockrig.targets import enter, known, one_line
from lockrig.trace.files import load_trace, refuse
from lockrig.trace.growing import GrowingFile
from lockrig.trace.terminal import safe, say
from locksim.mainloop import FirmwareCrashError

_OPTIONS = tuple(field.name for field in fields(Options))


@click.command()
@click.argument("trace")
@click.argument("target")
@click.option("--capture", metavar="FILE", help="Keep what the unit did as a trace in this file.")
@click.option(
    "--assume",
    "assumed",
    multiple=True,
    metavar="NAME=VALUE",
    help="What a trace can't tell, as pack=weak or relock_ms=5000.",
)
def command(trace: str, target: str, capture: str | None, assumed: tuple[str, ...]) -> int:
    """Do to the unit at TARGET what TRACE (- for standard input) shows, and compare what it does.

    A virtual clock must agree to the millisecond, a real one within the target's tolerance.

    Exit codes: 0 they agree; 1 they don't: both are printed side by side; 2 wrong usage, or no
    trace; 4 the target's bench can't do what the trace shows, or contact was lost.
    """
    known(target)
    recorded = load_trace(trace)
    options = _assumed(assumed)
    try:
        made = plan(recorded)
    except NothingToReplayError as error:
        raise refuse(f"nothing to replay in {safe(trace)}: {one_line(error)}") from None
    except CantReplayError as error:
        message = f"can't replay {safe(trace)}: {one_line(error)}"
        raise LockrigError(message, Exit.NO_CONTACT) from None
    with ExitStack() as stack:
        file = None
        if capture is not None:
            file = GrowingFile(capture)
            stack.callback(file.close)
        unit = enter(stack, open_target(target, **made.options | options))
        return _replay(made, recorded, unit, file, assumed)


def _assumed(words: tuple[str, ...]) -> dict[str, Any]:
    options: dict[str, Any] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or name not in _OPTIONS:
            raise refuse(
                f"expected --assume NAME=VALUE with a NAME out of {', '.join(_OPTIONS)}, "
                f"got {safe(word)!r:.60}"
            )
        number = value.removeprefix("-")
        options[name] = int(value) if number.isdecimal() and len(number) < 12 else value
    return options


def _replay(
    made: Plan, recorded: Trace, unit: Target, file: GrowingFile | None, assumed: tuple[str, ...]
) -> int:
    player = Player(made, unit)
    if unit.clock_kind == "real":
        took = (made.end_ms - made.start_ms) / 1000
        click.echo(f"lockrig: takes {took:.0f} s, the trace's own time", err=True)
    try:
        player.run()
    except (StimulusError, ContactLostError) as error:
        raise LockrigError(one_line(error), Exit.NO_CONTACT) from None
    except FirmwareCrashError as error:
        raise LockrigError(f"{safe(unit.name)} parts: {one_line(error)}", Exit.FAILED) from None
    finally:
        if file is not None:
            _keep(player.played(), file)
    return _tell(made, recorded, unit, player, assumed)


def _keep(trace: Trace, file: GrowingFile) -> None:
    for line in format_trace(trace.header, trace.events):
        file.add(line)


def _tell(
    made: Plan, recorded: Trace, unit: Target, player: Player, assumed: tuple[str, ...]
) -> int:
    real = unit.clock_kind == "real"
    played = player.in_trace_time()
    rows = differences(made, recorded, played, unit.tolerance_ms if real else None)
    lines = []
    if rows:
        lines += [f"{safe(unit.name)} does something else than the trace shows; they part here:"]
        lines += [safe(line) for line in side_by_side(rows, "trace", unit.name)]
    else:
        exactly = f"within {unit.tolerance_ms} ms" if real else "to the millisecond"
        lines.append(
            f"{safe(unit.name)} does what the trace shows, {exactly}: "
            f"{len(compared(made, recorded.events))} events over "
            f"{(made.end_ms - made.start_ms) / 1000:.3f} s, "
            f"{len(made.actions) + len(made.hand)} of them done to it"
        )
    lines.append(f"compared: {', '.join(made.channels)}")
    lines.append(f"assumed, because no trace tells it: {', '.join(map(safe, assumed)) or ASSUMED}")
    lines += [f"note: {safe(note)}" for note in made.notes]
    say("\n".join(lines))
    return Exit.FAILED if rows else Exit.PASSED
