"""The lock unit's core: a reactor that is fed events and says when it next has to run.

It has no clock, pins, radio or files of its own, and uses integers only: `board.Board` is all it
knows of the world.
"""

VERSION = "0.1.0"
