"""Targets by name: `open_target("sim")` reaches a unit, wherever it is.

Names only; each kind of target has a module of its own, loaded when it is asked for.
"""

import importlib
import re
from contextlib import AbstractContextManager
from typing import Any

from lockhil.bench import NotOnThisBenchError
from lockhil.lab.entries import boards
from lockhil.targets.base import Target

__all__ = ["Target", "UnknownTargetError", "check_target", "open_target"]

# Name -> the module whose `open_target(name, **options)` opens it.
NAMES = {
    "sim": "lockhil.targets.sim",
    "virtual": "lockhil.targets.virtual",
    "virtual:real": "lockhil.targets.virtual_real",
    "ble:virtual": "lockhil.targets.ble_virtual",
    "pair": "lockhil.targets.pair",
    "pair:real": "lockhil.targets.pair",
}
# The same for what goes on after a colon.
KINDS = {
    "virtual": ("NAME", "lockhil.targets.serial"),
    "serial": ("PORT", "lockhil.targets.serial"),
    "ble": ("ADDRESS", "lockhil.targets.ble"),
    "pair": ("NAME", "lockhil.targets.probed"),
}
# As an adapter has it, or as macOS does, which tells nobody the address itself.
_ADDRESS = re.compile("[0-9A-F]{2}(:[0-9A-F]{2}){5}|[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}")


class UnknownTargetError(Exception):
    """No such target; the message lists those that there are."""


def check_target(name: str) -> str:
    """The module of the target called `name`; UnknownTargetError if there is none."""
    kind, _, rest = name.partition(":")
    if name in NAMES:
        return NAMES[name]
    if kind == "ble" and rest and not _ADDRESS.fullmatch(rest.upper()):
        raise UnknownTargetError(
            f"expected a Bluetooth address, as ble:C4:64:E3:12:34:56, got {name!r}; "
            "lockrig scan lists those that are in the air"
        )
    named = boards()
    if name in named:
        return "lockhil.targets.named"
    if kind in KINDS and rest:
        return KINDS[kind][1]
    known = [*NAMES, *(f"{kind}:{what}" for kind, (what, _) in KINDS.items()), *sorted(named)]
    raise UnknownTargetError(
        f"expected a target out of {', '.join(known)}, got {name!r}; choose one of those"
    )


def open_target(name: str, **options: Any) -> AbstractContextManager[Target]:
    """The target called `name`, open within `with`; options are its kind's.

    UnknownTargetError, ContactLostError, ValueError for an option's value, or NotOnThisBenchError:
    it needs what isn't installed.
    """
    try:
        module = importlib.import_module(check_target(name))
    except ModuleNotFoundError as error:
        if error.name != "bumble":
            raise
        raise NotOnThisBenchError("needs bumble: pip install 'lockrig[virtual]'") from None
    opened = module.open_target(name, **options)
    assert isinstance(opened, AbstractContextManager)
    return opened
