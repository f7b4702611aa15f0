"""`lockrig clock` on a virtual board's line: what provisioning leaves, a lost power takes."""

import json
import time
from pathlib import Path

from tests.lockrig.plugged import plugged
from tests.lockrig.trace.samples import lockrig

# Both clocks tell whole seconds, and a busy machine takes some between the two.
NEAR_S = 30


def test_provisioning_sets_it_and_a_lost_power_takes_it(
    keys: tuple[str, ...], tmp_path: Path
) -> None:
    with plugged(tmp_path / "data") as board:
        time.sleep(0.5)  # it gets past its first start
        ran = lockrig("provision", f"serial:{board.console}", *keys)
        assert (ran.code, "its clock is set" in ran.err) == (0, True), ran.err
        found = clock(board.link, *keys)
        assert abs(found["now"]["ahead_s"]) < NEAR_S
    with plugged(tmp_path / "data") as board:
        assert clock(board.link, *keys)["now"]["known"] is False
        found = clock(board.link, "--set", *keys)
        assert (found["before"]["known"], found["set"]) == (False, True)
        assert abs(found["now"]["ahead_s"]) < NEAR_S
        out = tmp_path / "service"
        words = ("--role", "service", "--id", "S-1", "--until", "2099-01-01", "--out", out)
        assert lockrig("credential", "T-1", *words, *keys).code == 0
        found = clock(board.link, "--set", "--credential", out)
        assert (found["before"]["known"], found["set"]) == (True, True)


def clock(link: str, *words: object) -> dict[str, dict[str, int]]:
    """What the command tells, once the board is up."""
    for _ in range(10):
        ran = lockrig("clock", f"serial:{link}", "--json", *words)
        if ran.code == 0:
            return dict(json.loads(ran.out))
    raise AssertionError(ran.err)
