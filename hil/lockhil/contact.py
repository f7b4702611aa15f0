"""Contact with a unit and nothing else: its link, with the unit left as it was found.

A target is more: opening one may bring the unit into the state that tests begin in.
"""

import importlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from lockhil.client import Link, Transport
from lockhil.targets import NAMES, check_target, open_target
from lockhil.targets.remote import first_id


@dataclass(frozen=True, slots=True)
class Contact:
    """The link of the target called `name`; times on it are right to `tolerance_ms`."""

    name: str
    clock_kind: str
    tolerance_ms: int
    link: Link


# Makes a link of a transport and the number that its requests begin after.
LinkMaker = Callable[[Transport, int], Link]


@contextmanager
def open_contact(name: str, make_link: LinkMaker = Link) -> Iterator[Contact]:
    """Contact with the target called `name`, which isn't asked anything yet.

    `make_link`: what speaks on a line, where it isn't the open link; a simulated unit has its own.
    UnknownTargetError, ContactLostError, NotOnThisBenchError.
    """
    module = check_target(name)
    if name in NAMES:
        with open_target(name) as target:
            yield Contact(name, target.clock_kind, target.tolerance_ms, target.link)
        return
    kind = importlib.import_module(module)
    with kind.wire(name) as transport:
        yield Contact(name, "real", kind.TOLERANCE_MS, make_link(transport, first_id()))
