"""MicroPython itself onto a chip, from a file that the user has: what that is, and its way there.

What then runs on it, the firmware, is put there by `boards`.
"""
