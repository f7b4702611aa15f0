"""The target `sim`: the firmware's core under this Python, in the simulated world."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from lockhil.targets.base import Target
from lockhil.targets.inworld import target_in
from lockhil.targets.options import Options


@contextmanager
def open_target(name: str, **options: Any) -> Iterator[Target]:
    """A world of its own around a unit that booted just now; see `Options`."""
    begin = Options(**options)
    yield target_in(begin, begin.world(begin.settings(), target=name), name, "sim")
