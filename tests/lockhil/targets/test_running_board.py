"""The target `virtual:NAME`: a board that `lockrig virtual NAME` runs, by its link."""

from pathlib import Path

import pytest

from lockhil.bench import NotOnThisBenchError
from lockhil.targets import open_target
from lockhil.targets.realclock import ContactLostError
from tests.lockrig.plugged import plugged


def test_a_board_that_runs_is_reached_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with plugged(tmp_path, name="B-7"):
        with open_target("virtual:B-7") as unit:
            assert unit.unit_id == "B-7"
            assert unit.link.call("bolt.state")["state"] == "LOCKED"
            with pytest.raises(NotOnThisBenchError, match="no probe"):
                unit.bench.press()
        with (
            pytest.raises(NotOnThisBenchError, match="begins with pack='weak'"),
            open_target("virtual:B-7", pack="weak"),
        ):
            pass
    with pytest.raises(ContactLostError, match="start it: lockrig virtual B-7"):
        open_target("virtual:B-7").__enter__()
