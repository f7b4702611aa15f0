"""What takes long by nature: a slice of it in every run, all of it by `make full`.

Little is tested there that isn't tested here too, on fewer cases: what takes a minute of the wall's
clock a case, as a bench whose boards are killed, is. `make test` lists all that it left out.
"""

import os
from collections.abc import Iterable

import pytest

FULL = os.environ.get("HYPOTHESIS_PROFILE") == "full"


def slow(why: str) -> pytest.MarkDecorator:
    """Run by `make full` alone."""
    return pytest.mark.skipif(not FULL, reason=f"{why}: run by `make full`")


def sliced(cases: Iterable[object], step: int) -> list[object]:
    """The cases of a parametrized test: the first and each `step`-th in every run."""
    rest = slow(f"one in {step} of its kind is run")
    return [
        pytest.param(case, marks=rest if number % step else ()) for number, case in enumerate(cases)
    ]
