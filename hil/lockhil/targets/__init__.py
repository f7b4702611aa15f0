"""Targets by name: `open_target("sim")` reaches a unit, wherever it is.

Names only; each kind of target has a module of its own, loaded when it is asked for.
"""

import importlib
from contextlib import AbstractContextManager
from typing import Any

from lockhil.targets.base import Target

__all__ = ["KINDS", "Target", "UnknownTargetError", "check_target", "open_target"]

# Kind (a name up to its colon) -> the module whose `open_target(name, **options)` opens it.
KINDS = {
    "sim": "lockhil.targets.sim",
    "virtual": "lockhil.targets.virtual",
}


class UnknownTargetError(Exception):
    """No such target; the message lists the kinds that there are."""


def check_target(name: str) -> str:
    """The kind of the target called `name`; UnknownTargetError if there is none."""
    kind, colon, _ = name.partition(":")
    if kind not in KINDS or colon:
        raise UnknownTargetError(
            f"expected a target out of {', '.join(KINDS)}, got {name!r}; choose one of those"
        )
    return kind


def open_target(name: str, **options: Any) -> AbstractContextManager[Target]:
    """The target called `name`, open within `with`; options are its kind's.

    UnknownTargetError, or ValueError for an option's value.
    """
    module = importlib.import_module(KINDS[check_target(name)])
    opened = module.open_target(name, **options)
    assert isinstance(opened, AbstractContextManager)
    return opened
