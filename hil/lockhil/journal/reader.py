"""Reading a unit's journal over its link, page by page; a reader that dies just reads again.

Reading frees nothing. Only `acknowledge` does, and that up to a number that the reader has.
"""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass

from lockhil.client import Link, RpcError
from lockunit.records import SIZE

# A page is a kilobyte: a tenth of a second at 115,200 baud.
PAGE_MS = 2_000


@dataclass(frozen=True, slots=True)
class Held:
    """What a unit holds: numbers `first` to `last`; `refused` events have no record (yet)."""

    first: int
    last: int
    acked: int
    refused: int


@dataclass(frozen=True, slots=True)
class Slot:
    """The bytes at one place of a journal, a good record or not."""

    seq: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """One answer."""

    held: Held
    slots: tuple[Slot, ...]


class NoJournalError(Exception):
    """What answers tells nothing that could be a page of a journal; the message says what."""


def read_page(link: Link, after: int) -> Page:
    """The records that follow `after`. LinkTimeoutError, RpcError, NoJournalError."""
    told = link.call("journal.read", PAGE_MS, after=after)
    try:
        numbers = [told[name] for name in ("first", "last", "acked", "refused", "at")]
        data = base64.b64decode(told["records"], validate=True)
    except (KeyError, TypeError, binascii.Error) as error:
        raise NoJournalError(f"expected a page of a journal, got {str(told)[:120]}") from error
    if any(type(number) is not int for number in numbers) or len(data) % SIZE:
        raise NoJournalError(f"expected numbers and whole records, got {str(told)[:120]}")
    *held, at = numbers
    pieces = range(0, len(data), SIZE)
    slots = tuple(Slot(at + n // SIZE, data[n : n + SIZE]) for n in pieces)
    if slots and at <= after:
        raise NoJournalError(f"asked for what follows {after}, got {at}: that never ends")
    return Page(Held(*held), slots)


def pages(link: Link, after: int = 0) -> Iterator[Page]:
    """All pages from there to what was the last record at the first answer; one at least."""
    page = read_page(link, after)
    last = page.held.last
    yield page
    while page.slots and page.slots[-1].seq < last:
        page = read_page(link, page.slots[-1].seq)
        yield page


def acknowledge(link: Link, upto: int) -> None:
    """Let the unit free what it can of its records up to this one. RpcError."""
    answer = link.call("journal.ack", upto=upto)
    if answer.get("result") != "done":
        raise RpcError(0, f"the unit doesn't take the acknowledgement of {upto}", answer)
