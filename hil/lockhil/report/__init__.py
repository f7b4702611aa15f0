"""The conformance report: what ran, what was measured beside which limit, and what was proved.

It runs no test and decides no outcome; whoever ran the tests hands the results in.
"""

from lockhil.report.matrix import requirement_matrix
from lockhil.report.model import (
    Firmware,
    Measurement,
    NotAReportError,
    Report,
    Result,
    Target,
    dump,
    load,
)

__all__ = [
    "Firmware",
    "Measurement",
    "NotAReportError",
    "Report",
    "Result",
    "Target",
    "dump",
    "load",
    "requirement_matrix",
]
