"""The world a lock unit lives in: cells, motor, bolt, door and button, in SimPy's virtual time.

It knows nothing of verdicts: what it shows goes into a trace, and others judge that.
"""
