"""The rig: targets that reach a lock unit, benches around it, the conformance suite and its report.

It judges nothing itself: verdicts on traces are `lockjudge`'s, and the world is `locksim`'s.
"""
