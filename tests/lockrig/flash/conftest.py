"""A virtual board starts within a fraction of the time that a real one gets."""

import pytest

from lockhil.boards import running


@pytest.fixture(autouse=True)
def quick_boards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at the console earlier; on a slow machine it is looked at again, later."""
    first, *later = running._QUIET_S
    monkeypatch.setattr(running, "_QUIET_S", (first / 4, *later, *later))
