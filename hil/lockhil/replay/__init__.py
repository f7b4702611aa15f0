"""Driving a unit with the stimuli of a trace, and comparing what it did with what the trace shows.

`plan` reads the stimuli out of a trace, `drive` does them to a target, `compare` tells the
difference; nothing in here prints.
"""
