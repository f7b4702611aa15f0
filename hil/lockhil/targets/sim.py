"""The target `sim`: the firmware's core under this Python, in the simulated world."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from lockhil.firmware import laid_out
from lockhil.targets.base import Target
from lockhil.targets.inworld import target_in
from lockhil.targets.options import Options


@contextmanager
def open_target(name: str, **options: Any) -> Iterator[Target]:
    """A world of its own around a unit that booted just now; see `Options`."""
    begin = Options(**options)
    world = begin.world(begin.settings(), target=name)
    world.slots.holds = _slot
    yield target_in(begin, world, name, "sim")


def _slot() -> dict[str, bytes]:
    """What a board's first slot holds, though nothing of it runs here."""
    return {
        place.removeprefix("a/"): data
        for place, data in laid_out().items()
        if place.startswith("a/")
    }
