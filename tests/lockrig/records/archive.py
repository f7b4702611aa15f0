"""Folders of real records: judged by the judge, changed on a simulated unit. No test in here."""

from datetime import datetime, timedelta
from pathlib import Path

from lockhil.targets import open_target
from lockrig.diagnose.keeping import now, save
from lockrig.diagnose.outcome import Outcome
from lockrig.i18n import speak
from lockrig.records.store import open_unit
from tests.lockrig.battery.people import diagnoses
from tests.lockrig.battery.person import Person, change

UNIT = "ABC-123"
OUTCOMES = ("allowed", "suspected", "inconclusive")


def keep(
    folder: Path,
    what: str,
    *,
    unit: str = UNIT,
    training: bool = False,
    ago: timedelta = timedelta(),
) -> str:
    """Keep an attempt, and give its id; `what` is one of OUTCOMES, or how else it ended."""
    at: datetime = now() - ago
    mine = folder / ("training" if training else "units") / f"unit-{unit}"
    before = set(mine.glob("*.json"))
    with open_unit(folder, unit, training=training) as records:
        if what == "danger":
            records.danger(at)
        elif what == "cleared":
            records.clear("CASE-7", at)
        else:
            attempt = records.begin(at, repeat=records.standing(at).repeat)
            if what == "withdrawn":
                attempt.withdraw()
            elif what in OUTCOMES:
                outcome: Outcome = diagnoses()[what]
                outcome.before = type(outcome.before)(repeat=attempt.record.repeat)
                save(attempt, outcome)
            return attempt.name
    [made] = set(mine.glob("*.json")) - before
    return made.stem


def changed(folder: Path) -> Path:
    """Change the battery of the training unit T-1, for real; its receipt."""
    speak("en")  # the person answers by its keys
    with open_target("sim", pack="low", unit_id="T-1") as target:
        change(target, folder, Person())
    [receipt] = (folder / "training" / "unit-T-1" / "swap").glob("2*.json")
    return receipt


def record_of(folder: Path, ident: str, unit: str = UNIT) -> Path:
    """The file of a record."""
    return folder / "units" / f"unit-{unit}" / f"{ident}.json"
