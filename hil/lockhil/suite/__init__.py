"""The conformance suite: what a unit owes the routines, as tests that name the requirements.

It drives a unit through a bench and its link alone, and knows nothing of how one works inside.
"""

# What a run of it exits with when a target can't be reached any more; pytest itself ends at 5.
# Here, so that who starts a run needn't load pytest.
CONTACT_LOST = 64
