"""The steps of a flash in their order, with a progress bar; each step is `lockhil.boards`'."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import click

from lockhil.boards import onboard
from lockhil.boards.contents import look
from lockhil.boards.firmware import Firmware
from lockhil.boards.flash import Flash, State
from lockhil.boards.plan import MissingError, Plan, RefusedError, Wishes, make_plan
from lockhil.boards.repl import BoardError, NoContactError, NotAConsoleError
from lockhil.boards.running import (
    Awaited,
    FellBackError,
    NotRunningError,
    ask_link,
    look_at_console,
)
from lockhil.boards.session import Visit, visit
from lockhil.client import Link, Transport
from lockrig.flash.outcome import Outcome

_CLOSED = "it is a production unit: its console was open for this one start, and is closed again"
RESTARTED = "what ran on the board was interrupted to look at it, and started again"


@dataclass(slots=True)
class Job:
    """What is wanted; `flash` is set once the board is being written to.

    `seal`: makes the link on which a production unit is told to confirm what it runs.
    """

    wishes: Wishes
    link: str | None
    dry_run: bool
    quiet: bool
    seal: Callable[[Transport, int], Link] | None = None
    flash: Flash | None = None


def carry_out(outcome: Outcome, console: str, firmware: Firmware, job: Job) -> None:
    """Do it, and fill in the outcome. Raises what `lockhil.boards` raises."""
    began = time.monotonic()
    try:
        with visit(console) as here:
            outcome.who = here.who
            plan = outcome.plan = _plan(outcome, here, firmware, job)
            if job.dry_run:
                outcome.result = "up to date" if plan.up_to_date else "would flash"
                outcome.notes.append(RESTARTED)
                return
            if not plan.up_to_date:
                job.flash = Flash(here.repl, plan)
                with progress_bar(plan, job.quiet) as progress:
                    job.flash.carry_out(progress)
            _start(outcome, here, job)
            outcome.result = "up to date" if plan.up_to_date else "flashed"
    finally:
        outcome.seconds = time.monotonic() - began


def _plan(outcome: Outcome, here: Visit, firmware: Firmware, job: Job) -> Plan:
    outcome.result = "refused"
    unfit = here.who.unfit(firmware.mpy)
    if unfit is not None:
        raise RefusedError(f"{here.who} isn't a board for this firmware: {unfit}")
    found = look(here.repl)
    outcome.unit = found.unit or job.wishes.unit
    if found.production:
        outcome.notes.append(_CLOSED)
        if job.link is None:
            raise MissingError(
                "it is a production unit, whose console is closed from its next start on: expected "
                "its link, so that it can be seen to run: --link PORT, after another lockrig "
                "maintenance"
            )
        if job.seal is None and not job.dry_run:
            raise MissingError(
                "it is a production unit, which takes new firmware into use at the word of service "
                "alone: expected --credential FILE, after another lockrig maintenance"
            )
    if found.damaged:
        outcome.notes.append("the manifest on the board was damaged: files were told by their hash")
    plan = make_plan(here.who, found, firmware, job.wishes)
    outcome.result = "failed"
    return plan


def _start(outcome: Outcome, here: Visit, job: Job) -> None:
    """Reset the board and see that it runs."""
    plan = outcome.plan
    assert plan is not None
    here.repl.reset()
    here.started = True
    awaited = Awaited(plan.version, plan.slot if plan.trial else None, job.seal)
    try:
        _see(outcome, here, job, awaited)
    except FellBackError:
        if job.flash is not None:
            job.flash.state = State.KEPT
        raise
    except NotRunningError:
        if job.flash is not None and plan.trial and _given_up(here):
            job.flash.state = State.KEPT
        raise
    if job.flash is not None:
        job.flash.state = State.DONE


def _given_up(here: Visit) -> bool:
    """Whether the trial could be ended on the console; else the board does it by itself."""
    try:
        here.repl.enter()
        here.repl.run(onboard.GIVE_UP)
        here.repl.restart()
    except (NoContactError, NotAConsoleError, BoardError):
        return False
    return True


def _see(outcome: Outcome, here: Visit, job: Job, awaited: Awaited) -> None:
    if job.link is not None:
        answered = ask_link(here.repl, job.link, awaited)
        outcome.seen_on, outcome.selftest = "link", answered.selftest
        outcome.unit = str(answered.hello.get("unit"))
    else:
        look_at_console(here.repl, awaited)
        outcome.seen_on = "console"


@contextmanager
def progress_bar(plan: Plan, quiet: bool) -> Iterator[Callable[[int], object]]:
    """A bar on standard error, where that is a terminal."""
    if quiet or not sys.stderr.isatty() or not plan.size:
        yield lambda _: None
        return
    with click.progressbar(length=plan.size, label="copying", file=sys.stderr) as bar:
        yield bar.update
