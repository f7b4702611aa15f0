"""What the unit tells on the link: names and values, made from its parts.

It only words; when something is told the unit decides, and what is written down is in `entries`.
"""

from lockunit.access import Access
from lockunit.actuation import Actuation
from lockunit.battery import GROUNDS, LEVELS, Battery
from lockunit.board import FAILED, Board
from lockunit.cells import READING
from lockunit.journal import Journal
from lockunit.life import Life
from lockunit.link import base64
from lockunit.selftest import Selftest
from lockunit.swap import NEEDED, PHASES, Swap

_SUPPLIES = ("battery", "external", "unknown")
# Whether the pack can be of the kind that the settings are for: nobody knows, or no, or yes.
_FITS = {"": True, READING: None}


def _known(value: int) -> "int | None":
    return None if value == FAILED else value


def result(word: str, cause: str) -> "list[tuple[str, object]]":
    """How something ended, and what that is due to."""
    told: list[tuple[str, object]] = [("result", word)]
    if cause:
        told.append(("cause", cause))
    return told


def run(done: Actuation, bolt_state: str) -> "list[tuple[str, object]]":
    """A run of the motor with its evidence, or a move by hand."""
    evidence: list[tuple[str, object]] = [("state", bolt_state), ("by", done.by)]
    if done.result:
        evidence += result(done.result, done.cause)
        evidence += [
            ("ms", done.ms),
            ("rest_mv", _known(done.rest_mv)),
            ("low_mv", _known(done.low_mv)),
            ("low_cell_mv", _known(done.low_cell_mv)),
            ("mohm", _known(done.mohm)),
            ("mas", done.mas),
            ("temp_c", _known(done.temperature)),
        ]
    return evidence


def level(battery: Battery) -> "list[tuple[str, object]]":
    """The level and its ground."""
    return [("level", LEVELS[battery.told()]), ("ground", GROUNDS[battery.ground])]


def report(board: Board, battery: Battery) -> "list[tuple[str, object]]":
    """The level with all that it stands on."""
    return level(battery) + [
        ("fresh", battery.fresh()),
        ("last_loaded_mv", _known(battery.last_mv)),
        ("last_rest_mv", _known(battery.cells.rest_mv)),
        ("fits", _FITS.get(battery.cells.doubt(), False)),
        ("temp_c", _known(board.temperature())),
        ("supply", _SUPPLIES[board.supply()]),
    ]


def diagnostic(test: Selftest) -> "list[tuple[str, object]]":
    """What the last diagnostic found."""
    return [
        ("outcome", test.outcome),
        ("reason", test.reason),
        ("rest_mv", _known(test.rest_mv)),
        ("loaded_mv", _known(test.loaded_mv)),
    ]


def _counted(change: Swap) -> "list[tuple[str, object]]":
    return [
        ("phase", PHASES[change.phase]),
        ("locks", change.locks),
        ("unlocks", change.unlocks),
        ("needed", NEEDED),
    ]


def change(change: Swap) -> "list[tuple[str, object]]":
    """Where a battery change is, and what is known of those before."""
    told = _counted(change)
    if change.phase:
        told += [("role", change.role), ("gate", change.gate)]
    told += [("swaps", change.swaps), ("swapped_at", change.swapped_at)]
    return told + [("unannounced", change.unannounced)]


def step(change: Swap, what: str, why: str) -> "list[tuple[str, object]]":
    """A step of a battery change, or a run that doesn't count, and why."""
    told = _counted(change)
    told += [("what", what), ("counted", what == "counted"), ("why", why)]
    return told


def life(life: Life, access: Access) -> "list[tuple[str, object]]":
    """Where a unit is in its life, whose it is, and whose credentials it takes."""
    told: list[tuple[str, object]] = [("life", life.state)]
    if life.customer:
        told.append(("customer", life.customer))
    return told + epoch(access)


def epoch(access: Access) -> "list[tuple[str, object]]":
    """The epoch of the credentials that the unit takes; nothing where it has no key."""
    return [] if access.state else [("epoch", access.epoch)]


def clock(now: int, access: Access) -> "list[tuple[str, object]]":
    """The time and its lower bound (s since 1970), None where that isn't known."""
    if access.development:
        return [("time_s", access.board.calendar() or None), ("bound_s", None)]
    return [("time_s", access.bound.clock() or None), ("bound_s", _known(access.bound.least(now)))]


def page(journal: Journal, after: int, sealed: bool) -> "list[tuple[str, object]]":
    """Some records of the journal, from the one after a number on."""
    at, records = journal.page(after, sealed)
    told: list[tuple[str, object]] = [("at", at)]
    told.append(("records", base64(records)))
    return told + held(journal)


def held(journal: Journal) -> "list[tuple[str, object]]":
    """Which records the journal holds."""
    return [
        ("first", journal.first()),
        ("last", journal.next - 1),
        ("acked", journal.acked),
        ("refused", journal.refused),
    ]
