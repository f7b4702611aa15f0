"""Two virtual boards wired to each other, on either clock: a unit, and the probe that is its world.

What nets mean is the probe's and its host's business; here they carry voltages.
"""

from lockhil.virtual.pair.clocks import RealPair, VirtualPair
from lockhil.virtual.pair.place import Begin

__all__ = ["Begin", "RealPair", "VirtualPair"]
