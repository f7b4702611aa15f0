"""The conformance suite: what a unit owes the routines, as tests that name the requirements.

It drives a unit through a bench and its link alone, and knows nothing of how one works inside.
"""
