"""A diagnosis in which the bench presses the button and its instrument's trace is judged.

For a simulated unit, as training; the person's part is `driver`.
"""

from pathlib import Path

from lockhil.targets.base import Target
from lockjudge.limits import WINDOW_MS
from lockjudge.verdict import judge
from lockrig.diagnose.keeping import now, save
from lockrig.diagnose.outcome import Ending, Outcome
from lockrig.records.store import Attempt, BusyError, open_unit

# A little longer than the judge wants to see.
WATCHED_MS = WINDOW_MS + 1_000


def diagnose(target: Target, folder: Path) -> tuple[Outcome, Attempt | None]:
    """Press, watch, judge and record; by the same rules as a person's attempt."""
    outcome = Outcome(target.unit_id.upper())
    attempt = None
    try:
        with open_unit(folder, outcome.unit, training=True) as records:
            outcome.before = records.standing(now())
            if outcome.before.desk:
                outcome.end(Ending.DESK)
            else:
                attempt = records.begin(now(), repeat=outcome.before.repeat)
                _judge(target, outcome)
                save(attempt, outcome)
                outcome.saved()
    except BusyError:
        outcome.end(Ending.BUSY)
    except OSError:
        outcome.unsaved()
    return outcome, attempt


def _judge(target: Target, outcome: Outcome) -> None:
    target.bench.press()
    target.bench.clock.advance(ms=WATCHED_MS)
    outcome.trace = target.bench.trace()
    outcome.verdict = judge(outcome.trace)
