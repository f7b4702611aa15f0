"""What a unit writes into its journal: the bodies of its records, made from its parts.

It only packs; when a record is written the unit decides, and what is told on the link it tells.
"""

import struct

from lockunit import records
from lockunit.access import ENDED, FALSE_PROOF, REFUSED, Note
from lockunit.actuation import Actuation
from lockunit.battery import Battery
from lockunit.board import KEPT_ASIDE, NOT_STORED, Board
from lockunit.life import STATES, Life
from lockunit.proof import ROLES, Proof
from lockunit.records import (
    ATTEMPT,
    BODIES,
    BOLT,
    BOOT,
    CHANGE,
    DIAGNOSTIC,
    LEVEL,
    LIFE,
    SESSION,
    SWAP,
    number,
    short,
)
from lockunit.segments import Segments
from lockunit.selftest import Selftest
from lockunit.session import FORGED, SEQUENCE
from lockunit.swap import GATES, Swap

# How somebody else ends a session: the rest ends by itself, or with what has a record of its own.
_FOREIGN = (SEQUENCE, FORGED)
_LED_NOWHERE = (REFUSED, FALSE_PROOF)


def boot(
    board: Board, bolt_state: str, battery: Battery, segments: Segments, version: str
) -> bytes:
    """Why the unit started, what it found, and what of the journal was torn or damaged."""
    return struct.pack(
        BODIES[BOOT],
        board.reset_cause(),
        number(records.STATES, bolt_state),
        board.supply(),
        battery.level,
        battery.ground,
        segments.torn,
        min(segments.damaged, records.OTHER),
        version.encode()[:10],
    )


def run(run: Actuation, bolt_state: str) -> bytes:
    """A run of the motor with its evidence, or a move by hand."""
    return struct.pack(
        BODIES[BOLT],
        number(records.ACTORS, run.by),
        number(records.STATES, run.target),
        number(records.RESULTS, run.result),
        number(records.CAUSES, run.cause),
        number(records.STATES, bolt_state),
        short(run.ms),
        short(run.rest_mv),
        short(run.low_mv),
        short(run.low_cell_mv),
        short(run.mohm),
        short(run.mas),
        short(run.temperature),
    )


def level(battery: Battery) -> bytes:
    """The battery's level and its ground, and the readings that they stand on."""
    readings = short(battery.last_mv), short(battery.cells.rest_mv)
    told = battery.told(), battery.ground, int(battery.fresh())
    return struct.pack(BODIES[LEVEL], *told, *readings)


def proof(proof: Proof, battery: Battery) -> bytes:
    """How the end of a battery change was proved, or why it wasn't."""
    words = (
        number(ROLES, proof.role),
        number(records.RESULTS, proof.result),
        number(records.CAUSES, proof.cause),
    )
    readings = short(battery.last_mv), short(battery.cells.rest_mv)
    return struct.pack(BODIES[SWAP], *words, battery.told(), battery.ground, *readings)


def change(change: Swap, what: str) -> bytes:
    """A step of a battery change, and how many runs count so far."""
    words = number(records.CHANGES, what), number(ROLES, change.role), number(GATES, change.gate)
    return struct.pack(BODIES[CHANGE], *words, change.locks, change.unlocks)


def life(life: Life) -> bytes:
    """Where the unit is in its life; whose it is stands nowhere in the journal."""
    return struct.pack(BODIES[LIFE], number(STATES, life.state))


def refused(name: str, why: str) -> bytes:
    """A store that is refused, and whether for its content; b"" where the journal told itself."""
    fault = "corrupt"
    if why == KEPT_ASIDE:
        fault = "kept aside"
    elif why.startswith(NOT_STORED):
        fault = "refused"
    elif name.endswith(".journal"):
        return b""
    # What sessions keep has the same beginnings as what the journal does.
    return records.fault(name if name in records.THINGS else name.split(".", 1)[0], fault)


def access(note: Note) -> "tuple[int, bytes]":
    """What became of a session, of the clock or the epoch; of which kind, 0: of none.

    Anybody may cause what led nowhere, so its flood mustn't hide who came in.
    """
    kind = SESSION
    if note.what in _LED_NOWHERE:
        kind = ATTEMPT
    elif note.what == ENDED:
        kind = ATTEMPT if note.why in _FOREIGN else 0
    words = note.what, number(records.WHYS, note.why)
    return kind, struct.pack(BODIES[SESSION], *words, note.number, note.role, note.value, note.user)


def diagnostic(test: Selftest) -> bytes:
    """What a diagnostic found."""
    words = number(records.OUTCOMES, test.outcome), number(records.REASONS, test.reason)
    return struct.pack(BODIES[DIAGNOSTIC], *words, short(test.rest_mv), short(test.loaded_mv))
