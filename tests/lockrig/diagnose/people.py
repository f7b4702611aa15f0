"""What the tests of `diagnose` share: a procedure brought to its START, and an honest sequence.

No test in here.
"""

from lockrig.diagnose.procedure import Procedure
from lockrig.records.standing import Standing

GOOD_TAPS = ((0, "start"), (900, "green"), (4_500, "green"), (7_600, "red"))
GOOD_ANSWERS = {
    "dark_before": "yes",
    "green_at_once": "yes",
    "red_while_green": "no",
    "red_blinks": 1,
    "red_short": "yes",
    "watched_to_end": "yes",
    "nothing_plugged_in": "yes",
}
TURN_MS = 50


def at_start(before: Standing | None = None) -> Procedure:
    """A procedure whose attempt is on disk, waiting for START."""
    procedure = Procedure()
    procedure.text("abc-123")
    procedure.text("ABC-123")
    procedure.standing(before or Standing())
    for answer in ("yes", "no", "yes"):
        procedure.answer(answer)
    procedure.ready()
    procedure.begun()
    return procedure


def watched(procedure: Procedure, taps=GOOD_TAPS, until_ms=32_000, turn_ms=TURN_MS) -> Procedure:
    """Tap the taps, and let the time run on to the end of the watch."""
    times = sorted({*range(0, until_ms + turn_ms, turn_ms), *(t for t, _ in taps)})
    for t in times:
        procedure.turn(1_000 + t)
        for tap_ms, key in taps:
            if tap_ms == t:
                procedure.tap(key, 1_000 + t)
    return procedure


def answered(procedure: Procedure, **other: object) -> Procedure:
    """Answer as of a good sequence but for `other`, and confirm."""
    for answer in {**GOOD_ANSWERS, **other}.values():
        procedure.answer(answer)
    procedure.confirm(1_000 + 40_000)
    return procedure


def saved(procedure: Procedure) -> Procedure:
    """The driver's last report."""
    procedure.saved()
    return procedure
