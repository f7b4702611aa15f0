"""Boards with MicroPython, reached over their console: who they are, and the firmware put on them.

Nothing here runs a unit or speaks its link: those are targets.
"""
