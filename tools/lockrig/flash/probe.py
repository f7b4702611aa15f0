"""`lockrig flash --probe`: the probe's program on a board, and seen to run there.

Its steps are those of a unit's firmware; there is one place for it, and no trial.
"""

import time
from pathlib import Path

from lockhil.boards.flash import Flash, State
from lockhil.boards.probe import make_probe_plan
from lockhil.boards.repl import NoContactError
from lockhil.boards.running import NotRunningError
from lockhil.boards.session import Visit, visit
from lockhil.probe.instrument import Probe
from lockhil.probe.wiring import read_wiring
from lockhil.targets.realclock import ContactLostError, SerialTransport
from lockhil.targets.remote import wall_clock
from lockrig.flash.outcome import Outcome
from lockrig.flash.procedure import RESTARTED, Job, progress_bar

_QUIET_S = 3
_ENDED, _OURS = b">>> ", b"lockprobe/app.py"


def carry_out(outcome: Outcome, console: str, wiring: str | Path, job: Job) -> None:
    """Do it, and fill in the outcome. Raises what `lockhil.boards` raises, and WiringError."""
    began = time.monotonic()
    wires = read_wiring(wiring)
    outcome.unit = job.wishes.unit or "PROBE"
    try:
        with visit(console) as here:
            outcome.who, outcome.result = here.who, "refused"
            plan = make_probe_plan(here, wires, outcome.unit, adopt=job.wishes.adopt)
            outcome.plan, outcome.result = plan, "failed"
            if job.dry_run:
                outcome.result = "up to date" if plan.up_to_date else "would flash"
                outcome.notes.append(RESTARTED)
                return
            if not plan.up_to_date:
                job.flash = Flash(here.repl, plan)
                with progress_bar(plan, job.quiet) as progress:
                    job.flash.carry_out(progress)
            here.repl.reset()
            here.started = True
            outcome.seen_on = _see(here, job.link, plan.version)
            if job.flash is not None:
                job.flash.state = State.DONE
            outcome.result = "up to date" if plan.up_to_date else "flashed"
    finally:
        outcome.seconds = time.monotonic() - began


def _see(here: Visit, link: str | None, version: str) -> str:
    """Where it was seen to run: link or console. NotRunningError, NoContactError."""
    if link is None:
        _look_at_console(here)
        return "console"
    try:
        transport = SerialTransport(link, wall_clock())
        try:
            said = Probe(transport, lambda: time.monotonic_ns() // 1_000).hello
        finally:
            transport.close()
    except ContactLostError as error:
        raise NotRunningError(f"on the link {link}: {error}") from None
    if said["version"] != version:
        raise NotRunningError(f"on the link {link} it says it is {said['version']}, not {version}")
    return "link"


def _look_at_console(here: Visit) -> None:
    shown = here.repl.listen(_QUIET_S) + here.repl.interrupt(_QUIET_S)
    if _ENDED not in shown:
        raise NoContactError(f"{here.repl.port}: the board doesn't answer after its reset")
    here.repl.restart()
    if _OURS not in shown:
        last = shown.decode("utf-8", "replace").replace(">>>", "").strip().splitlines()[-1:]
        raise NotRunningError(f"main.py isn't in its loop: {' '.join(last)}")
