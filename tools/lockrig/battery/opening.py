"""How the unit of a battery change is reached: on its line, or as a simulated one to train on.

It opens; what is asked of the unit is `unit`'s and `asking`'s business.
"""

import random
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from lockhil.client import Link
from lockhil.targets import NAMES, open_target
from lockrig.battery.training import TrainingUnit
from lockrig.battery.unit import Unit
from lockrig.errors import Exit, LockrigError
from lockrig.i18n import _
from lockrig.records.record import normal_label
from lockrig.targets import contact_with, enter

PACKS = ("good", "weak", "low", "discharged")


def opener(target: str, credential: Path | None) -> Callable[[], AbstractContextManager[Link]]:
    """What opens the link of the target called `target`, each time anew."""

    @contextmanager
    def opened() -> Iterator[Link]:
        with contact_with(target, credential) as contact:
            yield contact.link

    return opened


def carries_world(target: str) -> bool:
    """Whether the target is a simulated unit in a world of its own: one to train on."""
    return target in NAMES


def open_unit(target: str | None, credential: Path | None) -> Unit | None:
    """The unit at `target`, which isn't reached for yet; None without one."""
    return None if target is None else Unit(opener(target, credential))


def open_training(
    held: ExitStack, target: str, packs: tuple[str, str], label: str | None, *, silent: bool
) -> tuple[TrainingUnit, str]:
    """A simulated unit, open as long as `held`, and the pack that is in it to begin with.

    `packs`: that one, or "random", and the new one. Without a `label` it gets a new one, so that
    what was found of another doesn't stand in the way.
    """
    unit = normal_label(label or f"SIM-{secrets.token_hex(2)}")
    if unit is None:
        raise LockrigError(_("A label is 3 to 32 letters A-Z, digits or hyphens."), Exit.USAGE)
    old, new = packs
    if old == "random":
        old = random.SystemRandom().choice(PACKS)
    opened = enter(held, open_target(target, pack=old, unit_id=unit))
    return TrainingUnit(opened, new, silent=silent), old
