"""Quick where a person or a slow board would be waited for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lockhil.boards import repl
from lockrig.keystore.unlock import Unlocker


@pytest.fixture(autouse=True, scope="module")
def quick() -> Iterator[None]:
    defaults = Unlocker.__init__.__kwdefaults__
    assert defaults is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(defaults, "cost", 1 << 10)
        # A console that stays silent is given up sooner; one that starts has its second.
        patch.setattr(repl, "_TRIES_S", (0.5, 0.5))
        patch.setattr(repl, "_ANSWERS_S", 0.2)
        yield


@pytest.fixture
def keys(tmp_path: Path) -> tuple[str, ...]:
    """The options that name a key store of the test's own, and its passphrase."""
    return keys_in(tmp_path)


def keys_in(folder: Path) -> tuple[str, ...]:
    """The same, in this folder."""
    file = folder / "passphrase"
    file.touch(0o600)
    file.write_text("correct horse battery\n")
    return "--keystore", str(folder / "keys" / "store"), "--passphrase-from", str(file)
