"""The instrument: the program of a board that is wired to a unit under test.

It runs on MicroPython alone, and knows neither the unit's firmware nor what a test wants. Beside
these files a board gets `locksim`'s `bolt.py` and `motor.py`, as they are.
"""

VERSION = "0.1.0"
