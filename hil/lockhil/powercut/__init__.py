"""The power-cut sweep: power goes at every write to a unit's flash, and the unit comes back whole.

It cuts and looks; what a unit owes its people after a cut are the invariants, which say for which
requirement they speak.
"""
