"""Scenarios by what somebody typed: a name out of the package, or a file of one's own.

What is wrong with one becomes one line; nothing is simulated here.
"""

import difflib
import os
from pathlib import Path

from lockrig.errors import Exit, LockrigError
from lockrig.targets import one_line
from lockrig.trace.terminal import safe
from locksim.datafile import BadFileError
from locksim.scenarios.load import Scenario, read_scenario, scenarios


def scenario_named(word: str) -> Scenario:
    """The scenario called so, or in the file there. LockrigError (usage)."""
    try:
        if word.endswith(".toml") or os.sep in word:
            return read_scenario(Path(word))
        known = scenarios()
    except BadFileError as error:
        raise LockrigError(one_line(error), Exit.USAGE) from None
    if word not in known:
        near = difflib.get_close_matches(word, known, 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise LockrigError(
            f"expected a scenario's name or a file (*.toml), got {safe(word)!r:.60}; "
            f"`lockrig simulate list` shows the names{hint}",
            Exit.USAGE,
        )
    return known[word]
