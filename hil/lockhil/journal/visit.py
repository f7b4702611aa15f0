"""One visit to a unit's journal: read what is new, keep it, check all of it, then acknowledge.

A visit may end anywhere, in the reader, the line or the unit: the next one goes on where the file
ends, and nothing is freed that isn't on the disk.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from lockhil.client import Link, LinkTimeoutError
from lockhil.journal.check import Checker, Finding
from lockhil.journal.kept import Kept
from lockhil.journal.reader import Held, Page, Slot, acknowledge, read_page
from lockhil.journal.record import Record

# What doesn't come is asked for again: nothing is lost by that.
TRIES = 4

Places = list[tuple[Slot, Record | None]]
T = TypeVar("T")


class OtherUnitError(Exception):
    """The file is another unit's."""


@dataclass(slots=True)
class Visited:
    """What came of it: `read` is what the unit gave now, `findings` tell of the whole file.

    `acked`: up to where it was acknowledged, None if it wasn't.
    """

    held: Held
    read: Places
    checker: Checker
    findings: tuple[Finding, ...] = ()
    acked: int | None = None


def visit(
    link: Link, keys: Sequence[bytes] = (), kept: Kept | None = None, *, ack: bool = False
) -> Visited:
    """Read, keep and check; if nothing is wrong and there is a file, acknowledge what it holds.

    OtherUnitError, LinkTimeoutError, RpcError, NoJournalError; OSError: the file's.
    """
    checker = Checker(keys)
    last = None
    if kept is not None:
        _meet(link, kept)
        for slot in kept.slots:
            checker.take(slot)
        last = kept.slots[-1] if kept.slots else None
    done = _read(link, checker, kept, last)
    done.findings = checker.end(done.held, kept.first if kept is not None else None)
    if ack and kept is not None and kept.slots and not done.findings:
        upto = kept.slots[-1].seq
        _again(lambda: acknowledge(link, upto))
        done.acked = upto
    return done


def _meet(link: Link, kept: Kept) -> None:
    """Only now is it known whose file it has to be."""
    unit = str(_again(lambda: link.call("unit.hello")).get("unit") or "?")
    if not kept.begun:
        kept.begin(unit, _again(lambda: read_page(link, 0)).held.first)
    elif kept.unit != unit:
        raise OtherUnitError(f"it is the journal of {kept.unit}, and this unit is {unit}")


def _read(link: Link, checker: Checker, kept: Kept | None, last: Slot | None) -> Visited:
    """All that the unit held when it was asked first, from what is known on."""
    read: Places = []
    # The last that is known comes again: is this still the same journal?
    page = _page(link, last.seq - 1 if last else 0)
    end, after = page.held.last, last.seq if last else 0
    goes_on = last is None or checker.follows(last, page)
    while goes_on:
        slots = tuple(slot for slot in page.slots if slot.seq > after)
        if kept is not None:
            kept.add(slots)
        for slot in slots:
            read.append((slot, checker.take(slot)))
            after = slot.seq
        if after >= end or not page.slots:
            break
        page = _page(link, after)
    held = page.held
    # What another history of the unit goes on with isn't missing here.
    end = max(end, after) if goes_on else after
    return Visited(Held(held.first, end, held.acked, held.refused), read, checker)


def _page(link: Link, after: int) -> Page:
    return _again(lambda: read_page(link, after))


def _again(ask: Callable[[], T]) -> T:
    for _ in range(TRIES - 1):
        try:
            return ask()
        except LinkTimeoutError:
            continue
    return ask()
