"""The command `lockrig monitor`: what a unit tells of itself, live, and as a trace.

It asks a few questions that change nothing, then listens; it moves no bolt and judges nothing.
"""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import click

from lockhil.client import Line
from lockhil.contact import Contact
from lockrig.errors import Exit, LockrigError
from lockrig.monitor.listen import Listener
from lockrig.monitor.stop import Stop
from lockrig.monitor.wording import Wording, raw
from lockrig.targets import LOST, contact_with, credential_option, enter, known, one_line
from lockrig.trace.csv_clock import exact
from lockrig.trace.growing import GrowingFile
from lockrig.trace.terminal import safe, say

_LONGEST_S = 10 * 366 * 24 * 3600


def _milliseconds(value: str) -> int:
    """Seconds as a decimal number, in whole milliseconds."""
    try:
        seconds = exact(value)[0]
    except ValueError:
        seconds = exact("0")[0]
    if not 0 < seconds <= _LONGEST_S:
        raise click.BadParameter(f"expected seconds, as 90 or 1.5, got {value!r:.40}")
    return max(1, int(seconds * 1000))


@click.command()
@click.argument("target")
@click.option("--capture", metavar="FILE", help="Keep it as a trace in this new file.")
@click.option(
    "--for",
    "for_ms",
    type=_milliseconds,
    metavar="SECONDS",
    help="End after so long; needed where time is virtual.",
)
@click.option("--raw", "raw_", is_flag=True, help="Print the link's lines as they pass.")
@click.option("--json", "json_", is_flag=True, help="Print the trace itself, line by line.")
@credential_option
def command(
    *,
    target: str,
    capture: str | None,
    for_ms: int | None,
    raw_: bool,
    json_: bool,
    credential: Path | None,
) -> int:
    """Print what the unit at TARGET tells of itself until ctrl-C, a line an event.

    Times are seconds since contact was made. The unit is asked who and how it is, and left as it
    is otherwise. A capture is the unit's own account: no verdict comes of it.

    Exit codes: 0 the time of --for is over; 130 ctrl-C; 4 no contact, or contact lost; 2 wrong
    usage, or a capture that can't be written; 1 it can't be written any further. Whatever ends it,
    the capture is whole up to there.
    """
    if raw_ and json_:
        raise click.UsageError("expected --raw or --json, got both")
    known(target)
    with ExitStack() as stack, Stop() as stop:
        keeps: list[Callable[[str], object]] = []
        if capture is not None:
            # First of all: an hour's recording must not fail at its end.
            file = GrowingFile(capture)
            stack.callback(file.close)
            keeps.append(file.add)
        if json_:
            keeps.append(say)
        contact = enter(stack, contact_with(target, credential))
        _check_time(contact, for_ms)
        listener = Listener(
            contact,
            lambda line: [keep(line) for keep in keeps],
            _nothing if json_ else _printer(raw_),
        )
        return _listen(listener, contact, for_ms, stop)


def _check_time(contact: Contact, for_ms: int | None) -> None:
    if contact.clock_kind == "virtual" and for_ms is None:
        raise LockrigError(
            f"time in {safe(contact.name)} is virtual and would race: expected for how long to "
            "listen, say --for 60",
            Exit.USAGE,
        )


def _nothing(_: Line) -> bool:
    return True


def _printer(raw_: bool) -> Callable[[Line], bool]:
    """Prints a line of the link; says whether somebody still reads."""
    worded: Callable[[Line], str | None] = raw if raw_ else Wording().line

    def show(line: Line) -> bool:
        words = worded(line)
        return words is None or say(words)

    return show


def _listen(listener: Listener, contact: Contact, for_ms: int | None, stop: Stop) -> int:
    until_ms = None if for_ms is None else contact.link.now_ms + for_ms
    note = "the recording failed"
    try:
        who = listener.greet()
        if contact.clock_kind == "real":
            click.echo(f"lockrig: contact with {safe(who)}; ctrl-C ends", err=True)
        listener.ask()
        whole = listener.listen(until_ms, stop)
        note = ""
    except LOST as error:
        if not stop.asked:
            note = f"contact lost: {one_line(error)}"
            raise LockrigError(note, Exit.NO_CONTACT) from None
        # A simulated board in this terminal gets its ctrl-C too, and may be the first to go.
        note, whole = "", False
    finally:
        listener.end(note)
    if stop.asked and not whole:
        click.echo("lockrig: interrupted", err=True)
        return Exit.INTERRUPTED
    return Exit.PASSED
