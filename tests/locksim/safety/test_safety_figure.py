"""A slice of the safety figure, and planted faults that it must find."""

from collections import Counter

import pytest

from locksim.packs.load import kinds as pack_kinds
from locksim.safety import faults
from locksim.safety.case import Label, parse_label, run_case
from locksim.safety.figure import Figure
from locksim.safety.kinds import APART, DISCHARGED, GOOD, KINDS
from locksim.safety.procedure import INSTRUMENT, PERSON
from locksim.safety.run import UNSUPPORTED, Counts, carry_out, plan, run
from locksim.safety.setup import UNSUSPECTING, stored
from lockunit.battery import CHANGE_NOW, LEVELS
from tests.full import FULL
from tests.locksim.safety import altered
from tests.lockunit.hand import Hand, HandBoard

SEED = 1
CASES = 300 if FULL else 150


def counted(tasks, **options) -> Counts:
    counts = Counts()
    for _, more in run(tasks, **options):
        counts.add(more)
    return counts


@pytest.fixture(scope="module")
def figure() -> Figure:
    return Figure(counted(plan(CASES, SEED, INSTRUMENT)), INSTRUMENT)


def test_no_discharged_pack_is_allowed(figure) -> None:
    assert figure.total.n + figure.total.not_drawn >= CASES
    assert (figure.total.count, figure.counts.cases) == (0, [])


def test_few_good_packs_are_refused(figure) -> None:
    assert [share.name for share in figure.refused() if share.missed] == []
    assert figure.reached


def test_each_kind_pack_and_fault_is_there(figure) -> None:
    for group in (DISCHARGED, APART):
        names = {kind.name for kind in KINDS.values() if kind.group == group}
        shares = figure.allowed(group, "kind")
        assert {share.name for share in shares} == names
        # Overwork makes few: the figure says how many it didn't.
        assert all(share.n for share in shares if not share.name.startswith("recovered"))
    supported = {name for name, kind in pack_kinds().items() if not kind.unsupported}
    assert {share.name for share in figure.allowed(DISCHARGED, "pack")} == supported
    on_top = {share.name for share in figure.allowed(DISCHARGED, "fault")}
    assert on_top == {*faults.FAULTS, "none"}


def test_unsupported_packs_are_counted_and_never_dropped(figure) -> None:
    unsupported = {name for name, kind in pack_kinds().items() if kind.unsupported}
    shares = figure.allowed(UNSUPPORTED, "pack")
    assert {share.name for share in shares} == unsupported
    assert all(share.n + share.not_drawn for share in shares)


def only(kind: str, cases: int, observer: str = INSTRUMENT):
    return [task for task in plan(20_000, SEED, observer) if task.kind == kind][: cases // 40]


def test_a_diagnostic_that_ignores_the_voltage_is_found() -> None:
    counts = counted(only("barely discharged", 40), firmware=altered.blind_to_voltage)
    assert sum(counts.allowed.values()) > 5


def test_one_that_ignores_the_latch_is_found() -> None:
    kind = "latched, looks good again"
    counts = counted(only(kind, 40), firmware=altered.forgetful)
    assert sum(counts.allowed.values()) > 5
    assert not sum(counted(only(kind, 40)).allowed.values())


def test_one_that_blinks_after_a_reset_is_found_by_a_person() -> None:
    """An instrument sees the reset itself; a person sees only lights."""
    tasks = only("barely discharged", 120, PERSON)
    counts = counted(tasks, firmware=altered.red_after_a_reset)
    allowed = {row.fault for row, count in counts.allowed.items() if count}
    assert any("reset" in fault for fault in allowed)


def test_results_hang_on_neither_order_nor_pieces() -> None:
    tasks = [task for task in plan(1, SEED, PERSON) if task.group == GOOD]
    assert counted(tasks) == counted(tasks)
    one, *_ = tasks
    pieces = [
        carry_out(type(one)(one.group, one.kind, one.packs, start, start + 2, SEED, PERSON))
        for start in (2, 0)
    ]
    together = Counts()
    for piece in pieces:
        together.add(piece)
    assert together == carry_out(one)


def test_a_case_is_gone_through_again_by_its_label() -> None:
    label = Label("reversed in the cold", "alkaline-4s", 3, SEED)
    first, again = run_case(label, PERSON), run_case(parse_label(str(label), SEED), PERSON)
    assert first.describe() == again.describe()
    assert first.diagnosis is not None
    assert again.diagnosis is not None
    assert first.diagnosis.traces == again.diagnosis.traces


@pytest.mark.parametrize("text", ["", "x:y", "x:cr2-2s:1", "recovered:x:1", "recovered:cr2-2s:"])
def test_a_wrong_label_says_what_is_expected(text) -> None:
    with pytest.raises(ValueError, match="expected"):
        parse_label(text, SEED)


def test_the_unit_takes_what_is_said_to_be_stored() -> None:
    """Else it would latch a suspicion at boot, and every figure would look good."""
    for memory in UNSUSPECTING:
        hand = Hand(board=HandBoard())
        hand.board.stored.update(memory)
        hand.boot()
        assert not hand.unit.battery.suspected()
    hand.board.stored.update(stored(CHANGE_NOW))
    hand.boot()
    assert LEVELS[hand.unit.battery.level] == "CHANGE_NOW"


def test_every_instant_of_the_sequence_is_reset_once() -> None:
    instants = Counter(faults._instant(index) for index in range(faults.SEQUENCE_MS + 1))
    assert set(instants) == set(range(faults.SEQUENCE_MS + 1))
    assert set(instants.values()) == {1}
