"""A user's folders of the test's own, and boards by name."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lockhil.lab import entries


@pytest.fixture(autouse=True)
def own_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    for name in ("XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.delenv("LOCKRIG_CONFIG", raising=False)
    yield
    entries.use(dict)
