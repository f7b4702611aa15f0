"""The probe: a second board wired to a unit, as hands, eyes and power of the conformance suite.

What runs on that board stands in `onboard/`; here is the host's side. docs/probe.md tells how both
are wired, and what such a bench can't do.
"""
