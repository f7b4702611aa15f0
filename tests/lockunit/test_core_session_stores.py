"""What is stored for sessions, byte by byte, and what a unit says of a store that it refuses."""

import pytest

from lockunit import lockkey
from tests.lockunit.sealed import KEY, START_S, Bed

# As units in the field have it: whatever firmware comes next has to read it.
STORED = {
    "counter.session": "40000000218750ba",
    "epoch.session": "03000000f270f133",
    "backoff.session": "000000001cdf4421",
    "bound.session": "80e14e685158ae49",
    "key.lock": "01" + KEY.hex() + "4da138c1",
}
A_NUMBER = "expected a number with its checksum"
A_KEY = "expected a key with its checksum"
NO_KEY = "expected a key beside what is kept of sessions"


def test_a_unit_is_given_its_key_as_units_have_it() -> None:
    given = lockkey.provisions(KEY, 3, START_S, 64)
    assert [(name, data.hex()) for name, data in given] == list(STORED.items())


def test_a_new_units_counter_begins_at_its_first_number() -> None:
    assert lockkey.provisions(KEY, 1, START_S) == lockkey.provisions(KEY, 1, START_S, 0)


def refused(bed: Bed, name: str, content: bytes | None) -> tuple[tuple[str, str], ...]:
    """What the unit says at its next start, with this in the place of what it stored."""
    if content is None:
        del bed.board.stored[name]
    else:
        bed.board.stored[name] = content
    bed.boot()
    return bed.board.refused


@pytest.mark.parametrize(
    "name",
    [lockkey.COUNTER_AS, lockkey.EPOCH_AS, lockkey.BACKOFF_AS, lockkey.BOUND_AS],
)
@pytest.mark.parametrize("content", [None, b"nonsense"])
def test_a_number_that_isnt_whole_is_named_with_what_was_expected(
    name: str, content: bytes | None
) -> None:
    assert refused(Bed(), name, content) == ((name, A_NUMBER),)


def test_a_key_that_isnt_whole_is_named_with_what_was_expected() -> None:
    assert refused(Bed(), lockkey.STORED_AS, b"nonsense") == ((lockkey.STORED_AS, A_KEY),)


def test_a_key_that_is_gone_is_named_with_what_was_expected() -> None:
    assert refused(Bed(), lockkey.STORED_AS, None) == ((lockkey.STORED_AS, NO_KEY),)


def test_a_damaged_key_alone_opens_the_unit_to_nobody() -> None:
    # Whatever else was removed with it: a unit that had a key is no development unit.
    bed = Bed(key=False)
    assert refused(bed, lockkey.STORED_AS, b"nonsense") == ((lockkey.STORED_AS, A_KEY),)
    assert (bed.access.state, bed.access.development) == ("STORAGE", False)
