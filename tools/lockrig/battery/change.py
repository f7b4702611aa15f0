"""A battery change as far as it has come: its steps, and what is kept of it between two screens.

Data only; what may come next is `procedure`'s business, where it is kept `kept`'s.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any

# A gate that was passed longer ago has to be passed anew before the cover comes off.
VALID_FOR = timedelta(minutes=30)
STAFF, DESK = "staff", "desk"
ROLES = (STAFF, DESK)
DOOR = "door"
# What a run's record under load is kept of; see `bolt.moved`.
_READINGS = ("ms", "rest_mv", "low_mv", "low_cell_mv", "mohm", "mas", "temp_c")


class Step(Enum):
    """What comes next, and who reports it."""

    LABEL = auto()  # text()
    LABEL_AGAIN = auto()  # text()
    RECORDS = auto()  # the driver looks the unit up: looked_up(), or end()
    RESUMED = auto()  # choose("enter")
    CONTACT = auto()  # the driver looks for the unit: reached() or unreached()
    NO_CONTACT = auto()  # choose("again") or choose("enter")
    ELSEWHERE = auto()  # begun on another computer: choose("enter")
    ABANDON = auto()  # the driver cancels what was begun there: cancelled() or unreached()
    PULLED = auto()  # answer(): is the old pack out already?
    CASE = auto()  # text(): the service desk answers for it by its case
    SIGNS = auto()  # answer()
    DIAGNOSE = auto()  # the driver runs a diagnosis: diagnosed()
    BEGIN = auto()  # the driver tells the unit: began() or unreached()
    COVER = auto()  # choose("enter"); reached(), unreached() and turn() meanwhile
    SIGNS_AGAIN = auto()  # answer()
    OUT = auto()  # choose("enter"), down to COVER_ON
    APART = auto()
    NEW = auto()
    IN = auto()
    COVER_ON = auto()
    WAIT = auto()  # the driver waits for the unit: reached(), unreached(), choose("later")
    ADOPT = auto()  # the driver hands over what was begun without contact: adopted()
    CONFIRM = auto()  # answer(): the control question
    REGISTER = auto()  # the driver registers the change: registered()
    RUNS = auto()  # choose("enter") or choose("give_up"); reached() and unreached() meanwhile
    RUN = auto()  # the driver commands one run: ran() or unreached()
    CLOSE = auto()  # choose("enter") or choose("give_up")
    PROVE = auto()  # the driver asks for the proof under load: closed() or unreached()
    CANCEL = auto()  # the driver gives the change up: cancelled() or unreached()
    BUSY = auto()  # the unit can't just now: choose("enter") tries again
    KEEP = auto()  # the driver puts `change` on disk: kept() or unkept()
    RECEIPT = auto()  # the driver puts the receipt on disk: kept() or unkept()
    END = auto()


# While the cover is on, and nothing has been touched.
BEFORE = (Step.NO_CONTACT, Step.BEGIN, Step.COVER)
# The cover is off, or was: BATT-3's order.
HANDS = (Step.SIGNS_AGAIN, Step.OUT, Step.APART, Step.NEW, Step.IN, Step.COVER_ON)
# The new pack is in.
AFTER = (Step.WAIT, Step.CONFIRM, Step.RUNS, Step.CLOSE, Step.PROVE, Step.CANCEL)
# What is on disk before it is shown or done.
KEPT = (*BEFORE, *HANDS, *AFTER)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a unit says of itself, all at once. `phase` "": its firmware knows no such changes."""

    unit: str
    kind: str = DOOR
    firmware: str = ""
    level: str = "UNKNOWN"
    ground: str = "none"
    fresh: bool = False
    bolt: str = "UNKNOWN"
    phase: str = "none"
    role: str = ""
    locks: int = 0
    unlocks: int = 0
    needed: int = 5
    swaps: int = 0
    report: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    """One commanded run: the unit's `answer`, its `swap.step` and `bolt.moved`.

    What wasn't told is an empty dictionary. Then where the bolt is, and what is suspected.
    """

    method: str
    answer: dict[str, Any]
    step: dict[str, Any]
    moved: dict[str, Any]
    bolt: str
    ground: str = "none"

    def evidence(self) -> dict[str, Any]:
        """What of it is kept."""
        counted = self.step.get("counted") is True
        why = "" if counted else str(self.step.get("why") or "result")
        result = str(self.answer.get("result", ""))
        kept = {"method": self.method, "result": result, "counted": counted, "why": why}
        return kept | {key: self.moved[key] for key in _READINGS if key in self.moved}


@dataclass(frozen=True, slots=True)
class Gate:
    """Why the cover may come off: `kind` "fresh", "diagnosed" or "desk", passed `at` (UTC).

    `record` names the judged attempt of "diagnosed"; `evidence` is for the receipt.
    """

    kind: str
    at: datetime
    record: str = ""
    evidence: dict[str, Any] = field(default_factory=dict)

    def holds(self, now: datetime) -> bool:
        """Whether it still lets the cover come off."""
        return self.at <= now <= self.until

    @property
    def until(self) -> datetime:
        """The last moment at which it does."""
        return self.at + VALID_FOR


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one unit's battery; `ident` tells it from the unit's other ones.

    `unreachable`: contact was missing or lost, and no complete pass has cleared that. `announced`:
    the unit knows. `swaps`: how many changes it had counted before, None if nobody could ask.
    `times`: when steps were reached; `runs`: each run with what the unit told of it.
    """

    unit: str = ""
    role: str = STAFF
    case: str = ""
    ident: str = ""
    step: Step = Step.NO_CONTACT
    gate: Gate | None = None
    unreachable: bool = False
    announced: bool = False
    out: bool = False
    adopted: bool = False
    kind: str = ""
    firmware: str = ""
    swaps: int | None = None
    locks: int = 0
    unlocks: int = 0
    result: str = ""
    runs: tuple[dict[str, Any], ...] = ()
    times: dict[str, str] = field(default_factory=dict)
    load: dict[str, Any] = field(default_factory=dict)
