"""The command `lockrig replay`: does to a unit what a trace shows, and tells where the two part.

How it is driven and compared is `lockhil.replay`'s; what it prints is no verdict on a battery.
"""

import re
from contextlib import ExitStack, suppress
from dataclasses import fields
from typing import Any

import click

from lockhil.bench import NotOnThisBenchError
from lockhil.replay.compare import compared, differences, tolerance
from lockhil.replay.drive import Player, StimulusError
from lockhil.replay.lines import CantReplayError
from lockhil.replay.plan import NothingToReplayError, Plan, plan
from lockhil.targets import Target, open_target
from lockhil.targets.options import Options
from lockhil.targets.realclock import ContactLostError
from lockjudge.trace import Trace, format_trace
from lockrig.errors import Exit, LockrigError
from lockrig.replay.report import Outcome
from lockrig.targets import enter, known, one_line
from lockrig.trace.files import load_trace, refuse
from lockrig.trace.growing import GrowingFile
from lockrig.trace.terminal import safe, say
from locksim.mainloop import FirmwareCrashError

_NUMBERS = ("relock_ms", "release_ms", "ticks_start", "temperature", "seed")
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
        options[name] = _number(name, value) if name in _NUMBERS else value
    return options


def _number(name: str, value: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,12}", value):
        raise refuse(f"expected --assume {name}= and a whole number, got {safe(value)!r:.60}")
    return int(value)


def _replay(
    made: Plan, recorded: Trace, unit: Target, file: GrowingFile | None, assumed: tuple[str, ...]
) -> int:
    allowed = tolerance(recorded, unit)
    if unit.clock_kind == "real":
        took = (made.end_ms - made.start_ms) / 1000
        click.echo(f"lockrig: takes {took:.0f} s, the trace's own time", err=True)
    player = None
    try:
        player = Player(made, unit, exact=allowed is None)
        player.run()
    except (StimulusError, NotOnThisBenchError, ContactLostError) as error:
        raise LockrigError(one_line(error), Exit.NO_CONTACT) from None
    except FirmwareCrashError as error:
        raise LockrigError(f"{safe(unit.name)} parts: {one_line(error)}", Exit.FAILED) from None
    finally:
        if file is not None and player is not None:
            _keep(player, file)
    rows = differences(made, recorded, player.in_trace_time(), allowed)
    events = len(compared(made, recorded.events))
    outcome = Outcome(unit.name, made, rows, events, allowed, assumed)
    say("\n".join(outcome.lines()))
    return Exit.FAILED if rows else Exit.PASSED


def _keep(player: Player, file: GrowingFile) -> None:
    with suppress(NotOnThisBenchError, ContactLostError):
        trace = player.played()
        for line in format_trace(trace.header, trace.events):
            file.add(line)
