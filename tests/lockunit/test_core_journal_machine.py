"""The journal against a plain reference: whatever happens in whatever order, nothing is silent."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from lockunit.journal import DONE, FUTURE, REFUSED_BY_STORAGE
from lockunit.records import SIZE
from tests.lockunit.journals import Cut, TornBoard, add_event, boot, read, small


class JournalMachine(RuleBasedStateMachine):
    """What was answered, by number; what may be there besides; what is known to be broken."""

    def __init__(self) -> None:
        super().__init__()
        self.sizes = small()
        self.sizes.__enter__()

    def teardown(self) -> None:
        self.sizes.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        self.board = TornBoard()
        self.journal = boot(self.board)
        self.events = 0
        self.answered: dict[int, int] = {}
        self.uncertain: set[int] = set()
        self.acked = 0
        self.refused = 0
        self.broken: set[int] = set()
        # What ever was: a boot on it goes round it, also if the bit turns back later.
        self.ever: set[int] = set()
        self.upset = False

    def written(self) -> None:
        """One more event; the reference keeps it if the journal says that it is there."""
        self.events += 1
        before = self.journal.refused
        add_event(self.journal, self.events)
        if self.journal.refused <= before and not self.journal._doubtful:
            self.answered[self.journal.next - 1] = self.events
        else:
            self.refused += 1
            self.uncertain.add(self.events)

    @rule(count=st.integers(1, 9))
    def add(self, count: int) -> None:
        for _ in range(count):
            self.written()

    @rule()
    def reset(self) -> None:
        self.journal = boot(self.board)

    @rule(writes=st.integers(0, 5), kept=st.integers(0, SIZE), ack=st.booleans())
    def cut(self, writes: int, kept: int, ack: bool) -> None:
        """The power goes in the middle of some write, and again while it boots."""
        self.board.cut_in, self.board.kept = writes, kept
        try:
            for _ in range(6):
                if ack:
                    self.acked = max(self.acked, self.journal.next - 1)
                    self.journal.acknowledge(0, self.journal.next - 1)
                self.written()
        except Cut:
            self.uncertain.add(self.events)
        for again in (1, None):
            self.board.cut_in = again
            try:
                self.journal = boot(self.board)
            except Cut:
                continue

    @rule(count=st.integers(1, 5), writes=st.integers(0, 3), reset=st.booleans())
    def full(self, count: int, writes: int, reset: bool) -> None:
        """The storage refuses for a while."""
        self.board.refuses = writes
        self.add(count)
        if reset:
            self.reset()
            self.upset = True
        self.board.refuses = None
        self.written()
        assert self.journal.refused == 0, "the storage takes it again, and nobody tells"

    @rule(back=st.integers(0, 12))
    def acknowledge(self, back: int) -> None:
        last = self.journal.next - 1
        upto = max(0, last - back)
        for _ in range(2):
            assert self.journal.acknowledge(0, upto) == DONE
            assert upto <= self.journal.acked <= max(self.acked, upto)
        self.acked = max(self.acked, upto)

    @rule(ahead=st.integers(0, 3))
    def acknowledge_the_future(self, ahead: int) -> None:
        before = self.journal.next
        assert self.journal.acknowledge(0, before + ahead) == FUTURE
        assert self.journal.next == before

    @rule(back=st.integers(0, 5))
    def acknowledge_on_a_full_disk(self, back: int) -> None:
        self.board.refuses = 0
        upto = max(0, self.journal.next - 1 - back)
        known = upto <= self.journal.acked
        assert self.journal.acknowledge(0, upto) == (DONE if known else REFUSED_BY_STORAGE)
        # Asked again it isn't taken for done.
        assert self.journal.acknowledge(0, upto) == (DONE if known else REFUSED_BY_STORAGE)
        self.acked = max(self.acked, upto)
        self.board.refuses = None
        self.reset()
        # Asked again it is taken.
        assert self.journal.acknowledge(0, upto) == DONE
        self.upset = True

    @rule(back=st.integers(0, 5), writes=st.none() | st.integers(0, 4), kept=st.integers(0, SIZE))
    def acknowledge_without_a_free_block(self, back: int, writes: int | None, kept: int) -> None:
        """What is small can be stored still: nothing is missed, wherever power goes."""
        upto = max(0, self.journal.next - 1 - back)
        self.acked = max(self.acked, upto)
        self.board.full = True
        self.board.cut_in, self.board.kept = writes, kept
        try:
            assert self.journal.acknowledge(0, upto) == DONE
            stands = upto
        except Cut:
            stands = 0
        self.board.cut_in, self.board.full = None, False
        self.reset()
        # A damaged record may be the one that told it.
        assert self.broken or self.journal.acked >= stands, "it was taken, and is forgotten"

    @precondition(lambda self: self.journal.segments.firsts())
    @rule(segment=st.integers(0, 2), place=st.integers(0, 4 * SIZE - 1), bit=st.integers(0, 7))
    def damage(self, segment: int, place: int, bit: int) -> None:
        """One bit of what is stored turns over; the unit boots on it at times."""
        firsts = self.journal.segments.firsts()
        first = firsts[segment % len(firsts)]
        name = f"j{first:08x}"
        data = bytearray(self.board.stored[name])
        place %= len(data)
        data[place] ^= 1 << bit
        self.board.stored[name] = bytes(data)
        self.ever |= {first + place // SIZE}
        self.broken ^= {(first + place // SIZE) * 1_000 + place % SIZE * 8 + bit}
        self.upset = True

    @rule(name=st.sampled_from(["key.journal", "counter.journal"]), how=st.booleans())
    def damage_another(self, name: str, how: bool) -> None:
        """The key's or the counter's file goes, or is corrupt: it is named, in a record."""
        if name not in self.board.stored or self.journal.next == 1:
            return
        if how:
            self.board.stored[name] = self.board.stored[name][:-1]
        else:
            del self.board.stored[name]
        self.reset()
        told = [r.fields for r in read(self.journal, self.board).records.values()]
        thing, fault = name.removesuffix(".journal"), "corrupt" if how else "missing"
        if thing == "key" or how:
            assert {"thing": thing, "fault": fault} in told

    @invariant()
    def nothing_is_silent(self) -> None:
        found = read(self.journal, self.board)
        broken = {mark // 1_000 for mark in self.broken}
        told = [(f.first, f.last) for f in found.findings if f.what == "missing"]
        gone = {n for low, high in (*found.lost, *told) for n in range(low, high + 1)}
        events = found.events()
        for seq, event in self.answered.items():
            assert events.get(seq, event) == event, f"number {seq} was used twice"
            there = seq in events or seq <= self.acked or seq in gone or seq in broken
            assert there, f"record {seq} is gone, and nobody says so"
        others = {event for seq, event in events.items() if seq not in self.answered}
        assert others <= self.uncertain, "a record that nobody wrote"
        assert len(events.values()) == len(set(events.values())), "a record twice"
        if not self.broken and not self.upset:
            assert found.findings == ()
            assert found.verified == len(found.records)
        for finding in found.findings:
            wrong = set(range(finding.first, finding.last + 1))
            near = self.ever | {n + 1 for n in self.ever}
            assert finding.what == "missing" or wrong <= near, finding
        damaged = {n for n in broken if found.held.first <= n <= found.held.last}
        assert damaged.isdisjoint(found.records), "a damaged record passes for a good one"
        assert len(self.journal.segments.firsts()) <= 3


JournalMachine.TestCase.settings = settings(
    stateful_step_count=25,
    max_examples=settings.default.max_examples // 2,
    report_multiple_bugs=False,
)
TestJournalMachine = JournalMachine.TestCase
