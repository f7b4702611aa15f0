"""The verdict on a trace: may this battery be changed as usual?

A pure function from what was seen to a verdict with its reasons. It is the one place that can say
yes, and it says so only where every condition is known to hold; it acts on nothing.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from lockjudge import instrument, limits
from lockjudge.person import Observation
from lockjudge.signals import Signals, presses
from lockjudge.trace import OBSERVERS, Trace
from lockjudge.tristate import HOLDS, UNKNOWN, VIOLATED, Condition, worst


@dataclass(frozen=True, slots=True)
class JudgedSequence:
    """One press (at `press_ms` of the trace's own time) and its conditions."""

    press_ms: int
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome, what a command exits with, and the reasons.

    Only an `exit_code` of 0 lets anybody open the unit: 3 is the service desk's, 4 means that too
    little was seen, and both read "do not open".
    """

    outcome: str
    exit_code: int
    sequences: tuple[JudgedSequence, ...]
    doubts: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """The verdict as JSON takes it."""
        return asdict(self)


def judge(trace: Trace, doubts: Sequence[str] = ()) -> Verdict:
    """The verdict on `trace`; each of the caller's `doubts` keeps it from being a yes."""
    u_ms, doubted = _uncertainty(trace)
    doubted = [*doubts, *doubted]
    if trace.defect is not None:
        doubted.append(f"nothing after line {trace.defect.line} counts: {trace.defect.reason}")
    signals = Signals(trace)
    sequences = _instrument_sequences(signals, u_ms)
    if trace.header.get("observer") == "person":
        sequences = [*_observations(signals, u_ms), *_worse_only(sequences)]
    elif signals.spans("button") and signals.spans("button")[0].v == 1:
        doubted.append("the button was held already when the trace began")
    if not sequences:
        doubted.append("there is no press in the trace")

    states = [row.state for sequence in sequences for row in sequence.conditions]
    state = worst([*states, *(UNKNOWN for _ in doubted)])
    if state == VIOLATED:
        outcome, exit_code = "SUSPECTED_DISCHARGED", 3
    elif state == HOLDS and states:
        outcome, exit_code = "CHANGE_ALLOWED", 0
    else:
        outcome, exit_code = "INCONCLUSIVE", 4
    return Verdict(outcome, exit_code, tuple(sequences), tuple(doubted))


def _uncertainty(trace: Trace) -> tuple[int, list[str]]:
    """The header's uncertainty in ms, and the doubts that the header itself raises."""
    doubts = []
    observer = trace.header.get("observer")
    if observer not in OBSERVERS:
        doubts.append("the trace doesn't say who observed")
    elif observer == "unit":
        doubts.append("the unit's own word can only make a verdict worse")
    u_ms = trace.header.get("t_uncertainty_ms")
    if type(u_ms) is not int or u_ms < 0:
        doubts.append("the trace doesn't say how sure its times are (t_uncertainty_ms)")
        u_ms = 0
    return u_ms, doubts


def _instrument_sequences(signals: Signals, u_ms: int) -> list[JudgedSequence]:
    """The sequences of a recording: a press within another's window starts none."""
    all_presses = presses(signals, u_ms)
    found: list[JudgedSequence] = []
    for press in all_presses:
        if not found or press.t_ms - found[-1].press_ms > limits.WINDOW_MS:
            sequence = instrument.Sequence(signals, press, all_presses, u_ms)
            found.append(JudgedSequence(press.t_ms, sequence.conditions()))
    return found


def _observations(signals: Signals, u_ms: int) -> list[JudgedSequence]:
    """The one sequence of a person's trace; none without a START."""
    seen = Observation(signals, u_ms)
    return [JudgedSequence(seen.start, seen.conditions())] if seen.starts else []


def _worse_only(sequences: list[JudgedSequence]) -> list[JudgedSequence]:
    """What an instrument beside the person saw: it can only make the verdict worse."""
    kept = []
    for sequence in sequences:
        bad = tuple(row for row in sequence.conditions if row.state == VIOLATED)
        if bad:
            kept.append(JudgedSequence(sequence.press_ms, bad))
    return kept
