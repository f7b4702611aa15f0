"""Whatever is stored, in whatever order: after a cut each store holds its old or its new."""

from hypothesis import given, settings
from hypothesis import strategies as st

from lockhil.powercut.flash import TORN_MANNERS, Cut, Manner
from lockhil.powercut.life import with_cuts, without_cut
from lockhil.powercut.scenario import Said, Scenario, notified
from lockhil.targets import Target
from tests.full import FULL

Stored = tuple[str, int]
# Lengths on both sides of what LittleFS keeps in the directory, and of a block.
LENGTHS = st.sampled_from([0, 1, 30, 120, 300, 4_096, 6_000])
HISTORIES = st.lists(st.tuples(st.sampled_from("abc"), LENGTHS), min_size=1, max_size=6)

MAIN = """
from lockboards.files import Files
files = Files("/data")
found = {}
for name in "abc":
    data = files.fetch(name)
    if data is not None:
        # Its length, and which it is: all of its bytes say the same.
        found[name] = [len(data), sorted(set(data))]
say("any.found", **found)
if not found:
    for number, (name, length) in enumerate(HISTORY):
        files.store(name, bytes((number,)) * length)
        say("any.stored", number=number)
"""


def _boot(unit: Target) -> None:
    unit.bench.clock.advance(seconds=1)


def _held(history: list[Stored], count: int) -> Said:
    """What is found after the first `count` of them."""
    held: Said = {}
    for number, (name, length) in enumerate(history[:count]):
        held[name] = [length, [number] if length else []]
    return held


@given(HISTORIES, st.integers(0, 999), st.sampled_from([*TORN_MANNERS, Manner.END]))
@settings(max_examples=200 if FULL else 6)
def test_each_store_holds_its_old_or_its_new(
    history: list[Stored], place: int, manner: Manner
) -> None:
    scenario = Scenario("any", "stores in any order", _boot, main=f"HISTORY = {history}\n{MAIN}")
    image = scenario.image(None)
    uncut = without_cut(scenario, image)
    assert not uncut.died
    at = 0 if manner == Manner.END else 1 + place % uncut.operations
    after = with_cuts(scenario, image, uncut, (Cut(manner, at),))
    assert not after.died
    assert after.opened == "done"
    assert after.hello["refused"] == []
    (found,) = notified(after.said, "any.found")
    done = len(notified(after.told, "any.stored"))
    assert found in (_held(history, done), _held(history, done + 1))
