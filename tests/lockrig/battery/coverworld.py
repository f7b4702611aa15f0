"""A procedure of a battery change in anybody's hands, and a book of what bears out its steps."""

from dataclasses import replace
from datetime import datetime

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from lockrig.battery.change import Change, Gate, Seen, Step
from lockrig.battery.ending import Ending
from lockrig.battery.procedure import Procedure
from lockrig.records.standing import Standing
from tests.lockrig.battery.people import CASE, DONE, HEALTHY, NOON, UNIT, diagnoses, minutes, ran

Action = tuple[object, ...]
DIAGNOSES = diagnoses()
RESULTS = ("done", "BUSY", "OPEN", "NOT_AUTHORISED", "NOT_FRESH", "NO_DIAGNOSTIC", "STORAGE")
LATER = ("NOT_REMOVED", "NOT_BEGUN", "NOT_COUNTED", "INSUFFICIENT_BATTERY", "DISMOUNTED")
GROUNDS = ("none", "none", "none", "below_threshold")
PHASES = ("none", "none", "begun", "out", "replaced", "")
SEEN = st.builds(
    Seen,
    unit=st.sampled_from([UNIT, UNIT, UNIT, "abc-123", "XYZ-9", ""]),
    level=st.sampled_from(["GOOD", "CHANGE_NOW", "UNKNOWN"]),
    ground=st.sampled_from(GROUNDS),
    fresh=st.booleans(),
    phase=st.sampled_from(PHASES),
    locks=st.integers(0, 6),
    unlocks=st.integers(0, 6),
    swaps=st.integers(0, 2),
)
ANSWERS = st.fixed_dictionaries(
    {
        "result": st.sampled_from([*RESULTS, *LATER]),
        "level": st.sampled_from(["GOOD", "CHANGE_NOW", "UNKNOWN", "SUSPECTED_DISCHARGED"]),
        "ground": st.sampled_from(GROUNDS),
    }
)
ASKING = (Step.CONTACT, Step.BEGIN, Step.COVER, Step.ABANDON)


class World(RuleBasedStateMachine):
    """The book: when contact was fresh, when a diagnosis passed, when the desk gave its word."""

    def __init__(self) -> None:
        super().__init__()
        self.start("staff", None)

    @initialize(role=st.sampled_from(["staff", "staff", "staff", "desk"]))
    def who(self, role: str) -> None:
        self.start(role, None)

    def start(self, role: str, disk: Change | None) -> None:
        self.role, self.disk = role, disk
        self.now = NOON
        self.fresh: datetime | None = None
        self.passed: datetime | None = None
        self.word: datetime | None = None
        self.heard = True
        self.lost = False
        self.opened = False
        self.commanded = False
        self.closed = False
        self.procedure = self.anew()

    def anew(self) -> Procedure:
        return Procedure(self.role, CASE if self.role == "desk" else "", self.now)

    def look(self) -> None:
        self.commanded &= self.procedure.step is Step.RUN

    @rule(text=st.sampled_from([UNIT, UNIT, "abc-123", "XYZ-9", CASE, "CASE-8", "?"]))
    def types(self, text: str) -> None:
        if self.procedure.step is Step.CASE and text == CASE:
            self.word = self.now
        self.procedure.text(text)

    @rule(
        desk=st.sampled_from(["", "", "", "", "suspected"]),
        proven=st.booleans(),
    )
    def looked_up(self, desk: str, proven: bool) -> None:
        proven = proven and self.passed is not None
        self.procedure.looked_up(Standing(desk), self.disk, proven=proven)

    @rule()
    def label(self) -> None:
        """Most runs ought to get past the label."""
        self.types(UNIT)
        self.types(UNIT)
        self.looked_up("", True)

    @rule(seen=SEEN)
    def reached(self, seen: Seen) -> None:
        right = seen.unit.upper() == UNIT and seen.ground == "none"
        if right and seen.phase == "begun" and self.procedure.step is Step.CONTACT:
            self.heard = True
        self.procedure.reached(seen)

    @rule()
    def healthy(self) -> None:
        self.reached(HEALTHY)

    @rule()
    def unreached(self) -> None:
        if self.procedure.step in ASKING:
            self.fresh, self.lost = None, True
        self.procedure.unreached("silent")

    @rule()
    def lost_and_found(self) -> None:
        """Away for a moment, then there again, as healthy as before."""
        self.unreached()
        self.kept(True)
        self.chooses("again")
        self.reached(HEALTHY)

    @rule()
    def pulled(self) -> None:
        """Contact is lost, and somebody says that the old pack is out already."""
        self.unreached()
        self.answers("yes")
        self.kept(True)
        self.answers("no")
        self.kept(True)

    @rule(key=st.sampled_from(["enter", "enter", "enter", "again", "later", "give_up"]))
    def chooses(self, key: str) -> None:
        if self.procedure.step is Step.COVER and key == "enter":
            self.opened = self.borne_out()
        if self.procedure.step is not Step.RUN:
            self.commanded = self.procedure.step is Step.RUNS and key == "enter"
        self.procedure.choose(key)

    @rule(answer=st.sampled_from(["yes", "no", "no", "unsure"]))
    def answers(self, answer: str) -> None:
        self.procedure.answer(answer)

    @rule(name=st.sampled_from(sorted(DIAGNOSES)), ago=st.sampled_from([0, 10, 31, -5]))
    def diagnosed(self, name: str, ago: float) -> None:
        at = self.now - minutes(ago)
        if self.procedure.step is Step.DIAGNOSE and name == "allowed":
            self.passed, self.lost = at, False
        self.procedure.diagnosed(DIAGNOSES[name], Gate("diagnosed", at, "name"))

    @rule(answer=ANSWERS, unit=st.sampled_from([UNIT, UNIT, UNIT, "XYZ-9", None]))
    def began(self, answer: dict[str, str], unit: str | None) -> None:
        good = answer["result"] == "done" and answer["ground"] == "none" and unit == UNIT
        known = answer["level"] in ("GOOD", "CHANGE_NOW")
        if self.procedure.step is Step.BEGIN and good and known and not self.lost:
            self.fresh, self.heard = self.now, True
        self.procedure.began(unit, answer, 0)

    @rule()
    def begins(self) -> None:
        self.began(DONE, UNIT)

    @rule(method=st.sampled_from(["cancelled", "adopted", "registered", "closed"]), answer=ANSWERS)
    def unit_answers(self, method: str, answer: dict[str, str]) -> None:
        proof = method == "closed" and self.procedure.step is Step.PROVE
        self.closed |= proof and answer["result"] == "done"
        getattr(self.procedure, method)(answer, *([{}] if method == "closed" else []))

    @rule(locks=st.integers(0, 6), unlocks=st.integers(0, 6), why=st.sampled_from(["", "hand"]))
    def ran(self, locks: int, unlocks: int, why: str) -> None:
        self.procedure.ran(ran("bolt.lock", locks, unlocks, why))

    @rule(works=st.sampled_from([True, True, True, False]))
    def kept(self, works: bool) -> None:
        if not works:
            self.procedure.unkept()
            return
        if self.procedure.step is Step.KEEP:
            self.disk = self.procedure.change
        elif self.procedure.step is Step.RECEIPT:
            self.disk = None
        self.procedure.kept()

    @rule(ms=st.sampled_from([1, 10, 29, 31, -40, 2_000]))
    def time_passes(self, ms: float) -> None:
        self.now += minutes(ms)
        self.procedure.turn(self.now)

    @rule(take_over=st.sampled_from([False, False, False, True]))
    def killed(self, take_over: bool) -> None:
        """Ctrl-C, kill -9, or a power cut of the computer; then somebody starts it again."""
        self.procedure.end(Ending.INTERRUPTED)
        if take_over:
            self.role = "desk"
        self.heard = False
        self.procedure = self.anew()
        self.procedure.text(UNIT)
        self.procedure.text(UNIT)

    @rule(
        take_over=st.booleans(),
        proven=st.booleans(),
        phase=st.sampled_from(["none", "begun", "out", "lost"]),
    )
    def revived(self, take_over: bool, proven: bool, phase: str) -> None:
        """The same as far as the unit; the diagnosis may have gone from the records meanwhile."""
        self.killed(take_over)
        if not proven:
            self.passed = None
        self.looked_up("", proven)
        self.chooses("enter")
        if phase == "lost":
            self.unreached()
        else:
            self.reached(replace(HEALTHY, phase=phase))
        self.kept(True)

    def borne_out(self) -> bool:
        def valid(at: datetime | None) -> bool:
            return at is not None and at <= self.now <= at + minutes(30)

        fresh = valid(self.fresh) and self.heard and not self.lost
        desk = self.role == "desk" and valid(self.word)
        return self.procedure.change.unit == UNIT and (fresh or valid(self.passed) or desk)

    @invariant()
    def the_cover_comes_off_only_so(self) -> None:
        self.look()
        if self.procedure.step is Step.COVER:
            assert self.borne_out()
            assert self.disk is not None, "not on disk before it matters"
            assert self.disk.step is Step.COVER
        elif self.procedure.step is Step.OUT:
            assert self.opened
        elif self.procedure.step is Step.RUN:
            assert self.commanded, "a run that nobody asked for"

    @invariant()
    def what_ends_well_was_proved(self) -> None:
        if self.procedure.exit_code == 0:
            assert self.closed or "prove" in self.procedure.change.times
