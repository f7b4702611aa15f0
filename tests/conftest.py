"""How much hypothesis tries: HYPOTHESIS_PROFILE is ci (the default), full or mutants."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.database import DirectoryBasedExampleDatabase

# Each says all that matters: where the variable CI is set, hypothesis has other defaults.
# The same examples every time, and no limit of time: a slow machine is no fault of ours. But for
# the constants that hypothesis borrows from modules of ours that are loaded by then: a test alone
# may try others than among all, so a failure tells how to repeat it.
settings.register_profile(
    "ci",
    max_examples=100,
    derandomize=True,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
# New examples every time, many of them: `make full`. What failed is tried first the next time.
settings.register_profile(
    "full",
    max_examples=2000,
    derandomize=False,
    deadline=None,
    database=DirectoryBasedExampleDatabase(".hypothesis/examples"),
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
# Whether a fault is noticed is all that is asked there, not the smallest example of it.
settings.register_profile(
    "mutants",
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(autouse=True, scope="session")
def nobodys_boards(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The configuration, boards and locks of whoever runs the tests are none of theirs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("LOCKRIG_CONFIG", raising=False)
        for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
            patch.setenv(name, str(tmp_path_factory.mktemp(name)))
        yield
