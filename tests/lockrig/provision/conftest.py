"""Quick where a person or a slow board would be waited for."""

from pathlib import Path

import pytest

from lockhil.boards import repl
from lockrig.keystore.unlock import Unlocker


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    defaults = Unlocker.__init__.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "cost", 1 << 10)
    # A console that stays silent is given up sooner; one that starts has its second.
    monkeypatch.setattr(repl, "_TRIES_S", (0.5, 1))
    monkeypatch.setattr(repl, "_ANSWERS_S", 0.2)


@pytest.fixture
def keys(tmp_path: Path) -> tuple[str, ...]:
    """The options that name a key store of the test's own, and its passphrase."""
    file = tmp_path / "passphrase"
    file.touch(0o600)
    file.write_text("correct horse battery\n")
    return "--keystore", str(tmp_path / "keys" / "store"), "--passphrase-from", str(file)
