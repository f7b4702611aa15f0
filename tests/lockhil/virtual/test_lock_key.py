"""A unit gets its lock's key on the console; its counter never begins again."""

from lockunit import kept, lockkey, maintenance
from tests.lockhil.virtual.rig import say

KEY = bytes(range(32)).hex()
OTHER = bytes(32).hex()
NAMES = (lockkey.COUNTER_AS, lockkey.EPOCH_AS, lockkey.BACKOFF_AS, lockkey.BOUND_AS)
_MAIN = """
from lockboards import keys
from lockboards.files import Files
try:
    keys.provision_lock(%r, 3, 1_750_000_000)
    say("done")
except ValueError as error:
    say(str(error))
from lockunit import kept, lockkey
files = Files("/data")
say([kept.unpack(files.fetch(name) or b"") for name in %r])
stored = files.fetch(lockkey.STORED_AS)
say("none" if stored is None else lockkey.unpack(stored).hex())
"""


def provisioned(key: str, before: dict[str, bytes]) -> list[object]:
    # A unit that has one lets another program run with its console open alone.
    stored = {**before, maintenance.STORED_AS: maintenance.pack()}
    return say(_MAIN % (key, NAMES), {f"data/{name}": data for name, data in stored.items()})


def test_a_new_unit_gets_all_of_it() -> None:
    assert provisioned(KEY, {}) == ["done", [0, 3, 0, 1_750_000_000], KEY]


def test_a_unit_with_a_key_goes_on_counting() -> None:
    before = dict(lockkey.provisions(bytes(32), 7, 1_700_000_000, 640))
    assert provisioned(KEY, before) == ["done", [640, 3, 0, 1_750_000_000], KEY]


def test_a_key_whose_counter_is_lost_is_not_given_again() -> None:
    before = dict(lockkey.provisions(bytes(32), 7, 1_700_000_000, 640))
    before[lockkey.COUNTER_AS] = b"gone"
    refusal, numbers, key = provisioned(OTHER, before)
    assert "expected another key" in str(refusal)
    assert (numbers, key) == ([kept.NONE, 7, 0, 1_700_000_000], OTHER)
    assert provisioned(KEY, before) == ["done", [0, 3, 0, 1_750_000_000], KEY]


def test_what_is_no_key_is_refused() -> None:
    assert provisioned(KEY[:-2], {})[0] == "expected 32 bytes in hex"
