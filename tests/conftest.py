"""How much hypothesis tries: HYPOTHESIS_PROFILE is ci (the default), full or mutants."""

import os

from hypothesis import HealthCheck, Phase, settings

# The same examples every time, and no limit of time: a slow machine is no fault of ours.
settings.register_profile("ci", derandomize=True, deadline=None, database=None)
# New examples every time, many of them: `make full`.
settings.register_profile(
    "full",
    max_examples=2000,
    deadline=None,
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
