"""What a cell can deliver, against the cell itself emptied by hand."""

import pytest

from locksim.packs.deliverable import (
    DISCHARGED_SHARE,
    LOAD_MS,
    deliverable_mah,
    discharged,
    gone_share,
)
from locksim.packs.load import kinds
from locksim.packs.slot import Buffer, Slot

HOUR = 3_600_000


@pytest.mark.parametrize("name", ["cr2-2s", "alkaline-4s", "l91-4s"])
def test_a_cell_emptied_by_pulses_is_empty_where_the_formula_says(name: str) -> None:
    """One diagnostic's load after another, each after a day's rest, until it falls to empty_mv."""
    kind = kinds()[name]
    profile = kind.profile
    slot = Slot(kind.new_cell(used=0.6))
    now = 0
    slot.carry(now, 0, 20)
    while True:
        slot.carry(now, profile.load_ma, 20)
        now += LOAD_MS
        if slot.mv(now) <= profile.empty_mv:
            break
        slot.carry(now, 0, 20)
        # 15 minutes of 20 mA: what a few thousand further pulses would take.
        slot.carry(now + HOUR, 20, 20)
        slot.carry(now + HOUR + HOUR // 4, 0, 20)
        now += 25 * HOUR
    assert gone_share(slot, profile, now) == pytest.approx(1.0, abs=0.01)
    assert discharged(slot, profile, now)


def test_share_counts_from_its_own_capacity_and_resistance() -> None:
    kind = kinds()["cr2-2s"]
    whole = deliverable_mah(Slot(kind.new_cell()), kind.profile)
    assert 0.5 * kind.law().capacity_mah < whole <= kind.law().capacity_mah
    assert deliverable_mah(Slot(kind.new_cell(resistance=1.5)), kind.profile) < whole
    # The same current is more for a smaller cell.
    smaller = deliverable_mah(Slot(kind.new_cell(capacity=0.5)), kind.profile)
    assert 0.45 * whole < smaller < whole / 2
    share = whole / kind.law().capacity_mah
    slot = Slot(kind.new_cell(used=share * (DISCHARGED_SHARE - 0.001)))
    assert not discharged(slot, kind.profile, 0)
    slot = Slot(kind.new_cell(used=share * (DISCHARGED_SHARE + 0.001)))
    assert discharged(slot, kind.profile, 0)


def test_one_that_was_reversed_is_discharged_whatever_is_left() -> None:
    kind = kinds()["cr2-2s"]
    slot = Slot(kind.new_cell())
    slot.cell.reversed = True
    assert discharged(slot, kind.profile, 0)


def test_without_its_buffer_a_bobbin_cell_delivers_less() -> None:
    kind = kinds()["li-socl2-d-2s"]
    bare = deliverable_mah(Slot(kind.new_cell()), kind.profile)
    buffered = deliverable_mah(Slot(kind.new_cell(), buffer=Buffer(50, 20, 0)), kind.profile)
    assert bare < buffered
