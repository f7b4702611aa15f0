"""Training with a simulated unit: watched by the trainee, or pressed and watched by the bench.

Its records are kept apart; nothing here ever touches a real unit's.
"""

import random
import secrets
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

from lockhil.targets import open_target
from lockhil.targets.base import Target
from lockrig.diagnose import bench
from lockrig.diagnose.driver import Driver
from lockrig.diagnose.outcome import Outcome
from lockrig.diagnose.printer import Printer
from lockrig.diagnose.procedure import Procedure
from lockrig.diagnose.simulated import Simulated
from lockrig.diagnose.terminal import RealClock, Terminal
from lockrig.errors import Exit, LockrigError
from lockrig.i18n import _
from lockrig.records.record import normal_label
from lockrig.records.store import Attempt


def open_unit(
    held: ExitStack, pack: str, label: str | None, packs: tuple[str, ...]
) -> tuple[Target, str]:
    """A simulated unit, open as long as `held`, and the pack that is in it.

    Without a `label` it gets a new one, so that what was found of another doesn't stand in the way.
    """
    unit = normal_label(label or f"SIM-{secrets.token_hex(2)}")
    if unit is None:
        raise LockrigError(_("A label is 3 to 32 letters A-Z, digits or hyphens."), Exit.USAGE)
    if pack == "random":
        pack = random.SystemRandom().choice(packs)
    return held.enter_context(open_target("sim", pack=pack, unit_id=unit)), pack


def press(target: Target, folder: Path) -> tuple[Outcome, Attempt | None]:
    """The bench presses and watches."""
    return bench.diagnose(target, folder)


def observe(target: Target, folder: Path, out: TextIO) -> tuple[Outcome, Attempt | None]:
    """The trainee watches the lights in the terminal, and taps."""
    clock = RealClock()
    procedure = Procedure("sim", clock.resolution_ms)
    contact = Simulated(target, clock.ms())
    driver = Driver(procedure, Printer(out, training=True), folder, clock, contact)
    with Terminal(out) as terminal:
        driver.run(terminal)
        terminal.draw("")
    return procedure.outcome, driver.attempt
