"""The instrument: the program of a board that is wired to a unit under test.

It runs on MicroPython, and knows neither the unit's firmware nor what a test wants. Beside it a
board gets two files of `locksim` as they are: its bolt and its motor.
"""

VERSION = "0.1.0"
